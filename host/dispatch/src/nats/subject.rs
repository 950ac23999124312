//! Names as parts of subjects: what has a meaning there, or could not stand there, is written as `=XX`.

use std::fmt::Write as _;

/// One part of a subject; different names give different parts.
pub(super) fn part(name: &str) -> String {
    let mut part = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            part.push(char::from(byte));
        } else {
            write!(part, "={byte:02X}").expect("writing to a string does not fail");
        }
    }
    part
}

/// The name that a part was made of.
pub(super) fn name(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_and_mean_nothing_to_the_server() {
        for text in ["run-1_a", "a.b", "*", ">", "a b", "=", "ä", "=2E"] {
            let written = part(text);
            assert!(written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte)), "{written}");
            assert_eq!(name(&written).as_deref(), Some(text));
        }
        assert_eq!(name("=4"), None);
        assert_eq!(name("=zz"), None);
        assert_eq!(name("=FF"), None);
    }
}
