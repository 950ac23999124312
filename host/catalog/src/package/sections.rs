//! The outermost sections of a component: ours are taken out, the rest goes to the decoder.

use super::MANIFEST_SECTION;
use crate::CatalogError;
use std::borrow::Cow;
use std::ops::Range;
use wasmparser::{Encoding, Parser, Payload};

/// Where doc comments travel, see `wit::docs`. The decoder refuses this section unless it belongs to a package of its own making.
const DOCS_SECTION: &str = "package-docs";

/// The longest manifest, and the longest docs, in bytes.
const LONGEST: usize = 1 << 20;

/// A component in parts.
pub(super) struct Sections<'a> {
    /// Without its docs.
    pub(super) component: Cow<'a, [u8]>,
    pub(super) docs: Option<Vec<u8>>,
    pub(super) manifest: Option<String>,
}

pub(super) fn split(bytes: &[u8]) -> Result<Sections<'_>, CatalogError> {
    if !bytes.starts_with(b"\0asm") {
        return Err(CatalogError::NotWasm);
    }
    let mut sections = Sections { component: Cow::Borrowed(bytes), docs: None, manifest: None };
    let mut docs_at = Vec::new();
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        if depth > 100 {
            return Err(CatalogError::Invalid { reason: "components are nested too deeply".into() });
        }
        match payload.map_err(|error| CatalogError::Invalid { reason: error.message().to_string() })? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(CatalogError::NotComponent { what: "a core module" });
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentTypeSection(types) => shallow(&bytes[types.range()])?,
            Payload::CustomSection(section) if depth == 0 => match section.name() {
                DOCS_SECTION => {
                    docs_at.push(whole(bytes, &section.range())?);
                    sections.docs = (section.data().len() <= LONGEST).then(|| section.data().to_vec());
                }
                MANIFEST_SECTION => sections.manifest = Some(text(section.data())?),
                _ => {}
            },
            _ => {}
        }
    }
    if !docs_at.is_empty() {
        sections.component = Cow::Owned(without(bytes, &docs_at));
    }
    Ok(sections)
}

/// The decoder follows types inside types by recursion. Each such step is one of two pairs of bytes, and real components have
/// few of these, so counting them keeps the stack safe without reading the types.
fn shallow(types: &[u8]) -> Result<(), CatalogError> {
    const MOST: usize = 1_000;
    let steps = types.windows(2).filter(|pair| matches!(pair, [0x01, 0x41 | 0x42])).count();
    if steps > MOST {
        return Err(CatalogError::Invalid { reason: "its types are nested too deeply".into() });
    }
    Ok(())
}

fn text(data: &[u8]) -> Result<String, CatalogError> {
    let invalid = |reason: &str| CatalogError::Manifest { reason: reason.into() };
    if data.len() > LONGEST {
        return Err(invalid("it is longer than 1 MiB"));
    }
    String::from_utf8(data.to_vec()).map_err(|_| invalid("it is not UTF-8"))
}

/// A section with its id and length: the parser gives the range of what follows them. The length before it is LEB128, which has
/// no unique form, so it is searched for.
fn whole(bytes: &[u8], contents: &Range<usize>) -> Result<Range<usize>, CatalogError> {
    let length = contents.end - contents.start;
    for start in (contents.start.saturating_sub(6)..contents.start.saturating_sub(1)).rev() {
        if bytes[start] == 0 && leb128(&bytes[start + 1..contents.start]) == Some(length) {
            return Ok(start..contents.end);
        }
    }
    Err(CatalogError::Invalid { reason: "a custom section has no length".into() })
}

/// A number that takes exactly these bytes.
fn leb128(bytes: &[u8]) -> Option<usize> {
    let (last, before) = bytes.split_last()?;
    if *last >= 0x80 || before.iter().any(|byte| *byte < 0x80) {
        return None;
    }
    Some(bytes.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)))
}

fn without(bytes: &[u8], holes: &[Range<usize>]) -> Vec<u8> {
    let mut rest = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for hole in holes {
        rest.extend_from_slice(&bytes[from..hole.start]);
        from = hole.end;
    }
    rest.extend_from_slice(&bytes[from..]);
    rest
}
