//! Values into a guest: as core WebAssembly arguments, or stored in its memory. The layout is the canonical ABI's.

use super::arguments::field_of;
use loomwork_types::{Labels, Type, Variant, datetime, duration};
use loomwork_value::{Key, Value};
use std::borrow::Cow;
use std::mem::MaybeUninit;
use wasmtime::component::__internal::wasmtime_environ::component::VariantInfo;
use wasmtime::component::__internal::{CanonicalAbiInfo, InterfaceType, LowerContext};
use wasmtime::component::Lower;
use wasmtime::{Result, ValRaw, bail, format_err};

/// A function with more core parameters takes them in memory.
pub(super) const MOST_FLAT: usize = 16;

/// Core arguments, filled from the front.
pub(super) struct Flat {
    pub slots: [ValRaw; MOST_FLAT],
    used: usize,
}

impl Default for Flat {
    fn default() -> Self {
        Self { slots: [ValRaw::u64(0); MOST_FLAT], used: 0 }
    }
}

impl Flat {
    pub fn push(&mut self, bits: u64) -> Result<()> {
        let slot = self.slots.get_mut(self.used).ok_or_else(|| format_err!("too many core parameters"))?;
        *slot = ValRaw::u64(bits);
        self.used += 1;
        Ok(())
    }
}

/// Appends a value as core arguments.
pub(super) fn flat<T>(cx: &mut LowerContext<'_, T>, value: &Value, ty: &Type, abi: InterfaceType, out: &mut Flat) -> Result<()> {
    let types = cx.types;
    match abi {
        InterfaceType::String => {
            let text = text(value, ty)?;
            let mut pair = MaybeUninit::new([ValRaw::u64(0); 2]);
            str::linear_lower_to_flat(&text, cx, abi, &mut pair)?;
            // SAFETY: it was made with a value, and lowering can only have replaced that.
            unsafe { pair.assume_init() }.iter().try_for_each(|half| out.push(u64::from(half.get_u32())))
        }
        InterfaceType::List(_) => {
            let (pointer, length) = list(cx, value, ty, abi)?;
            out.push(pointer as u64)?;
            out.push(length as u64)
        }
        InterfaceType::Record(index) => {
            let fields = record_fields(ty, types[index].fields.len())?;
            fields
                .iter()
                .zip(&types[index].fields)
                .try_for_each(|(field, inner)| flat(cx, part(value, field)?, &field.ty, inner.ty, out))
        }
        InterfaceType::Tuple(index) => {
            let (values, parts) = tuple(value, ty, types[index].types.len())?;
            values
                .iter()
                .zip(parts)
                .zip(&types[index].types)
                .try_for_each(|((value, ty), inner)| flat(cx, value, ty, *inner, out))
        }
        InterfaceType::Flags(_) => flags(value, ty)?.into_iter().try_for_each(|bits| out.push(bits.into())),
        _ => match scalar(value, abi)? {
            Some(bits) => out.push(bits),
            None => {
                let chosen = choose(cx, value, ty, abi)?;
                let end = out.used + chosen.abi.flat_count(usize::MAX).ok_or_else(|| format_err!("too many core parameters"))?;
                out.push(chosen.case.into())?;
                if let Some((value, ty, inner)) = chosen.payload {
                    flat(cx, value, ty, inner, out)?;
                }
                // The slots that only other cases use are zero.
                (out.used..end).try_for_each(|_| out.push(0))
            }
        },
    }
}

/// Stores a value at `offset`, for which its caller has reserved room.
pub(super) fn store<T>(cx: &mut LowerContext<'_, T>, value: &Value, ty: &Type, abi: InterfaceType, offset: usize) -> Result<()> {
    let types = cx.types;
    match abi {
        InterfaceType::String => str::linear_lower_to_memory(&text(value, ty)?, cx, abi, offset),
        InterfaceType::List(_) => {
            let (pointer, length) = list(cx, value, ty, abi)?;
            put(cx, offset, 4, pointer as u64)?;
            put(cx, offset + 4, 4, length as u64)
        }
        InterfaceType::Record(index) => {
            let fields = record_fields(ty, types[index].fields.len())?;
            let mut offset = offset;
            fields.iter().zip(&types[index].fields).try_for_each(|(field, inner)| {
                let place = types.canonical_abi(&inner.ty).next_field32_size(&mut offset);
                store(cx, part(value, field)?, &field.ty, inner.ty, place)
            })
        }
        InterfaceType::Tuple(index) => {
            let (values, parts) = tuple(value, ty, types[index].types.len())?;
            let mut offset = offset;
            values.iter().zip(parts).zip(&types[index].types).try_for_each(|((value, ty), inner)| {
                let place = types.canonical_abi(inner).next_field32_size(&mut offset);
                store(cx, value, ty, *inner, place)
            })
        }
        InterfaceType::Flags(index) => {
            let size = types[index].abi.size32 as usize;
            let words = flags(value, ty)?;
            words.iter().enumerate().try_for_each(|(place, bits)| put(cx, offset + place * 4, size.min(4), (*bits).into()))
        }
        _ => match scalar(value, abi)? {
            Some(bits) => put(cx, offset, types.canonical_abi(&abi).size32 as usize, bits),
            None => {
                let chosen = choose(cx, value, ty, abi)?;
                put(cx, offset, usize::from(chosen.info.size), chosen.case.into())?;
                let Some((value, ty, inner)) = chosen.payload else {
                    return Ok(());
                };
                store(cx, value, ty, inner, offset + chosen.info.payload_offset32 as usize)
            }
        },
    }
}

/// Writes the low `size` bytes.
fn put<T>(cx: &mut LowerContext<'_, T>, offset: usize, size: usize, bits: u64) -> Result<()> {
    let place = cx.as_slice_mut().get_mut(offset..).and_then(|rest| rest.get_mut(..size));
    place.ok_or_else(outside)?.copy_from_slice(&bits.to_le_bytes()[..size]);
    Ok(())
}

fn outside() -> wasmtime::Error {
    format_err!("a place outside the component's memory")
}

/// The bits of a number, a truth value or a character; none for everything else.
fn scalar(value: &Value, abi: InterfaceType) -> Result<Option<u64>> {
    let bits = match (abi, value) {
        (InterfaceType::Bool, Value::Bool(truth)) => u64::from(*truth),
        (InterfaceType::S8 | InterfaceType::S16 | InterfaceType::S32, Value::Int(number)) => u64::from(*number as i32 as u32),
        (InterfaceType::U8 | InterfaceType::U16 | InterfaceType::U32, Value::Int(number)) => u64::from(*number as u32),
        (InterfaceType::S64, Value::Int(number)) => *number as u64,
        (InterfaceType::U64, Value::Uint(number)) => *number,
        (InterfaceType::Float32, Value::Double(number)) => u64::from((*number as f32).to_bits()),
        (InterfaceType::Float64, Value::Double(number)) => number.to_bits(),
        (InterfaceType::Char, Value::String(text)) => text.chars().next().map_or(0, |letter| u64::from(u32::from(letter))),
        (InterfaceType::Option(_) | InterfaceType::Result(_) | InterfaceType::Variant(_) | InterfaceType::Enum(_), _) => {
            return Ok(None);
        }
        _ => return Err(mismatch()),
    };
    Ok(Some(bits))
}

fn mismatch() -> wasmtime::Error {
    format_err!("the component's function has other types than its package says")
}

/// What WIT calls a string: text, JSON, or a time in its one form.
fn text<'v>(value: &'v Value, ty: &Type) -> Result<Cow<'v, str>> {
    let mut out = String::new();
    match (ty, value) {
        (Type::Json, value) => loomwork_types::encode_dynamic(value, &mut out).map_err(|mismatch| format_err!("{mismatch}"))?,
        (_, Value::String(text)) => return Ok(Cow::Borrowed(text)),
        (_, Value::Timestamp(instant)) => datetime::print(*instant, &mut out).ok_or_else(mismatch)?,
        (_, Value::Duration(length)) => duration::print(*length, &mut out),
        _ => return Err(mismatch()),
    }
    Ok(Cow::Owned(out))
}

/// Allocates a list in the guest and fills it.
fn list<T>(cx: &mut LowerContext<'_, T>, value: &Value, ty: &Type, abi: InterfaceType) -> Result<(usize, usize)> {
    let (InterfaceType::List(index), Type::List(of)) = (abi, ty) else {
        return Err(mismatch());
    };
    let element = cx.types[index].element;
    let layout = cx.types.canonical_abi(&element);
    let (size, align) = (layout.size32 as usize, layout.align32);
    match value {
        Value::Bytes(bytes) if matches!(element, InterfaceType::U8) => {
            let start = cx.realloc(0, 0, 1, bytes.len())?;
            let place = cx.as_slice_mut().get_mut(start..).and_then(|rest| rest.get_mut(..bytes.len()));
            place.ok_or_else(outside)?.copy_from_slice(bytes);
            Ok((start, bytes.len()))
        }
        Value::List(values) => {
            let total = values.len().checked_mul(size).ok_or_else(outside)?;
            let start = cx.realloc(0, 0, align, total)?;
            for (place, value) in values.iter().enumerate() {
                store(cx, value, of, element, start + place * size)?;
            }
            Ok((start, values.len()))
        }
        _ => Err(mismatch()),
    }
}

fn record_fields(ty: &Type, count: usize) -> Result<&[loomwork_types::Field]> {
    let record = match ty {
        Type::Record(record) => &**record,
        Type::Blob => Type::blob_record(),
        _ => return Err(mismatch()),
    };
    if record.fields.len() == count { Ok(&record.fields) } else { Err(mismatch()) }
}

fn part<'v>(value: &'v Value, field: &loomwork_types::Field) -> Result<&'v Value> {
    field_of(value, field).ok_or_else(mismatch)
}

fn tuple<'a>(value: &'a Value, ty: &'a Type, count: usize) -> Result<(&'a [Value], &'a [Type])> {
    match (value, ty) {
        (Value::List(values), Type::Tuple(parts)) if values.len() == count && parts.len() == count => Ok((values, parts)),
        _ => Err(mismatch()),
    }
}

/// One bit per label, 32 to a word.
fn flags(value: &Value, ty: &Type) -> Result<Vec<u32>> {
    let (Value::List(set), Type::Flags(labels)) = (value, ty) else {
        return Err(mismatch());
    };
    let mut words = vec![0; labels.labels.len().div_ceil(32)];
    for flag in set.iter() {
        let place = label(flag, labels)?;
        words[place / 32] |= 1 << (place % 32);
    }
    Ok(words)
}

fn label(value: &Value, labels: &Labels) -> Result<usize> {
    let Value::String(given) = value else {
        return Err(mismatch());
    };
    labels.labels.iter().position(|(_, json)| json == given).ok_or_else(mismatch)
}

/// An option, result, variant or enum with its case chosen.
struct Chosen<'v, 'c> {
    case: u32,
    payload: Option<(&'v Value, &'v Type, InterfaceType)>,
    info: &'c VariantInfo,
    abi: &'c CanonicalAbiInfo,
}

fn choose<'v, 'c, T>(cx: &LowerContext<'c, T>, value: &'v Value, ty: &'v Type, abi: InterfaceType) -> Result<Chosen<'v, 'c>> {
    let types = cx.types;
    let (case, payload, inner, info, abi) = match (abi, ty) {
        (InterfaceType::Option(index), Type::Option(of)) => {
            let payload = some(value, of)?;
            let option = &types[index];
            (usize::from(payload.is_some()), payload.map(|value| (value, &**of)), Some(option.ty), &option.info, &option.abi)
        }
        (InterfaceType::Result(index), Type::Result(cases)) => {
            let (name, payload) = named(value)?;
            let result = &types[index];
            let (case, ty, inner) = match name {
                "ok" => (0, &cases.ok, result.ok),
                "err" => (1, &cases.err, result.err),
                _ => bail!(mismatch()),
            };
            (case, payload.zip(ty.as_ref()), inner, &result.info, &result.abi)
        }
        (InterfaceType::Variant(index), Type::Variant(of)) => {
            let (name, payload) = named(value)?;
            let variant = &types[index];
            let case = case_of(of, name)?;
            let (_, inner) = variant.cases.get_index(case).ok_or_else(mismatch)?;
            (case, payload.zip(of.cases[case].ty.as_ref()), *inner, &variant.info, &variant.abi)
        }
        (InterfaceType::Enum(index), Type::Enum(labels)) => {
            let enumeration = &types[index];
            (label(value, labels)?, None, None, &enumeration.info, &enumeration.abi)
        }
        _ => return Err(mismatch()),
    };
    let payload = match (payload, inner) {
        (Some((value, ty)), Some(inner)) => Some((value, ty, inner)),
        (None, None) => None,
        // An option that is null.
        (None, Some(_)) if case == 0 && matches!(ty, Type::Option(_)) => None,
        _ => return Err(mismatch()),
    };
    Ok(Chosen { case: u32::try_from(case)?, payload, info, abi })
}

fn case_of(of: &Variant, name: &str) -> Result<usize> {
    of.cases.iter().position(|case| &*case.json == name).ok_or_else(mismatch)
}

/// What a decoded option holds: see `loomwork_types::decode`.
fn some<'v>(value: &'v Value, of: &Type) -> Result<Option<&'v Value>> {
    if matches!(value, Value::Null | Value::Optional(None)) {
        return Ok(None);
    }
    let wrapped = match value {
        Value::Map(map) => match &map.entries[..] {
            [(Key::String(key), inner)] if &**key == "some" => Some(inner),
            _ => None,
        },
        _ => None,
    };
    match of {
        Type::Option(_) => wrapped.map(Some).ok_or_else(mismatch),
        Type::Json => Ok(Some(wrapped.unwrap_or(value))),
        _ => Ok(Some(value)),
    }
}

/// A case's name and its payload: text, or an object with one key.
fn named(value: &Value) -> Result<(&str, Option<&Value>)> {
    match value {
        Value::String(name) => Ok((name, None)),
        Value::Map(map) => match &map.entries[..] {
            [(Key::String(name), payload)] => Ok((name, Some(payload))),
            _ => Err(mismatch()),
        },
        _ => Err(mismatch()),
    }
}
