//! The mapping between types, JSON and values.

use crate::schema::reimported;
use loomwork_types::{Limits, Names, Type, assignable, decode, encode, parse, scan, wire};

/// A type and a JSON text, parted by the first line's end. What decodes also encodes, to what decodes to the same; the type's other
/// forms mean the same type.
pub fn mapping(data: &[u8]) {
    let Some(at) = data.iter().position(|byte| *byte == b'\n') else { return };
    let (ty, json) = (&data[..at], &data[at + 1..]);
    let scanned = scan(json, &Limits::default());
    let (Ok(ty), Ok(json)) = (std::str::from_utf8(ty), std::str::from_utf8(json)) else { return };
    let Ok(ty) = parse(ty, &Names::default()) else { return };
    other_forms(&ty);
    let Ok(value) = decode(&ty, json) else { return };
    assert!(scanned.is_ok(), "what the edge refuses is no value: {scanned:?}");
    let mut written = String::new();
    if encode(&value, &ty, &mut written).is_err() {
        return;
    }
    let again = decode(&ty, &written).expect("what was written can be read");
    let mut rewritten = String::new();
    encode(&again, &ty, &mut rewritten).expect("what was read can be written");
    assert_eq!(written, rewritten);
    assert!(decode(&Type::Json, &written).is_ok(), "typed JSON is JSON");
    let reimported = reimported(&ty);
    assert!(reimported.is_none_or(|ty| decode(&ty, &written).is_ok()), "a type's schema takes its values");
}

/// As text, as bytes, and beside itself.
fn other_forms(ty: &Type) {
    let text = ty.to_string();
    assert_eq!(parse(&text, &Names::default()).as_ref(), Ok(ty), "{text}");
    let mut bytes = Vec::new();
    wire::write(ty, &mut bytes);
    assert!(wire::read(&bytes).is_some_and(|(_, length)| length == bytes.len()), "{text}: its bytes are no type");
    let _ = assignable(ty, ty);
    let _ = assignable(ty, &Type::option(ty.clone()));
}
