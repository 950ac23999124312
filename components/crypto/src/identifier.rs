//! Identifiers: UUIDs of RFC 9562, and random text.

use crate::Error;
use crate::wasi::random::random::get_random_bytes;
use sha1::{Digest, Sha1};

/// RFC 9562's namespace of domain names.
const DNS: [u8; 16] = [0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];
const LETTERS_AND_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

pub fn random() -> String {
    write(random_bytes(), 4)
}

fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    for (byte, random) in bytes.iter_mut().zip(get_random_bytes(16)) {
        *byte = random;
    }
    bytes
}

/// Sets version and variant, and writes the UUID.
fn write(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

pub fn of_name(name: &str, namespace: Option<&str>) -> Result<String, Error> {
    let namespace = match namespace {
        None => DNS,
        Some(text) => read(text).ok_or_else(|| {
            Error::Invalid(format!("the namespace `{}` is not a UUID", text.chars().take(60).collect::<String>()))
        })?,
    };
    let digest = Sha1::new().chain_update(namespace).chain_update(name.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Ok(write(bytes, 5))
}

fn read(text: &str) -> Option<[u8; 16]> {
    let dashes: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
    let digits: String = text.split('-').collect();
    if !(dashes.is_empty() || dashes == [8, 13, 18, 23])
        || digits.len() != 32
        || !digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return None;
    }
    u128::from_str_radix(&digits, 16).ok().map(u128::to_be_bytes)
}

pub fn at(time: &str) -> Result<String, Error> {
    let instant: jiff::Timestamp =
        time.trim().parse().map_err(|_| Error::Invalid("`time` is not a time such as `2026-05-01T12:00:00Z`".into()))?;
    let millis = u64::try_from(instant.as_millisecond()).map_err(|_| Error::Invalid("`time` is before 1970".into()))?;
    let mut bytes = random_bytes();
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    Ok(write(bytes, 7))
}

pub fn token(length: u32, alphabet: Option<&str>) -> Result<String, Error> {
    let letters: Vec<char> = alphabet.unwrap_or(LETTERS_AND_DIGITS).chars().take(257).collect();
    let different: std::collections::BTreeSet<&char> = letters.iter().collect();
    if !(2..=256).contains(&letters.len()) || different.len() != letters.len() {
        return Err(Error::Invalid("`alphabet` has 2 to 256 characters, all different".into()));
    }
    if !(1..=1024).contains(&length) {
        return Err(Error::Invalid(format!("`length` is {length}; it is 1 to 1024")));
    }
    let mut token = String::new();
    let mut left = length as usize;
    while left > 0 {
        let fair = fair_bytes(letters.len(), left);
        token.extend(fair.iter().map(|&byte| letters[usize::from(byte) % letters.len()]));
        left -= fair.len();
    }
    Ok(token)
}

/// Random bytes, at most `wanted`, without those that would make some characters likelier than others.
fn fair_bytes(letters: usize, wanted: usize) -> Vec<u8> {
    let bound = 256 / letters * letters;
    get_random_bytes(2 * wanted as u64).into_iter().filter(|&byte| usize::from(byte) < bound).take(wanted).collect()
}
