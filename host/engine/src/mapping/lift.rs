//! A function's result out of the guest, copied before the guest's memory is given back.

use super::returned::Raw;
use crate::trap::{BadResult, TooLarge};
use wasmtime::component::__internal::wasmtime_environ::component::VariantInfo;
use wasmtime::component::__internal::{CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext};
use wasmtime::component::{ComponentNamedList, ComponentType, Lift};
use wasmtime::{Error, Result, ValRaw};

/// What a function returned; none if its type has no result.
pub(crate) struct Returned(pub Option<Raw>);

/// What a number costs of the call's allowance: about what it takes as JSON.
const SCALAR: usize = 8;

// SAFETY: `Lower` is one plain `ValRaw`, as many as a component's function returns. It is read as a number, and a pointer it may
// be is followed through wasmtime's checked slices only.
unsafe impl ComponentType for Returned {
    type Lower = [ValRaw; 1];
    /// Never asked for: a function's result is not nested in other values.
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    /// The result is read as whatever type the function has.
    fn typecheck(_ty: &InterfaceType, _types: &InstanceType<'_>) -> Result<()> {
        Ok(())
    }
}

// SAFETY: see above; the type stands for the whole list of results.
unsafe impl ComponentNamedList for Returned {}

// SAFETY: reads only what the guest returned.
unsafe impl Lift for Returned {
    fn linear_lift_from_flat(cx: &mut LiftContext<'_>, ty: InterfaceType, src: &Self::Lower) -> Result<Self> {
        let InterfaceType::Tuple(index) = ty else {
            return Err(bad("a function's results are a tuple"));
        };
        let types = cx.types.clone();
        let results = &types[index];
        let Some(first) = results.types.first() else {
            return Ok(Returned(None));
        };
        if results.abi.flat_count(1).is_some() {
            return flat(cx, *first, src[0].get_u64()).map(|raw| Returned(Some(raw)));
        }
        let (start, abi) = (src[0].get_u32() as usize, &results.abi);
        aligned(start, abi.align32)?;
        let bytes = slice(cx, start, abi.size32 as usize)?;
        load(cx, *first, bytes).map(|raw| Returned(Some(raw)))
    }

    fn linear_lift_from_memory(_cx: &mut LiftContext<'_>, _ty: InterfaceType, _bytes: &[u8]) -> Result<Self> {
        Err(bad("a function's results are not nested in other values"))
    }
}

fn bad(what: &str) -> Error {
    Error::from(BadResult(what.to_owned()))
}

fn charge(cx: &mut LiftContext<'_>, bytes: usize) -> Result<()> {
    cx.consume_fuel(bytes).map_err(|_| Error::from(TooLarge))
}

fn aligned(start: usize, align: u32) -> Result<()> {
    if start.is_multiple_of(align as usize) { Ok(()) } else { Err(bad("the result is not where it should be in memory")) }
}

fn slice<'a>(cx: &LiftContext<'a>, start: usize, length: usize) -> Result<&'a [u8]> {
    let found = cx.memory().get(start..).and_then(|rest| rest.get(..length));
    found.ok_or_else(|| bad("the result lies outside the component's memory"))
}

/// A type of at most one core value.
fn flat(cx: &mut LiftContext<'_>, ty: InterfaceType, bits: u64) -> Result<Raw> {
    let types = cx.types.clone();
    let inner = |types: &[InterfaceType], cx: &mut LiftContext<'_>| -> Result<Raw> {
        types.iter().map(|ty| flat(cx, *ty, bits)).collect::<Result<Vec<_>>>().map(Raw::List)
    };
    match ty {
        InterfaceType::Record(index) => {
            let fields: Vec<InterfaceType> = types[index].fields.iter().map(|field| field.ty).collect();
            inner(&fields, cx)
        }
        InterfaceType::Tuple(index) => inner(&types[index].types, cx),
        InterfaceType::Enum(index) => case(bits as u32, types[index].names.len()).map(|case| Raw::Case(case, None)),
        InterfaceType::Flags(index) => Ok(Raw::Flags(if types[index].names.is_empty() { vec![] } else { vec![bits as u32] })),
        // With one core value, the case is all there is to it.
        InterfaceType::Result(_) => case(bits as u32, 2).map(|case| bare(cx, ty, case))?,
        InterfaceType::Variant(index) => case(bits as u32, types[index].cases.len()).map(|case| bare(cx, ty, case))?,
        InterfaceType::Option(_) => case(bits as u32, 2).map(|case| bare(cx, ty, case))?,
        _ => scalar(ty, bits),
    }
}

/// A case whose payload, if it has one, is of a type without content.
fn bare(cx: &mut LiftContext<'_>, ty: InterfaceType, case: u32) -> Result<Raw> {
    let types = cx.types.clone();
    let payload = match ty {
        InterfaceType::Result(index) => {
            if case == 0 {
                types[index].ok
            } else {
                types[index].err
            }
        }
        InterfaceType::Option(index) => (case == 1).then_some(types[index].ty),
        InterfaceType::Variant(index) => types[index].cases.get_index(case as usize).and_then(|(_, ty)| *ty),
        _ => None,
    };
    let payload = payload.map(|ty| flat(cx, ty, 0)).transpose()?;
    Ok(Raw::Case(case, payload.map(Box::new)))
}

/// A value in memory; `bytes` is exactly as long as its type.
fn load(cx: &mut LiftContext<'_>, ty: InterfaceType, bytes: &[u8]) -> Result<Raw> {
    let types = cx.types.clone();
    charge(cx, SCALAR)?;
    match ty {
        InterfaceType::String => text(cx, bytes),
        InterfaceType::List(index) => list(cx, types[index].element, bytes),
        InterfaceType::Record(index) => {
            let fields = &types[index].fields;
            charge(cx, fields.iter().map(|field| field.name.len()).sum())?;
            parts(cx, fields.iter().map(|field| field.ty), bytes)
        }
        InterfaceType::Tuple(index) => parts(cx, types[index].types.iter().copied(), bytes),
        InterfaceType::Flags(index) => {
            let size = (types[index].abi.size32 as usize).clamp(1, 4);
            let words = bytes.chunks(size).map(|word| number(word) as u32).collect();
            Ok(Raw::Flags(words))
        }
        InterfaceType::Enum(index) => chosen(cx, &types[index].info, types[index].names.len(), |_| None, bytes),
        InterfaceType::Option(index) => {
            let option = &types[index];
            chosen(cx, &option.info, 2, |case| (case == 1).then_some(option.ty), bytes)
        }
        InterfaceType::Result(index) => {
            let result = &types[index];
            chosen(cx, &result.info, 2, |case| if case == 0 { result.ok } else { result.err }, bytes)
        }
        InterfaceType::Variant(index) => {
            let variant = &types[index];
            let payload = |case: u32| variant.cases.get_index(case as usize).and_then(|(_, ty)| *ty);
            chosen(cx, &variant.info, variant.cases.len(), payload, bytes)
        }
        _ => scalar(ty, number(bytes)),
    }
}

/// Little-endian, at most eight bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

fn scalar(ty: InterfaceType, bits: u64) -> Result<Raw> {
    Ok(match ty {
        InterfaceType::Bool => Raw::Bool(bits as u32 != 0),
        InterfaceType::S8 => Raw::Signed((bits as i8).into()),
        InterfaceType::S16 => Raw::Signed((bits as i16).into()),
        InterfaceType::S32 => Raw::Signed((bits as i32).into()),
        InterfaceType::S64 => Raw::Signed(bits as i64),
        InterfaceType::U8 => Raw::Signed((bits as u8).into()),
        InterfaceType::U16 => Raw::Signed((bits as u16).into()),
        InterfaceType::U32 => Raw::Signed((bits as u32).into()),
        InterfaceType::U64 => Raw::Unsigned(bits),
        InterfaceType::Float32 => Raw::Float(f32::from_bits(bits as u32).into()),
        InterfaceType::Float64 => Raw::Float(f64::from_bits(bits)),
        InterfaceType::Char => Raw::Char(char::from_u32(bits as u32).ok_or_else(|| bad("a character that is none"))?),
        _ => return Err(bad("a value that is no data, such as a resource")),
    })
}

fn case(case: u32, count: usize) -> Result<u32> {
    if (case as usize) < count { Ok(case) } else { Err(bad("a case that the type does not have")) }
}

fn chosen(
    cx: &mut LiftContext<'_>,
    info: &VariantInfo,
    count: usize,
    payload: impl FnOnce(u32) -> Option<InterfaceType>,
    bytes: &[u8],
) -> Result<Raw> {
    let case = case(number(&bytes[..usize::from(info.size)]) as u32, count)?;
    let Some(ty) = payload(case) else {
        return Ok(Raw::Case(case, None));
    };
    let size = cx.types.canonical_abi(&ty).size32 as usize;
    let payload = load(cx, ty, &bytes[info.payload_offset32 as usize..][..size])?;
    Ok(Raw::Case(case, Some(Box::new(payload))))
}

fn parts(cx: &mut LiftContext<'_>, types: impl ExactSizeIterator<Item = InterfaceType>, bytes: &[u8]) -> Result<Raw> {
    let mut offset = 0;
    let mut parts = Vec::with_capacity(types.len());
    for ty in types {
        let abi = cx.types.canonical_abi(&ty);
        let (place, size) = (abi.next_field32_size(&mut offset), abi.size32 as usize);
        parts.push(load(cx, ty, &bytes[place..][..size])?);
    }
    Ok(Raw::List(parts))
}

/// wasmtime's own reading of text knows the encodings; it is asked only once the length is known to be allowed.
fn text(cx: &mut LiftContext<'_>, bytes: &[u8]) -> Result<Raw> {
    // In UTF-16 a character takes two bytes; the highest bit marks that in compact encoding.
    charge(cx, (number(&bytes[4..8]) & 0x7fff_ffff) as usize)?;
    String::linear_lift_from_memory(cx, InterfaceType::String, bytes).map(Raw::Text).map_err(|error| {
        if error.to_string().contains("fuel") { Error::from(TooLarge) } else { bad(&format!("text that is none: {error}")) }
    })
}

fn list(cx: &mut LiftContext<'_>, element: InterfaceType, bytes: &[u8]) -> Result<Raw> {
    let (start, count) = (number(&bytes[..4]) as usize, number(&bytes[4..8]) as usize);
    let abi = cx.types.canonical_abi(&element);
    let (align, size) = (abi.align32, abi.size32 as usize);
    aligned(start, align)?;
    let total = count.checked_mul(size).ok_or_else(|| Error::from(TooLarge))?;
    if matches!(element, InterfaceType::U8) {
        charge(cx, total)?;
        return slice(cx, start, total).map(|bytes| Raw::Bytes(bytes.to_vec()));
    }
    // Paid before room is made for them; what is in them is paid as it is read.
    let room = count.checked_mul(std::mem::size_of::<Raw>() / 4).ok_or_else(|| Error::from(TooLarge))?;
    charge(cx, room)?;
    let content = slice(cx, start, total)?;
    let mut elements = Vec::with_capacity(count);
    for place in 0..count {
        elements.push(load(cx, element, &content[place * size..][..size])?);
    }
    Ok(Raw::List(elements))
}
