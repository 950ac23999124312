//! Values by handle, and everything generated code does with them.
//!
//! In reading order: [`arena`] holds values; [`start`] loads constants and begins evaluations; [`failure`] holds errors;
//! then what is exported, by subject. A handle is valid until the arena is released below it or reset.

pub mod arena;
pub mod container;
mod export;
pub mod failure;
pub mod json;
pub mod library;
pub mod operator;
pub mod round;
pub mod scalar;
pub mod start;

pub use arena::{FALSE, FIRST_CONSTANT, NULL, TRUE};

use arena::Arena;
use loomwork_types::{Fault, Type};
use loomwork_value::{EvalError, Meter, Value};
use std::cell::UnsafeCell;

/// The state of the runtime: one per module instance.
pub struct Runtime {
    arena: Arena,
    types: Vec<Type>,
    /// Why the last call that gave 0 did.
    error: Option<Fault>,
    /// Errors set aside by `&&`, `||`, `all` and `exists`, by slot.
    held: Vec<Option<Fault>>,
    meter: Meter,
    /// The budget of each evaluation.
    limit: u64,
    /// JSON text under construction.
    json: String,
    /// What `answer` gave last.
    answer: Vec<u8>,
}

impl Runtime {
    const fn new() -> Self {
        Self {
            arena: Arena::new(),
            types: Vec::new(),
            error: None,
            held: Vec::new(),
            meter: Meter::new(Meter::DEFAULT),
            limit: Meter::DEFAULT,
            json: String::new(),
            answer: Vec::new(),
        }
    }

    /// The value of a handle; null for one that is not valid.
    pub fn get(&self, handle: i32) -> &Value {
        self.arena.get(handle)
    }

    /// Gives a value a handle.
    #[inline(never)]
    pub fn put(&mut self, value: Value) -> i32 {
        match self.arena.put(value) {
            Some(handle) => handle,
            None => self.fail(Fault::new("limit.memory", "out of memory")),
        }
    }

    /// The type with a number in the module's table; `json` for one that is not there.
    pub fn ty(&self, number: u32) -> &Type {
        self.types.get(number as usize).unwrap_or(&Type::Json)
    }

    /// Forgets all values but the constants.
    pub fn reset(&mut self) {
        self.arena.reset();
    }

    /// Why the last call failed; takes it away.
    pub fn take_error(&mut self) -> Option<Fault> {
        self.error.take()
    }

    /// Keeps why something failed; gives 0.
    #[inline(never)]
    pub fn fail(&mut self, error: Fault) -> i32 {
        self.error = Some(error);
        0
    }

    /// A handle, or 0 with the error kept.
    #[inline(never)]
    fn outcome(&mut self, result: Result<Value, EvalError>) -> i32 {
        match result {
            Ok(value) => self.put(value),
            Err(error) => self.fail(fault(error)),
        }
    }

    #[inline(never)]
    fn truth(&mut self, result: Result<bool, EvalError>) -> i32 {
        match result {
            Ok(truth) => arena::bool_handle(truth),
            Err(error) => self.fail(fault(error)),
        }
    }
}

/// Runs something on the runtime of this instance. Not to be called again from inside.
#[inline]
pub fn with<T>(work: impl FnOnce(&mut Runtime) -> T) -> T {
    thread_local! {
        static RUNTIME: UnsafeCell<Runtime> = const { UnsafeCell::new(Runtime::new()) };
    }
    let runtime = RUNTIME.with(UnsafeCell::get);
    // SAFETY: the cell is this thread's own and lives as long as it, and nothing that `with` is given calls `with`: exported
    // functions call neither each other nor generated code.
    work(unsafe { &mut *runtime })
}

fn fault(error: EvalError) -> Fault {
    Fault::new(error.code, error.message)
}
