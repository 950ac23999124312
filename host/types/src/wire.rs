//! A type as bytes, for the runtime inside a compiled flow. Docs and type names are left out: only what the mapping needs.
//!
//! One byte says which type; parts follow. Counts and lengths are LEB128. A name whose JSON form is its snake_case is written once.

use crate::names::snake;
use crate::{Case, Field, Labels, MAX_DEPTH, Type, Variant};
use std::sync::Arc;

const SCALARS: [Type; 17] = [
    Type::Bool,
    Type::S8,
    Type::S16,
    Type::S32,
    Type::S64,
    Type::U8,
    Type::U16,
    Type::U32,
    Type::U64,
    Type::F32,
    Type::F64,
    Type::Char,
    Type::String,
    Type::Json,
    Type::Datetime,
    Type::Duration,
    Type::Blob,
];
const LIST: u8 = 32;
const OPTION: u8 = 33;
const RESULT: u8 = 34;
const TUPLE: u8 = 35;
const RECORD: u8 = 36;
const VARIANT: u8 = 37;
const ENUM: u8 = 38;
const FLAGS: u8 = 39;

/// Appends the type's bytes. The same type gives the same bytes, always.
pub fn write(ty: &Type, out: &mut Vec<u8>) {
    match ty {
        Type::List(of) => {
            out.push(LIST);
            write(of, out);
        }
        Type::Option(of) => {
            out.push(OPTION);
            write(of, out);
        }
        Type::Result(of) => {
            out.push(RESULT);
            maybe(of.ok.as_ref(), out);
            maybe(of.err.as_ref(), out);
        }
        Type::Tuple(of) => {
            out.push(TUPLE);
            number(of.len(), out);
            of.iter().for_each(|ty| write(ty, out));
        }
        Type::Record(of) => {
            out.push(RECORD);
            number(of.fields.len(), out);
            for field in &of.fields {
                name(&field.name, &field.json, out);
                write(&field.ty, out);
            }
        }
        Type::Variant(of) => {
            out.push(VARIANT);
            number(of.cases.len(), out);
            for case in &of.cases {
                name(&case.name, &case.json, out);
                maybe(case.ty.as_ref(), out);
            }
        }
        Type::Enum(of) => labels(ENUM, of, out),
        Type::Flags(of) => labels(FLAGS, of, out),
        scalar => {
            let tag = SCALARS.iter().position(|known| known == scalar);
            out.push(tag.expect("every type without parts is in the table") as u8);
        }
    }
}

fn maybe(ty: Option<&Type>, out: &mut Vec<u8>) {
    out.push(u8::from(ty.is_some()));
    if let Some(ty) = ty {
        write(ty, out);
    }
}

fn labels(tag: u8, of: &Labels, out: &mut Vec<u8>) {
    out.push(tag);
    number(of.labels.len(), out);
    of.labels.iter().for_each(|(wit, json)| name(wit, json, out));
}

fn name(wit: &str, json: &str, out: &mut Vec<u8>) {
    text(wit, out);
    let derived = *snake(wit) == *json;
    out.push(u8::from(!derived));
    if !derived {
        text(json, out);
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn number(mut number: usize, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads one type from the start of `bytes`; answers it and how many bytes it took. None if they are not what [`write`] made.
pub fn read(bytes: &[u8]) -> Option<(Type, usize)> {
    let mut from = From { bytes, at: 0 };
    let ty = from.ty(0)?;
    Some((ty, from.at))
}

struct From<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl From<'_> {
    fn ty(&mut self, depth: usize) -> Option<Type> {
        if depth > MAX_DEPTH {
            return None;
        }
        let depth = depth + 1;
        let tag = self.byte()?;
        Some(match tag {
            LIST => Type::list(self.ty(depth)?),
            OPTION => Type::option(self.ty(depth)?),
            RESULT => Type::result(self.maybe(depth)?, self.maybe(depth)?),
            TUPLE => Type::tuple(self.many(|from| from.ty(depth))?),
            RECORD => Type::record(self.many(|from| {
                let (name, json) = from.name()?;
                Some(Field { name, json, ty: from.ty(depth)?, docs: None })
            })?),
            VARIANT => {
                let cases = self.many(|from| {
                    let (name, json) = from.name()?;
                    Some(Case { name, json, ty: from.maybe(depth)?, docs: None })
                })?;
                Type::Variant(Arc::new(Variant { name: None, cases }))
            }
            ENUM => Type::Enum(Arc::new(self.labels()?)),
            FLAGS => Type::Flags(Arc::new(self.labels()?)),
            scalar => SCALARS.get(usize::from(scalar))?.clone(),
        })
    }

    fn maybe(&mut self, depth: usize) -> Option<Option<Type>> {
        match self.byte()? {
            0 => Some(None),
            1 => self.ty(depth).map(Some),
            _ => None,
        }
    }

    fn labels(&mut self) -> Option<Labels> {
        Some(Labels { name: None, labels: self.many(From::name)? })
    }

    /// A count, and as many parts. Each part takes at least one byte, so the count cannot ask for more memory than was given.
    fn many<T>(&mut self, mut part: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        if count > self.bytes.len() - self.at {
            return None;
        }
        (0..count).map(|_| part(self)).collect()
    }

    fn name(&mut self) -> Option<(Arc<str>, Arc<str>)> {
        let wit: Arc<str> = self.text()?.into();
        let json = match self.byte()? {
            0 => snake(&wit),
            1 => self.text()?.into(),
            _ => return None,
        };
        Some((wit, json))
    }

    fn text(&mut self) -> Option<&str> {
        let length = self.number()?;
        let bytes = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        std::str::from_utf8(bytes).ok()
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0usize;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }
}
