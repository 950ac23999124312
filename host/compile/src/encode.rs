//! The generated module as bytes: imports by use, functions in order of first mention, constants as one passive segment.

use crate::flow::ENTRY_TYPE;
use crate::imports::Signature;
use crate::module::{Defined, ENTRY, Module};
use loomwork_expr::generate::runtime::MODULE;
use std::collections::BTreeMap;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, IndirectNameMap, Instruction as I, MemoryType, NameMap, NameSection, RefType,
    StartSection, TableSection, TableType, TypeSection,
};

/// What the module exports; each is a function that is generated under the same name.
pub(crate) const EXPORTS: [&str; 4] = ["describe", "advance", "save", "restore"];

/// Runtime functions that every module needs to start.
pub(crate) const NEEDED: [&str; 2] = ["cabi_realloc", "load"];

/// Writes the module. `entries` are the functions that tasks go to, by number.
pub(crate) fn encode(mut module: Module, entries: &[String]) -> Vec<u8> {
    let start = start(&mut module);
    let imported = module.imported();
    let count = imported.len() as u32;
    let index = |name: &str| count + module.functions.iter().position(|defined| defined.name == name).unwrap_or_default() as u32;
    let mut types = Types::default();
    types.index(ENTRY);
    let mut imports = ImportSection::new();
    for (name, signature) in &imported {
        imports.import(MODULE, name, EntityType::Function(types.index(*signature)));
    }
    let memory = MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None };
    imports.import(MODULE, "memory", memory);
    let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
    for defined in &module.functions {
        functions.function(types.index(defined.signature));
        code.function(defined.body.as_ref().map_or(&trap(), |body| &body.function));
    }
    functions.function(types.index((&[], &[])));
    code.function(&start);
    let entries: Vec<u32> = entries.iter().map(|entry| index(entry)).collect();
    let mut exports = ExportSection::new();
    EXPORTS.iter().for_each(|name| {
        exports.export(name, ExportKind::Func, index(name));
    });
    let mut tables = TableSection::new();
    let size = entries.len() as u64;
    tables.table(TableType { element_type: RefType::FUNCREF, table64: false, minimum: size, maximum: Some(size), shared: false });
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(entries.into()));
    let mut data = DataSection::new();
    data.passive(module.pool.bytes());
    let names = names(&imported, &module.functions);
    let mut out = wasm_encoder::Module::new();
    out.section(&types.section).section(&imports).section(&functions).section(&tables).section(&exports);
    out.section(&StartSection { function_index: count + module.functions.len() as u32 });
    out.section(&elements).section(&DataCountSection { count: 1 }).section(&code).section(&data).section(&names);
    out.finish()
}

/// Hands the constants to the runtime, in memory that it gave.
fn start(module: &mut Module) -> Function {
    let [realloc, load] = NEEDED.map(|name| module.import(name));
    let length = module.pool.bytes().len() as i32;
    let mut function = Function::new([(1, wasm_encoder::ValType::I32)]);
    for instruction in [
        I::I32Const(0),
        I::I32Const(0),
        I::I32Const(1),
        I::I32Const(length),
        I::Call(realloc),
        I::LocalTee(0),
        I::I32Const(0),
        I::I32Const(length),
        I::MemoryInit { mem: 0, data_index: 0 },
        I::LocalGet(0),
        I::I32Const(length),
        I::Call(load),
        I::I32Eqz,
        I::If(wasm_encoder::BlockType::Empty),
        I::Unreachable,
        I::End,
        I::LocalGet(0),
        I::I32Const(length),
        I::I32Const(1),
        I::I32Const(0),
        I::Call(realloc),
        I::Drop,
        I::End,
    ] {
        function.instruction(&instruction);
    }
    function
}

/// The body of a function that is named but never reached.
fn trap() -> Function {
    let mut function = Function::new([]);
    function.instruction(&I::Unreachable).instruction(&I::End);
    function
}

#[derive(Default)]
struct Types {
    section: TypeSection,
    indices: BTreeMap<Vec<u8>, u32>,
}

impl Types {
    fn index(&mut self, (params, results): Signature) -> u32 {
        let next = self.section.len();
        let key = params.iter().map(byte).chain([0]).chain(results.iter().map(byte)).collect();
        *self.indices.entry(key).or_insert_with(|| {
            self.section.ty().function(params.iter().copied(), results.iter().copied());
            next
        })
    }
}

const _: () = assert!(ENTRY_TYPE == 0);

fn byte(ty: &wasm_encoder::ValType) -> u8 {
    match ty {
        wasm_encoder::ValType::I32 => 1,
        wasm_encoder::ValType::I64 => 2,
        wasm_encoder::ValType::F32 => 3,
        wasm_encoder::ValType::F64 => 4,
        wasm_encoder::ValType::V128 => 5,
        wasm_encoder::ValType::Ref(_) => 6,
    }
}

fn names(imported: &[(&str, Signature)], functions: &[Defined]) -> NameSection {
    let (mut names, mut locals, mut labels) = (NameMap::new(), IndirectNameMap::new(), IndirectNameMap::new());
    for (index, (name, _)) in imported.iter().enumerate() {
        names.append(index as u32, name);
    }
    for (place, defined) in functions.iter().enumerate() {
        let index = (imported.len() + place) as u32;
        names.append(index, &defined.name);
        let Some(body) = &defined.body else { continue };
        if !body.locals.is_empty() {
            locals.append(index, &map(body.locals.iter().map(|(local, name)| (*local, name.as_str()))));
        }
        if !body.labels.is_empty() {
            labels.append(index, &map(body.labels.iter().copied()));
        }
    }
    names.append((imported.len() + functions.len()) as u32, "start");
    let mut section = NameSection::new();
    section.module("flow");
    section.functions(&names);
    section.locals(&locals);
    section.labels(&labels);
    section
}

fn map<'a>(entries: impl Iterator<Item = (u32, &'a str)>) -> NameMap {
    let mut map = NameMap::new();
    for (index, name) in entries {
        map.append(index, name);
    }
    map
}
