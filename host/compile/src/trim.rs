//! The runtime without what a flow does not use: functions that nothing calls become a trap, exports that nobody imports go.
//!
//! Every function keeps its index and its type, and those that stay keep their bodies byte for byte: the module stays valid. Its first
//! section says of which runtime it is a part, so that a host that has the whole of it may use that. It does not know what the
//! functions are for.
//!
//! A function stays if it can be reached from an import of the flow: by a call, or, where a function that stays calls through the
//! table, by being in the table with the type that is called. That is what WebAssembly itself allows, whatever the source was.

use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::{CodeSection, CustomSection, ExportKind, ExportSection, RawSection};
use wasmparser::{BinaryReaderError, ElementItems, ExternalKind, FunctionBody, Operator, Parser, Payload};

/// A runtime module, looked through once.
pub(crate) struct Layout {
    module: &'static [u8],
    digest: [u8; 32],
    parts: Vec<Part>,
    exports: Vec<(&'static str, ExportKind, u32)>,
    functions: Vec<Function>,
    /// Functions that are always reached.
    roots: Vec<u32>,
    /// Functions that can be called through the table, by type.
    tabled: BTreeMap<u32, Vec<u32>>,
}

/// What a module consists of, in order.
enum Part {
    /// A section that stays as it is.
    Section {
        id: u8,
        start: usize,
        end: usize,
    },
    Exports,
    Code,
}

struct Function {
    body: &'static [u8],
    calls: BTreeSet<u32>,
    /// The types of what it calls through the table.
    indirect: BTreeSet<u32>,
}

/// The section that names the whole runtime module, by its SHA-256.
const WHOLE: &str = "loomwork:runtime";

/// No locals, `unreachable`, `end`.
const TRAP: &[u8] = &[0, 0x00, 0x0b];

impl Layout {
    /// Looks through a module that imports nothing.
    pub fn of(module: &'static [u8]) -> Result<Self, BinaryReaderError> {
        let mut layout = Self {
            module,
            digest: Sha256::digest(module).into(),
            parts: Vec::new(),
            exports: Vec::new(),
            functions: Vec::new(),
            roots: Vec::new(),
            tabled: BTreeMap::new(),
        };
        let (mut types, mut referred) = (Vec::new(), BTreeSet::new());
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            match &payload {
                Payload::FunctionSection(section) => types = section.clone().into_iter().collect::<Result<_, _>>()?,
                Payload::StartSection { func, .. } => layout.roots.push(*func),
                Payload::ElementSection(section) => {
                    for element in section.clone() {
                        refer(element?.items, &mut referred)?;
                    }
                }
                Payload::ExportSection(section) => layout.exports(section.clone())?,
                Payload::CodeSectionEntry(body) => layout.functions.push(function(body, &mut referred)?),
                _ => {}
            }
            layout.part(&payload);
        }
        for function in referred {
            if let Some(ty) = types.get(function as usize) {
                layout.tabled.entry(*ty).or_default().push(function);
            }
        }
        Ok(layout)
    }

    fn exports(&mut self, section: wasmparser::ExportSectionReader<'static>) -> Result<(), BinaryReaderError> {
        for export in section {
            let export = export?;
            let kind = match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
                ExternalKind::Memory => ExportKind::Memory,
                // Nobody imports the linker's marks.
                _ => continue,
            };
            self.exports.push((export.name, kind, export.index));
        }
        Ok(())
    }

    fn part(&mut self, payload: &Payload<'_>) {
        let part = match payload {
            Payload::CustomSection(_) => return,
            Payload::ExportSection(_) => Part::Exports,
            Payload::CodeSectionStart { .. } => Part::Code,
            other => match other.as_section() {
                Some((id, range)) => Part::Section { id, start: range.start, end: range.end },
                None => return,
            },
        };
        self.parts.push(part);
    }

    /// The module with the memory and these functions for exports, and no more than they need.
    pub fn keep(&self, imported: &dyn Fn(&str) -> bool) -> Vec<u8> {
        let kept: Vec<_> =
            self.exports.iter().filter(|(name, kind, _)| *kind == ExportKind::Memory || imported(name)).copied().collect();
        let functions = kept.iter().filter(|(_, kind, _)| *kind == ExportKind::Func).map(|(.., function)| *function);
        let reached = self.reached(functions);
        let mut module = wasm_encoder::Module::new();
        module.section(&CustomSection { name: WHOLE.into(), data: self.digest.as_slice().into() });
        for part in &self.parts {
            match part {
                Part::Section { id, start, end } => module.section(&RawSection { id: *id, data: &self.module[*start..*end] }),
                Part::Exports => module.section(&exports(&kept)),
                Part::Code => module.section(&self.code(&reached)),
            };
        }
        module.finish()
    }

    /// For each function, whether it can be reached from these.
    fn reached(&self, functions: impl Iterator<Item = u32>) -> Vec<bool> {
        let mut reached = vec![false; self.functions.len()];
        let mut types = BTreeSet::new();
        let mut open: Vec<u32> = functions.chain(self.roots.iter().copied()).collect();
        while let Some(next) = open.pop() {
            let Some(seen) = reached.get_mut(next as usize) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            let function = &self.functions[next as usize];
            open.extend(&function.calls);
            for ty in function.indirect.iter().filter(|ty| types.insert(**ty)) {
                open.extend(self.tabled.get(ty).into_iter().flatten());
            }
        }
        reached
    }

    fn code(&self, reached: &[bool]) -> CodeSection {
        let mut code = CodeSection::new();
        for (function, reached) in self.functions.iter().zip(reached) {
            code.raw(if *reached { function.body } else { TRAP });
        }
        code
    }
}

fn exports(kept: &[(&str, ExportKind, u32)]) -> ExportSection {
    let mut section = ExportSection::new();
    for (name, kind, index) in kept {
        section.export(name, *kind, *index);
    }
    section
}

fn refer(items: ElementItems<'_>, referred: &mut BTreeSet<u32>) -> Result<(), BinaryReaderError> {
    match items {
        ElementItems::Functions(functions) => {
            for function in functions {
                referred.insert(function?);
            }
        }
        ElementItems::Expressions(_, expressions) => {
            for expression in expressions {
                for operator in expression?.get_operators_reader() {
                    if let Operator::RefFunc { function_index } = operator? {
                        referred.insert(function_index);
                    }
                }
            }
        }
    }
    Ok(())
}

fn function(body: &FunctionBody<'static>, referred: &mut BTreeSet<u32>) -> Result<Function, BinaryReaderError> {
    let mut function = Function { body: body.as_bytes(), calls: BTreeSet::new(), indirect: BTreeSet::new() };
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        match operators.read()? {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                function.calls.insert(function_index);
            }
            Operator::CallIndirect { type_index, .. } | Operator::ReturnCallIndirect { type_index, .. } => {
                function.indirect.insert(type_index);
            }
            Operator::RefFunc { function_index } => {
                referred.insert(function_index);
            }
            _ => {}
        }
    }
    Ok(function)
}
