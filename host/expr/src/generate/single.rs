//! Expressions on their own: a module of generated functions that runs beside the runtime, without a flow around them.
//!
//! For `loom eval --backend wasm` and for the tests that hold both back ends equal. Whoever runs it instantiates a runtime
//! module of the needed slices, gives its exports to this module as [`runtime::MODULE`], writes [`bindings`] into memory
//! that `cabi_realloc` gave, calls `eval(expression, address, length)`, and reads the answer with [`answer`].

use super::{Generated, Pool, Target, generate, runtime};
use crate::ir::Checked;
use loomwork_value::library::Slice;
use loomwork_value::{Key, Map, Value, binary};
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, IndirectNameMap, Instruction as I, MemoryType, Module, NameMap, NameSection,
    RefType, StartSection, TableSection, TableType, TypeSection, ValType,
};

/// A module of expressions, and what it needs beside it.
pub struct Single {
    /// Imports memory and functions from `rt`; exports `eval`.
    pub module: Vec<u8>,
    /// The slices of the runtime it uses, besides the core.
    pub slices: BTreeSet<Slice>,
}

/// Why an expression has no value, as the runtime says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: String,
    pub message: String,
}

/// Generates the module; expressions are numbered from 0.
pub fn module(expressions: &[&Checked]) -> Single {
    let mut plan = Plan::default();
    // The first pass learns what is used, the second knows where it is.
    functions(expressions, &mut plan);
    let functions = functions(expressions, &mut plan);
    let slices = plan.slices();
    Single { module: assemble(&plan, &functions), slices }
}

/// The bytes of what roots are bound to, by root number.
pub fn bindings(roots: impl IntoIterator<Item = (u32, Value)>) -> Vec<u8> {
    let mut map = Map::default();
    for (root, value) in roots {
        map.insert(Key::Int(root.into()), value);
    }
    let mut out = Vec::new();
    binary::write(&map.into(), &mut out);
    out
}

/// Reads what `eval` gave: the bytes after the length at its address. None if they are no answer.
pub fn answer(mut bytes: &[u8]) -> Option<Result<Value, Failure>> {
    let (ok, rest) = bytes.split_first()?;
    bytes = rest;
    let first = binary::read(&mut bytes)?;
    if *ok == 1 {
        return Some(Ok(first));
    }
    match (first, binary::read(&mut bytes)?) {
        (Value::String(code), Value::String(message)) => {
            Some(Err(Failure { code: code.to_string(), message: message.to_string() }))
        }
        _ => None,
    }
}

/// What the module consists of: imported functions first, then root readers, then expressions, then `eval` and the start.
#[derive(Default)]
struct Plan {
    imports: BTreeMap<String, u32>,
    roots: BTreeMap<u32, u32>,
    pool: Pool,
}

impl Target for Plan {
    fn runtime(&mut self, name: &str) -> u32 {
        let next = self.imports.len() as u32;
        *self.imports.entry(name.to_owned()).or_insert(next)
    }

    fn root(&mut self, root: u32) -> u32 {
        let next = self.roots.len() as u32;
        let reader = *self.roots.entry(root).or_insert(next);
        self.imports.len() as u32 + reader
    }

    fn constant(&mut self, value: &Value) -> u32 {
        self.pool.constant(value)
    }
}

impl Plan {
    fn slices(&self) -> BTreeSet<Slice> {
        self.imports.keys().map(|name| runtime::slice(name)).filter(|slice| *slice != Slice::Core).collect()
    }

    fn by_place<T: Clone>(map: &BTreeMap<T, u32>) -> Vec<T> {
        let mut entries: Vec<_> = map.iter().map(|(key, place)| (*place, key.clone())).collect();
        entries.sort_by_key(|(place, _)| *place);
        entries.into_iter().map(|(_, key)| key).collect()
    }
}

/// A function with its name and type.
struct Named {
    name: String,
    params: Vec<ValType>,
    results: Vec<ValType>,
    generated: Generated,
}

fn functions(expressions: &[&Checked], plan: &mut Plan) -> Vec<Named> {
    let bodies: Vec<_> = expressions.iter().map(|checked| generate(checked, plan)).collect();
    let readers: Vec<_> = Plan::by_place(&plan.roots).into_iter().map(|root| reader(root, plan)).collect();
    let expressions = bodies.into_iter().enumerate().map(|(number, body)| on_frame(format!("expression_{number}"), body));
    let closing = [eval(plan), start(plan)];
    readers.into_iter().chain(expressions).chain(closing).collect()
}

fn on_frame(name: String, generated: Generated) -> Named {
    Named { name, params: vec![ValType::I32], results: vec![ValType::I32], generated }
}

fn plain(locals: &[ValType], code: &[I<'static>]) -> Generated {
    let mut function = Function::new_with_locals_types(locals.iter().copied());
    code.iter().for_each(|instruction| {
        function.instruction(instruction);
    });
    function.instruction(&I::End);
    Generated { function, locals: Vec::new(), labels: Vec::new(), roots: BTreeSet::new() }
}

/// `(bindings) -> handle`: a root is an entry of the bindings.
fn reader(root: u32, plan: &mut Plan) -> Named {
    let key = plan.constant(&Value::Int(root.into())) as i32;
    let code = [I::LocalGet(0), I::I32Const(key), I::Call(plan.runtime("entry"))];
    on_frame(format!("root_{root}"), plain(&[], &code))
}

/// `(expression, address, length) -> address of the answer`
fn eval(plan: &mut Plan) -> Named {
    let code = [
        I::Call(plan.runtime("reset")),
        I::LocalGet(1),
        I::LocalGet(2),
        I::Call(plan.runtime("read")),
        I::LocalGet(0),
        I::CallIndirect { type_index: FRAME_TYPE, table_index: 0 },
        I::Call(plan.runtime("answer")),
    ];
    Named { name: "eval".into(), params: vec![ValType::I32; 3], results: vec![ValType::I32], generated: plain(&[], &code) }
}

/// Gives constants to the runtime.
fn start(plan: &mut Plan) -> Named {
    let length = plan.pool.bytes().len() as i32;
    let realloc = plan.runtime("cabi_realloc");
    let code = [
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
        I::Call(plan.runtime("load")),
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
    ];
    Named { name: "start".into(), params: vec![], results: vec![], generated: plain(&[ValType::I32], &code) }
}

/// The type `(i32) -> i32` is the module's first.
const FRAME_TYPE: u32 = 0;

/// The types of the module's functions, each once.
struct Types {
    section: TypeSection,
    places: BTreeMap<Vec<u8>, u32>,
}

impl Types {
    fn new() -> Self {
        let mut types = Self { section: TypeSection::new(), places: BTreeMap::new() };
        types.place(&[ValType::I32], &[ValType::I32]);
        types
    }

    fn place(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let key = format!("{params:?} {results:?}").into_bytes();
        let next = self.places.len() as u32;
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        self.section.ty().function(params.iter().copied(), results.iter().copied());
        self.places.insert(key, next);
        next
    }
}

fn assemble(plan: &Plan, functions: &[Named]) -> Vec<u8> {
    let first = plan.imports.len() as u32;
    let readers = plan.roots.len() as u32;
    let last = first + functions.len() as u32 - 1;
    let expressions: Vec<u32> = (first + readers..last - 1).collect();

    let mut types = Types::new();
    let imports = imports(plan, &mut types);
    let mut declared = FunctionSection::new();
    let mut code = CodeSection::new();
    for named in functions {
        declared.function(types.place(&named.params, &named.results));
        code.function(&named.generated.function);
    }
    let mut table = TableSection::new();
    let size = expressions.len() as u64;
    table.table(TableType { element_type: RefType::FUNCREF, minimum: size, maximum: Some(size), table64: false, shared: false });
    let mut exports = ExportSection::new();
    exports.export("eval", ExportKind::Func, last - 1);
    let mut elements = ElementSection::new();
    elements.active(Some(0), &ConstExpr::i32_const(0), Elements::Functions((&expressions).into()));
    let mut data = DataSection::new();
    data.passive(plan.pool.bytes());

    let mut module = Module::new();
    module.section(&types.section).section(&imports).section(&declared).section(&table).section(&exports);
    module.section(&StartSection { function_index: last }).section(&elements).section(&DataCountSection { count: 1 });
    module.section(&code).section(&data).section(&names(plan, functions));
    module.finish()
}

fn imports(plan: &Plan, types: &mut Types) -> ImportSection {
    let mut section = ImportSection::new();
    for name in Plan::by_place(&plan.imports) {
        let (params, results) = runtime::signature(&name).expect("generated code calls only what the runtime has");
        section.import(runtime::MODULE, &name, EntityType::Function(types.place(params, results)));
    }
    let memory = MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None };
    section.import(runtime::MODULE, "memory", EntityType::Memory(memory));
    section
}

/// The name section, so that the module reads well as text.
fn names(plan: &Plan, functions: &[Named]) -> NameSection {
    let (mut own, mut locals, mut labels) = (NameMap::new(), IndirectNameMap::new(), IndirectNameMap::new());
    for (place, name) in Plan::by_place(&plan.imports).iter().enumerate() {
        own.append(place as u32, name);
    }
    for (place, named) in functions.iter().enumerate() {
        let index = (plan.imports.len() + place) as u32;
        own.append(index, &named.name);
        locals.append(index, &name_map(named.generated.locals.iter().map(|(place, name)| (*place, name.as_str()))));
        labels.append(index, &name_map(named.generated.labels.iter().copied()));
    }
    let mut section = NameSection::new();
    section.functions(&own);
    section.locals(&locals);
    section.labels(&labels);
    section
}

fn name_map<'a>(names: impl Iterator<Item = (u32, &'a str)>) -> NameMap {
    let mut map = NameMap::new();
    names.for_each(|(place, name)| map.append(place, name));
    map
}
