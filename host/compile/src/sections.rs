//! What travels with a compiled flow: the document, its lock, where things stand in the document, and who compiled it.

use crate::error::OpenError;
use wasmparser::{Encoding, Parser, Payload};

pub(crate) const DOCUMENT: &str = "loom:document";
pub(crate) const LOCK: &str = "loom:lock";
pub(crate) const SOURCE_MAP: &str = "loom:source-map";
pub(crate) const COMPILER: &str = "loom:compiler";

/// A custom section.
pub(crate) struct Section<'a> {
    pub name: &'static str,
    pub data: &'a [u8],
}

/// The texts of a compiled flow's sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The flow document, in its canonical form.
    pub document: String,
    /// `loom.lock`'s text for the packages that the flow uses.
    pub lock: String,
    /// JSON: one entry per node by index: `id` and `span` in the document, and the spans of its parameters and expressions.
    pub source_map: String,
    /// `loomwork-compile 4`
    pub compiler: String,
}

/// Reads the sections of a compiled flow. The code is not looked at: [`crate::verify`] says whether it fits the document.
pub fn open(bytes: &[u8]) -> Result<Opened, OpenError> {
    if !bytes.starts_with(b"\0asm") {
        return Err(OpenError::NotAComponent("these bytes are not WebAssembly".to_owned()));
    }
    let mut found: [Option<String>; 4] = Default::default();
    let names = [DOCUMENT, LOCK, SOURCE_MAP, COMPILER];
    let mut depth = 0u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| OpenError::NotAComponent(error.message().to_owned()))? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(OpenError::NotAComponent("it is a core module".to_owned()));
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 => {
                let place = names.iter().position(|name| *name == section.name());
                if let Some(place) = place.filter(|place| found[*place].is_none()) {
                    let text = String::from_utf8(section.data().to_vec());
                    found[place] = Some(text.map_err(|_| OpenError::NotAFlow(names[place]))?);
                }
            }
            _ => {}
        }
    }
    let [document, lock, source_map, compiler] = found;
    Ok(Opened {
        document: document.ok_or(OpenError::NotAFlow(DOCUMENT))?,
        lock: lock.ok_or(OpenError::NotAFlow(LOCK))?,
        source_map: source_map.ok_or(OpenError::NotAFlow(SOURCE_MAP))?,
        compiler: compiler.ok_or(OpenError::NotAFlow(COMPILER))?,
    })
}

/// The parts of a compiled flow and their sizes in bytes: the runtime, the generated code, and each section beside them.
pub fn sizes(bytes: &[u8]) -> Result<Vec<(String, usize)>, OpenError> {
    let modules = ["runtime module", "generated module"];
    let (mut sizes, mut depth, mut module) = (Vec::new(), 0u32, 0);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| OpenError::NotAComponent(error.message().to_owned()))? {
            Payload::ModuleSection { unchecked_range, .. } => {
                if depth == 0 {
                    sizes.push((modules.get(module).unwrap_or(&"another module").to_string(), unchecked_range.len()));
                    module += 1;
                }
                depth += 1;
            }
            Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 => sizes.push((section.name().to_owned(), section.data().len())),
            _ => {}
        }
    }
    Ok(sizes)
}
