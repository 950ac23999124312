//! Rounding numbers as they are written, digit by digit, so that 1.005 is not a little less than itself.

use crate::{Error, Rounding, finite};

/// The shortest decimal digits of a number, without its sign: `digits × 10^exponent`.
struct Decimal {
    digits: Vec<u8>,
    exponent: i32,
}

pub fn round(value: f64, places: i8, rounding: Rounding) -> Result<f64, Error> {
    finite(value)?;
    let negative = value.is_sign_negative();
    let text = format!("{:e}", value.abs());
    let mut decimal = Decimal::read(&text);
    decimal.round(-i32::from(places), rounding, negative);
    let rounded: f64 = decimal.write().parse().expect("digits and an exponent are a number");
    let rounded = finite(rounded)?;
    Ok(if negative && rounded != 0.0 { -rounded } else { rounded })
}

impl Decimal {
    /// Reads what `{:e}` writes: `1.005e0`.
    fn read(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32);
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        Self { digits, exponent: exponent.parse::<i32>().unwrap_or(0) - fraction }
    }

    /// Drops the digits that count less than `10^exponent`.
    fn round(&mut self, exponent: i32, rounding: Rounding, negative: bool) {
        let surplus = usize::try_from(exponent - self.exponent).unwrap_or(0);
        if surplus == 0 {
            return;
        }
        let missing = surplus.saturating_sub(self.digits.len());
        self.digits.splice(0..0, std::iter::repeat_n(0, missing));
        let dropped = self.digits.split_off(self.digits.len() - surplus);
        self.exponent = exponent;
        if goes_up(&self.digits, &dropped, rounding, negative) {
            self.increase();
        }
    }

    fn increase(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
    }

    fn write(&self) -> String {
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        format!("0{digits}e{}", self.exponent)
    }
}

fn goes_up(kept: &[u8], dropped: &[u8], rounding: Rounding, negative: bool) -> bool {
    let something = dropped.iter().any(|&digit| digit != 0);
    let half = dropped.first() == Some(&5) && dropped[1..].iter().all(|&digit| digit == 0);
    let nearer_up = dropped.first().is_some_and(|&digit| digit >= 5);
    match rounding {
        Rounding::HalfUp => nearer_up,
        Rounding::HalfEven => {
            if half {
                kept.last().is_some_and(|digit| digit % 2 == 1)
            } else {
                nearer_up
            }
        }
        Rounding::Floor => negative && something,
        Rounding::Ceiling => !negative && something,
        Rounding::Truncate => false,
    }
}
