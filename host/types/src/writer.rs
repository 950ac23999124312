//! JSON text out of scalars. Knows nothing of types.

use std::fmt::Write;

/// Writes a JSON string with its quotes.
pub fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[from..at]);
        escape(byte, out);
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

fn escape(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('\\');
    match byte {
        b'"' | b'\\' => out.push(byte as char),
        b'\n' => out.push('n'),
        b'\r' => out.push('r'),
        b'\t' => out.push('t'),
        0x08 => out.push('b'),
        0x0c => out.push('f'),
        _ => {
            out.push_str("u00");
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
        }
    }
}

pub fn signed(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    unsigned(number.unsigned_abs(), out);
}

pub fn unsigned(mut number: u64, out: &mut String) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).expect("decimal digits are ASCII"));
}

/// The shortest text that reads back as the same number, always with a fraction or an exponent. The number is finite.
pub fn double(number: f64, out: &mut String) {
    write!(out, "{number:?}").expect("writing to a String succeeds");
}

/// As [`double`], with as many digits as single precision needs.
pub fn single(number: f32, out: &mut String) {
    write!(out, "{number:?}").expect("writing to a String succeeds");
}
