//! Values of any type that are meant to break things: extremes, odd texts, empty and long lists. The same seed gives the same.

use loomwork_types::Type;
use serde_json::{Map, Value, json};

const TEXTS: [&str; 36] = [
    "",
    " ",
    "a",
    "A-b_c d",
    "äöü ß",
    "👩‍👩‍👧 e\u{301}",
    "\0\u{7f}",
    "\r\n\r",
    "\u{feff}x",
    "{",
    "}}{{",
    "{a.b}",
    "(a+)+$",
    "[",
    "\\",
    "(?P<n>.)*",
    "%",
    "%zz",
    "-0",
    "1e999",
    "9223372036854775808",
    "2026-02-30",
    "2026-05-01T12:00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "Europe/Berlin",
    "+99:99",
    "%Y-%Q%",
    "a[*].b",
    "a[",
    "<a><b x='1'>t</b></a>",
    "<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>",
    "div > p:nth-child(2n",
    "| a |\n|---|",
    "\"a,b\nc",
    "http://[::1]:99999/?a=%",
];

/// A small generator of random numbers (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// A value of the type, as JSON.
pub fn value(dice: &mut Dice, ty: &Type, depth: usize) -> Value {
    match ty {
        Type::Bool => Value::from(dice.below(2) == 0),
        Type::S8 => Value::from(dice.pick(&[0, 1, -1, 127, -128])),
        Type::S16 => Value::from(dice.pick(&[0, 1, -1, 2026, i16::MAX, i16::MIN])),
        Type::S32 => Value::from(dice.pick(&[0, 1, -1, 30, i32::MAX, i32::MIN])),
        Type::S64 => Value::from(dice.pick(&[0, 1, -1, 1000, i64::MAX, i64::MIN])),
        Type::U8 => Value::from(dice.pick(&[0, 1, 2, 36, 255])),
        Type::U16 => Value::from(dice.pick(&[0, 1, 200, u16::MAX])),
        Type::U32 => Value::from(dice.pick(&[0, 1, 2, 100, 65_537, u32::MAX])),
        Type::U64 => Value::from(dice.pick(&[0, 1, 1024, u64::MAX])),
        Type::F32 | Type::F64 => dice.pick(&[0.0, -0.0, 1.0, 1.005, -1e-320, 1e300, -1e308, 0.1, 9e15]).into(),
        Type::Char => Value::from(dice.pick(&["a", "\u{301}", "👩"])),
        Type::String => text(dice),
        Type::Json => json(dice, depth),
        Type::Datetime => Value::from(dice.pick(&[
            "2026-05-01T12:00:00Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "2024-02-29T23:59:59.5Z",
            "1969-12-31T23:59:59Z",
        ])),
        Type::Duration => Value::from(dice.pick(&["0s", "1h30m", "-2d", "1ns", "106751d"])),
        Type::Blob => json!({"digest": format!("sha256:{}", "0".repeat(64)), "size": 0, "media_type": "text/plain"}),
        Type::List(of) if **of == Type::U8 => Value::from(dice.pick(&["", "AA==", "/////w=="])),
        Type::List(of) => {
            let length = if depth > 3 { 0 } else { dice.pick(&[0, 1, 2, 5, 40]) };
            Value::Array((0..length).map(|_| value(dice, of, depth + 1)).collect())
        }
        Type::Option(of) => {
            if dice.below(3) == 0 {
                Value::Null
            } else {
                value(dice, of, depth)
            }
        }
        Type::Tuple(of) => Value::Array(of.iter().map(|of| value(dice, of, depth + 1)).collect()),
        Type::Record(of) => {
            Value::Object(of.fields.iter().map(|field| (field.json.to_string(), value(dice, &field.ty, depth + 1))).collect())
        }
        Type::Variant(of) => {
            let case = &of.cases[dice.below(of.cases.len())];
            match &case.ty {
                Some(ty) => json!({ &*case.json: value(dice, ty, depth + 1) }),
                None => Value::from(&*case.json),
            }
        }
        Type::Enum(of) => Value::from(&*of.labels[dice.below(of.labels.len())].1),
        Type::Flags(of) => {
            Value::Array(of.labels.iter().filter(|_| dice.below(2) == 0).map(|(_, json)| Value::from(&**json)).collect())
        }
        Type::Result(_) => Value::Null,
    }
}

fn text(dice: &mut Dice) -> Value {
    let first = dice.pick(&TEXTS);
    match dice.below(4) {
        0 => Value::from(first.repeat(200)),
        1 => Value::from(format!("{first}{}", dice.pick(&TEXTS))),
        _ => Value::from(first),
    }
}

fn json(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth > 4 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => Value::from(dice.below(2) == 0),
        2 => Value::from(dice.pick(&[0, 1, -1, i64::MAX, i64::MIN])),
        3 => Value::from(u64::MAX),
        4 => Value::from(dice.pick(&[0.5, -0.0, 1e300, 1e-300])),
        5 => text(dice),
        6 => Value::Array((0..dice.below(5)).map(|_| json(dice, depth + 1)).collect()),
        7 => Value::Object(
            (0..dice.below(5))
                .map(|_| {
                    (dice.pick(&["a", "b", "", "a.b", "name", "@id", "#text", "children", "0"]).to_owned(), json(dice, depth + 1))
                })
                .collect::<Map<_, _>>(),
        ),
        // Deep, but within what the host takes.
        _ => (0..60).fold(Value::from(1), |inner, at| if at % 2 == 0 { json!([inner]) } else { json!({ "a": inner }) }),
    }
}
