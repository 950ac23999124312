//! Texts of scalars.

/// The shortest decimal that reads back as the same double: plain digits between 1e-7 and 1e21, an exponent beyond,
/// `NaN`, `Infinity`, `-Infinity`.
pub fn double(double: f64) -> String {
    if double.is_nan() {
        return "NaN".into();
    }
    if double.is_infinite() {
        return if double > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    let size = double.abs();
    if size != 0.0 && !(1e-7..1e21).contains(&size) {
        let text = format!("{double:e}");
        return if size < 1.0 { text } else { text.replace('e', "e+") };
    }
    format!("{double}")
}

/// The byte offset of a code point, counted from 0; the end for the count of them. `None` beyond.
pub(crate) fn offset_of(text: &str, code_point: usize) -> Option<usize> {
    text.char_indices().map(|(offset, _)| offset).chain(std::iter::once(text.len())).nth(code_point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_short_and_exact() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0045, "-0.0045"),
            (123.456, "123.456"),
            (1e21, "1e+21"),
            (5e-324, "5e-324"),
            (0.0, "0"),
            (1e20, "100000000000000000000"),
        ] {
            assert_eq!(double(number), text);
        }
    }
}
