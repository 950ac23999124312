//! Runtime modules that flows carry in part, and the host has whole: compiled once, shared by all flows.
//!
//! The first core module of a flow says in a section of its own which runtime it is a part of. Where the host has that runtime,
//! the component is rewritten to import it, so that only what was generated for this flow is compiled and kept.

use crate::digest::Mac;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;
use wasm_encoder::{
    Component, ComponentImportSection, ComponentTypeRef, CoreTypeSection, EntityType, MemoryType, ModuleType, ValType,
};
use wasmparser::{ExternalKind, Parser, Payload};

/// The section; it holds the SHA-256 of the whole runtime module.
const SECTION: &str = "loomwork:runtime";

/// What a rewritten component imports the runtime as.
pub(crate) const IMPORT: &str = "runtime";

/// The runtime modules that a host has, by digest.
#[derive(Debug, Default)]
pub(crate) struct Runtimes {
    known: Vec<Runtime>,
}

/// A runtime module that the host has whole.
#[derive(Debug)]
pub(crate) struct Runtime {
    pub digest: Mac,
    pub module: &'static [u8],
    /// What a component begins with that imports it, made when the first one does.
    import: OnceLock<Option<Vec<u8>>>,
}

/// A component that imports its runtime.
pub(crate) struct Rewritten<'r> {
    pub runtime: &'r Runtime,
    pub bytes: Vec<u8>,
}

impl Runtimes {
    pub fn new(modules: &[&'static [u8]]) -> Self {
        let known = |module: &&'static [u8]| Runtime { digest: Sha256::digest(module).into(), module, import: OnceLock::new() };
        Self { known: modules.iter().map(known).collect() }
    }

    /// The component with its runtime left out; none if it carries no part of a runtime that this host has.
    pub fn rewrite(&self, component: &[u8]) -> Option<Rewritten<'_>> {
        let (digest, end) = part(component)?;
        let runtime = self.known.iter().find(|runtime| runtime.digest == digest)?;
        let import = runtime.import.get_or_init(|| import(runtime.module)).as_deref()?;
        let bytes = [import, component.get(end..)?].concat();
        Some(Rewritten { runtime, bytes })
    }
}

/// The beginning of a component that imports a module with what this one exports.
fn import(runtime: &[u8]) -> Option<Vec<u8>> {
    let mut types = CoreTypeSection::new();
    types.ty().module(&module_type(runtime)?);
    let mut imports = ComponentImportSection::new();
    imports.import(IMPORT, ComponentTypeRef::Module(0));
    let mut begun = Component::new();
    begun.section(&types).section(&imports);
    Some(begun.finish())
}

/// Of which runtime a component's first section is a part, and where the section ends.
fn part(component: &[u8]) -> Option<(Mac, usize)> {
    let mut end = None;
    for payload in Parser::new(0).parse_all(component) {
        match (payload.ok()?, end) {
            (Payload::Version { .. }, _) => {}
            (Payload::ModuleSection { unchecked_range, .. }, None) => end = Some(unchecked_range.end),
            (Payload::CustomSection(section), Some(end)) if section.name() == SECTION => {
                return Some((section.data().try_into().ok()?, end));
            }
            // It is the module's first section, or it is not there.
            _ => return None,
        }
    }
    None
}

/// What a runtime module exports; none if it has what no runtime has.
fn module_type(runtime: &[u8]) -> Option<ModuleType> {
    let (mut made, mut functions) = (ModuleType::new(), Vec::new());
    for payload in Parser::new(0).parse_all(runtime) {
        match payload.ok()? {
            // All of them, so that each keeps its number.
            Payload::TypeSection(section) => {
                for signature in section.into_iter_err_on_gc_types() {
                    let signature = signature.ok()?;
                    made.ty().function(values(signature.params())?, values(signature.results())?);
                }
            }
            Payload::FunctionSection(section) => functions = section.into_iter().collect::<Result<Vec<u32>, _>>().ok()?,
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.ok()?;
                    let ty = match export.kind {
                        ExternalKind::Memory => EntityType::Memory(ANY_MEMORY),
                        ExternalKind::Func => EntityType::Function(*functions.get(export.index as usize)?),
                        _ => continue,
                    };
                    made.export(export.name, ty);
                }
            }
            _ => {}
        }
    }
    Some(made)
}

const ANY_MEMORY: MemoryType = MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None };

fn values(types: &[wasmparser::ValType]) -> Option<Vec<ValType>> {
    let value = |ty: &wasmparser::ValType| match ty {
        wasmparser::ValType::I32 => Some(ValType::I32),
        wasmparser::ValType::I64 => Some(ValType::I64),
        wasmparser::ValType::F32 => Some(ValType::F32),
        wasmparser::ValType::F64 => Some(ValType::F64),
        _ => None,
    };
    types.iter().map(value).collect()
}
