//! Values as bytes: the constants of compiled flows, saved machines, and what goes in and out of single expressions.
//!
//! One tag byte, then numbers as LEB128 and text with its length in front. Not a format for storage across versions.

use crate::{Duration, Key, Map, Timestamp, Value};
use std::sync::Arc;

/// How deep lists, maps and optionals may nest in what is read.
pub const MAX_DEPTH: u32 = 512;

/// Appends a value.
pub fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(tag::NULL),
        Value::Bool(b) => out.push(if *b { tag::TRUE } else { tag::FALSE }),
        Value::Int(i) => write_int(*i, out),
        Value::Uint(u) => write_uint(*u, out),
        Value::Double(d) => {
            out.push(tag::DOUBLE);
            out.extend_from_slice(&d.to_le_bytes());
        }
        Value::String(text) => write_bytes(tag::STRING, text.as_bytes(), out),
        Value::Bytes(bytes) => write_bytes(tag::BYTES, bytes, out),
        Value::List(list) => {
            out.push(tag::LIST);
            number(list.len() as u128, out);
            list.iter().for_each(|value| write(value, out));
        }
        Value::Map(map) => {
            out.push(tag::MAP);
            number(map.entries.len() as u128, out);
            for (key, value) in &map.entries {
                write_key(key, out);
                write(value, out);
            }
        }
        Value::Timestamp(t) => write_signed(tag::TIMESTAMP, t.nanos, out),
        Value::Duration(d) => write_signed(tag::DURATION, d.nanos, out),
        Value::Type(name) => write_bytes(tag::TYPE, name.as_bytes(), out),
        Value::Optional(None) => out.push(tag::NONE),
        Value::Optional(Some(value)) => {
            out.push(tag::SOME);
            write(value, out);
        }
    }
}

/// Reads one value from the front of `bytes` and moves past it; None if the bytes are not a value.
pub fn read(bytes: &mut &[u8]) -> Option<Value> {
    read_at(bytes, MAX_DEPTH)
}

/// Reads an unsigned LEB128 number, as used for counts.
pub fn read_number(bytes: &mut &[u8]) -> Option<u128> {
    // Nearly all numbers are one byte, and 128 bits are much work where a machine has 32.
    match bytes.split_first() {
        Some((byte, rest)) if *byte < 0x80 => {
            *bytes = rest;
            Some(u128::from(*byte))
        }
        _ => read_long_number(bytes),
    }
}

#[cold]
fn read_long_number(bytes: &mut &[u8]) -> Option<u128> {
    let mut result = 0u128;
    for shift in (0..19).map(|i| i * 7) {
        let byte = read_byte(bytes)?;
        result |= u128::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(result);
        }
    }
    None
}

/// Appends an unsigned LEB128 number.
pub fn number(mut value: u128, out: &mut Vec<u8>) {
    if let Ok(byte @ 0..0x80) = u8::try_from(value) {
        return out.push(byte);
    }
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

mod tag {
    pub const NULL: u8 = 0;
    pub const FALSE: u8 = 1;
    pub const TRUE: u8 = 2;
    pub const INT: u8 = 3;
    pub const UINT: u8 = 4;
    pub const DOUBLE: u8 = 5;
    pub const STRING: u8 = 6;
    pub const BYTES: u8 = 7;
    pub const LIST: u8 = 8;
    pub const MAP: u8 = 9;
    pub const TIMESTAMP: u8 = 10;
    pub const DURATION: u8 = 11;
    pub const TYPE: u8 = 12;
    pub const NONE: u8 = 13;
    pub const SOME: u8 = 14;
}

fn write_key(key: &Key, out: &mut Vec<u8>) {
    match key {
        Key::Bool(b) => out.push(if *b { tag::TRUE } else { tag::FALSE }),
        Key::Int(i) => write_int(*i, out),
        Key::Uint(u) => write_uint(*u, out),
        Key::String(text) => write_bytes(tag::STRING, text.as_bytes(), out),
    }
}

fn write_int(value: i64, out: &mut Vec<u8>) {
    write_signed(tag::INT, value.into(), out);
}

fn write_uint(value: u64, out: &mut Vec<u8>) {
    out.push(tag::UINT);
    number(value.into(), out);
}

fn write_signed(tag: u8, value: i128, out: &mut Vec<u8>) {
    out.push(tag);
    number(((value << 1) ^ (value >> 127)) as u128, out);
}

fn write_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    number(bytes.len() as u128, out);
    out.extend_from_slice(bytes);
}

fn read_at(bytes: &mut &[u8], depth: u32) -> Option<Value> {
    let tag = read_byte(bytes)?;
    Some(match tag {
        tag::NULL => Value::Null,
        tag::DOUBLE => Value::Double(f64::from_le_bytes(take(bytes, 8)?.try_into().ok()?)),
        tag::BYTES => Value::Bytes(read_slice(bytes)?.into()),
        tag::LIST => Value::List(read_list(bytes, depth.checked_sub(1)?)?),
        tag::MAP => Value::Map(Arc::new(Map { entries: read_entries(bytes, depth.checked_sub(1)?)? })),
        tag::TIMESTAMP => Value::Timestamp(Timestamp { nanos: read_signed(bytes)? }),
        tag::DURATION => Value::Duration(Duration { nanos: read_signed(bytes)? }),
        tag::TYPE => Value::Type(read_text(bytes)?),
        tag::NONE => Value::Optional(None),
        tag::SOME => Value::Optional(Some(Arc::new(read_at(bytes, depth.checked_sub(1)?)?))),
        _ => match read_key(tag, bytes)? {
            Key::Bool(b) => Value::Bool(b),
            Key::Int(i) => Value::Int(i),
            Key::Uint(u) => Value::Uint(u),
            Key::String(text) => Value::String(text),
        },
    })
}

fn read_key(tag: u8, bytes: &mut &[u8]) -> Option<Key> {
    Some(match tag {
        tag::FALSE => Key::Bool(false),
        tag::TRUE => Key::Bool(true),
        tag::INT => Key::Int(read_signed(bytes)?.try_into().ok()?),
        tag::UINT => Key::Uint(read_number(bytes)?.try_into().ok()?),
        tag::STRING => Key::String(read_text(bytes)?),
        _ => return None,
    })
}

fn read_list(bytes: &mut &[u8], depth: u32) -> Option<Arc<[Value]>> {
    let count = read_count(bytes)?;
    (0..count).map(|_| read_at(bytes, depth)).collect()
}

fn read_entries(bytes: &mut &[u8], depth: u32) -> Option<Vec<(Key, Value)>> {
    let count = read_count(bytes)?;
    let entry = |_| {
        let tag = read_byte(bytes)?;
        Some((read_key(tag, bytes)?, read_at(bytes, depth)?))
    };
    (0..count).map(entry).collect()
}

/// A count is believed only as far as there are bytes for it.
fn read_count(bytes: &mut &[u8]) -> Option<usize> {
    let count = usize::try_from(read_number(bytes)?).ok()?;
    (count <= bytes.len()).then_some(count)
}

fn read_signed(bytes: &mut &[u8]) -> Option<i128> {
    let raw = read_number(bytes)?;
    Some((raw >> 1) as i128 ^ -((raw & 1) as i128))
}

fn read_text(bytes: &mut &[u8]) -> Option<Arc<str>> {
    Some(std::str::from_utf8(read_slice(bytes)?).ok()?.into())
}

fn read_slice<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = read_count(bytes)?;
    take(bytes, length)
}

fn read_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (front, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(front)
}
