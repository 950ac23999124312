//! Whole numbers in bases 2 to 36.

use crate::Error;

pub fn write(value: i64, base: u8) -> Result<String, Error> {
    let base = u64::from(known(base)?);
    let mut rest = value.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit((rest % base) as u32, 36));
        rest /= base;
        if rest == 0 {
            break;
        }
    }
    digits.extend((value < 0).then_some('-'));
    Ok(digits.into_iter().rev().collect())
}

pub fn read(text: &str, base: u8) -> Result<i64, Error> {
    let base = u32::from(known(base)?);
    i64::from_str_radix(text.trim(), base).map_err(|error| match error.kind() {
        std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
            Error::OutOfRange("the number does not fit in 64 bits".into())
        }
        _ => Error::NotANumber(format!("`{}` is not a whole number in base {base}", text.chars().take(40).collect::<String>())),
    })
}

fn known(base: u8) -> Result<u8, Error> {
    if (2..=36).contains(&base) { Ok(base) } else { Err(Error::Invalid(format!("there is no base {base}; it is 2 to 36"))) }
}
