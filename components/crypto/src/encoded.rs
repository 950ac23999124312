//! Bytes as text.

use crate::{Encoding, Error};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT.with_encode_padding(false));

pub fn write(bytes: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Encoding::Base64 => STANDARD.encode(bytes),
        Encoding::Base64url => URL.encode(bytes),
    }
}

pub fn read(text: &str, encoding: Encoding) -> Result<Vec<u8>, Error> {
    let text: String = text.split_whitespace().collect();
    match encoding {
        Encoding::Hex => {
            from_hex(text.as_bytes()).ok_or_else(|| Error::BadEncoding("the text is not pairs of hexadecimal digits".into()))
        }
        Encoding::Base64 => STANDARD.decode(text).map_err(bad_base64),
        Encoding::Base64url => URL.decode(text).map_err(bad_base64),
    }
}

fn bad_base64(error: base64::DecodeError) -> Error {
    Error::BadEncoding(format!("the text is not base64: {error}"))
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let pairs = text.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

pub fn text(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes)
        .map_err(|_| Error::NotText("the bytes are not text in UTF-8; `decode-bytes` gives them as they are".into()))
}

/// All but the characters that RFC 3986 calls unreserved.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

pub fn from_percent(text: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let pair = part.as_bytes().get(..2).and_then(from_hex);
        let pair = pair.ok_or_else(|| Error::BadEncoding("after a `%` come two hexadecimal digits".into()))?;
        bytes.extend(pair);
        bytes.extend(&part.as_bytes()[2..]);
    }
    Ok(bytes)
}
