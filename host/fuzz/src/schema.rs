//! JSON Schemas from outside.

use loomwork_types::{Names, Type, parse, schema};

/// What is imported is a type with a schema of its own, and with a text that means it, whatever its descriptions say; only too large
/// for a text it may be.
pub fn schema(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(imported) = schema::import(text) else { return };
    let written = imported.ty.to_string();
    for text in [&written, &format!("{:#}", imported.ty)] {
        match parse(text, &Names::default()) {
            Ok(read) => assert_eq!(read.to_string(), written),
            Err(mistakes) => assert!(mistakes.iter().all(|mistake| mistake.code == "type.too_large"), "{mistakes:?}\n{text}"),
        }
    }
    reimported(&imported.ty);
}

/// The type that a type's own schema stands for. None if the schema nests deeper than JSON may: it does so more than its type.
pub(crate) fn reimported(ty: &Type) -> Option<Type> {
    match schema::import(&schema::export(ty)) {
        Ok(imported) => Some(imported.ty),
        Err(mismatch) => {
            assert_eq!(mismatch.code, "json.depth", "{ty}: its schema is no JSON");
            None
        }
    }
}
