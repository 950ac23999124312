//! Where generated code runs in tests: the committed runtime and a module of expressions, linked by wasmtime.

use loomwork_expr::generate::single;
use loomwork_expr::ir::Checked;
use loomwork_value::{EvalError, Value, tagged};
use std::sync::OnceLock;
use wasmtime::{Config, Engine, Instance, Linker, Memory, Module, OptLevel, Store, TypedFunc};

pub type Answer = Result<Value, single::Failure>;

/// An instance that evaluates the expressions of one module.
pub struct Stage {
    store: Store<()>,
    memory: Memory,
    runtime: Instance,
    eval: TypedFunc<(i32, i32, i32), i32>,
}

impl Stage {
    pub fn new(expressions: &[&Checked]) -> Self {
        Self::of_module(&single::module(expressions).module)
    }

    pub fn of_module(module: &[u8]) -> Self {
        let (engine, runtime) = runtime();
        let module = Module::new(engine, module).unwrap_or_else(|error| panic!("{error:?}\n{}", print(module)));
        let mut store = Store::new(engine, ());
        let mut linker = Linker::new(engine);
        let runtime = linker.instantiate(&mut store, runtime).expect("the runtime imports nothing");
        linker.instance(&mut store, "rt", runtime).expect("names are unique");
        let instance = linker.instantiate(&mut store, &module).expect("the runtime has all that generated code imports");
        let memory = runtime.get_memory(&mut store, "memory").expect("the runtime exports its memory");
        let eval = instance.get_typed_func(&mut store, "eval").expect("the module exports eval");
        Self { store, memory, runtime, eval }
    }

    /// Sets the cost limit of evaluations.
    pub fn limit(&mut self, limit: u64) {
        let set = self.runtime.get_typed_func::<u64, ()>(&mut self.store, "set_limit").expect("the runtime exports it");
        set.call(&mut self.store, limit).expect("a limit can be set");
    }

    pub fn eval(&mut self, expression: u32, bindings: &[u8]) -> Answer {
        let realloc = self.runtime.get_typed_func::<(i32, i32, i32, i32), i32>(&mut self.store, "cabi_realloc");
        let realloc = realloc.expect("the runtime exports it");
        let length = bindings.len() as i32;
        let address = realloc.call(&mut self.store, (0, 0, 1, length)).expect("there is memory");
        self.memory.write(&mut self.store, address as usize, bindings).expect("the address is in memory");
        let answer = self.eval.call(&mut self.store, (expression as i32, address, length)).expect("generated code does not trap");
        realloc.call(&mut self.store, (address, length, 1, 0)).expect("memory can be given back");
        let data = &self.memory.data(&self.store)[answer as usize..];
        let (length, bytes) = data.split_first_chunk::<4>().expect("the answer has a length");
        single::answer(&bytes[..u32::from_le_bytes(*length) as usize]).expect("the answer is well formed")
    }
}

pub fn print(module: &[u8]) -> String {
    wasmprinter::print_bytes(module).expect("the module can be printed")
}

fn runtime() -> &'static (Engine, Module) {
    static RUNTIME: OnceLock<(Engine, Module)> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../compile/runtime/full.wasm");
        let bytes = std::fs::read(path).expect("the runtime is built: `cargo xtask runtime`");
        let engine = Engine::new(Config::new().cranelift_nan_canonicalization(true).cranelift_opt_level(OptLevel::None))
            .expect("this machine has an engine");
        let module = Module::new(&engine, bytes).expect("the runtime is a module");
        (engine, module)
    })
}

/// The same value, written the same way, or an error with the same code.
pub fn agree(expected: &Result<Value, EvalError>, answer: &Answer) -> bool {
    match (expected, answer) {
        (Ok(expected), Ok(answer)) => written(expected) == written(answer),
        (Err(expected), Err(answer)) => expected.code == answer.code,
        _ => false,
    }
}

fn written(value: &Value) -> String {
    let mut out = String::new();
    tagged::write(value, &mut out);
    out
}
