//! A checked flow becomes a component; a component is compared with what its own document becomes.

use crate::component::{Modules, assemble};
use crate::error::CompileError;
use crate::flow::{About, entry, generate_flow};
use crate::sections::{COMPILER, DOCUMENT, LOCK, SOURCE_MAP, Section};
use crate::{encode, runtime};
use loomwork_check::plan::{Plan, What};
use loomwork_types::writer;
use sha2::{Digest, Sha256};

/// Who compiles: part of every artifact, because its bytes depend on it. The number rises when the same document becomes other
/// bytes, so that artifacts of an older compiler are told from ones that were tampered with.
pub const COMPILER_VERSION: &str = "loomwork-compile 5";

/// A compiled flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// A component that exports `loom:flow/machine` and imports nothing.
    pub bytes: Vec<u8>,
    /// `sha256:` and the digest of the bytes.
    pub digest: String,
}

/// The texts that go into an artifact beside its code.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    pub document: &'a str,
    pub lock: &'a str,
    pub source_map: &'a str,
}

/// Compiles a plan. The same plan and texts give the same bytes, always.
///
/// [`crate::compile`] is the way for checked flows; this one is for plans that come from elsewhere.
pub fn compile_plan(plan: &Plan, texts: &Texts<'_>) -> Result<Artifact, CompileError> {
    let document_digest = digest(texts.document.as_bytes());
    let description = describe(plan, &document_digest);
    let identity = digest(&[document_digest.as_bytes(), COMPILER_VERSION.as_bytes()].concat());
    let module = generate_flow(plan, &About { description: &description, identity: &identity })?;
    let entries: Vec<String> = std::iter::once("flow".to_owned()).chain(plan.nodes.iter().map(|node| entry(&node.id))).collect();
    let runtime = runtime::for_module(&module);
    let flow = encode::encode(module, &entries);
    let sections = [
        Section { name: DOCUMENT, data: texts.document.as_bytes() },
        Section { name: LOCK, data: texts.lock.as_bytes() },
        Section { name: SOURCE_MAP, data: texts.source_map.as_bytes() },
        Section { name: COMPILER, data: COMPILER_VERSION.as_bytes() },
    ];
    let bytes = assemble(&Modules { runtime: &runtime, flow: &flow }, &sections);
    let digest = digest(&bytes);
    Ok(Artifact { bytes, digest })
}

/// `sha256:…`
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// What `describe` answers with.
fn describe(plan: &Plan, document: &str) -> String {
    let mut out = format!("{{\"document\":\"{document}\",\"compiler\":\"{COMPILER_VERSION}\",\"nodes\":[");
    for (place, node) in plan.nodes.iter().enumerate() {
        out.push_str(if place == 0 { "{\"id\":" } else { ",{\"id\":" });
        writer::string(&node.id, &mut out);
        out.push_str(",\"use\":");
        writer::string(&use_of(&node.what), &mut out);
        out.push('}');
    }
    out.push_str("]}");
    out
}

fn use_of(what: &What) -> String {
    match what {
        // A function's path has the `#` in it.
        What::Call(call) => format!("{}/{}", call.package, call.function),
        What::Branch { .. } => "branch".to_owned(),
        What::Each(_) => "each".to_owned(),
        What::Repeat(_) => "repeat".to_owned(),
        What::Try { .. } => "try".to_owned(),
        What::Wait(_) => "wait".to_owned(),
        What::Flow { .. } => "call".to_owned(),
        What::Set { .. } => "set".to_owned(),
        What::Emit { .. } => "emit".to_owned(),
        What::Respond { .. } => "respond".to_owned(),
        What::Return { .. } => "return".to_owned(),
        What::Fail { .. } => "fail".to_owned(),
    }
}
