//! Generated code of single expressions, run beside the runtime module it is linked with.

use crate::component::deadline;
use crate::limits::Limiter;
use crate::slots::Slot;
use crate::ticker::Beat;
use crate::{Engine, Limits, Profile, trap};
use loomwork_types::Fault;
use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};
use wasmtime::{Linker, Memory, Module, Store, TypedFunc, UpdateDeadline, format_err};

/// A module of expressions and its runtime, which share a memory.
pub struct Expressions {
    store: Store<Limiter>,
    memory: Memory,
    realloc: TypedFunc<(u32, u32, u32, u32), u32>,
    eval: TypedFunc<(u32, u32, u32), u32>,
    engine: Engine,
    /// True once an evaluation has failed: the memory cannot be trusted any more.
    broken: bool,
    _slot: Slot,
}

/// What one evaluation may take; its cost is bounded before that.
const TIME: Duration = Duration::from_secs(5);
const MEMORY: usize = 64 << 20;

impl Expressions {
    /// Links the core module `generated` with the core module `runtime` under the name `rt`. The runtime exports `memory` and
    /// `cabi_realloc`, and stays compiled for the next time; `generated` exports `eval`.
    pub async fn load(engine: &Engine, runtime: &[u8], generated: &[u8]) -> Result<Self, Fault> {
        let ready = engine.ready(Profile::Flow)?;
        let runtime = engine.shared.runtime(ready, Sha256::digest(runtime).into(), runtime).await?;
        let generated: Module = engine.shared.compiler.compile(ready, generated.into()).await?;
        let slot = ready.slots.take().await?;
        let mut store = Store::new(&ready.engine, Limiter::new(&Limits { memory: MEMORY, ..Limits::default() }));
        store.limiter(|limiter| limiter);
        let beat = bound(&mut store, engine);
        let linked = link(&mut store, &runtime, &generated);
        drop(beat);
        match linked {
            Ok((memory, realloc, eval)) => {
                Ok(Self { store, memory, realloc, eval, engine: engine.clone(), broken: false, _slot: slot })
            }
            Err(error) => Err(trap::fault(&error, store.data())),
        }
    }

    /// Calls `eval(expression, address, length)` with `input` at the address. It answers with the address of its answer's length,
    /// 32 bits, which the answer follows.
    pub fn eval(&mut self, expression: u32, input: &[u8]) -> Result<Vec<u8>, Fault> {
        if self.broken {
            return Err(Fault::new("expr.broken", "an expression of this module has failed before"));
        }
        let engine = self.engine.clone();
        let _beat = bound(&mut self.store, &engine);
        self.run(expression, input).map_err(|error| {
            self.broken = true;
            trap::fault(&error, self.store.data())
        })
    }

    fn run(&mut self, expression: u32, input: &[u8]) -> wasmtime::Result<Vec<u8>> {
        let length = u32::try_from(input.len())?;
        let address = self.realloc.call(&mut self.store, (0, 0, 1, length))?;
        let room = self.memory.data_mut(&mut self.store).get_mut(address as usize..).and_then(|rest| rest.get_mut(..input.len()));
        room.ok_or_else(outside)?.copy_from_slice(input);
        let answer = self.eval.call(&mut self.store, (expression, address, length))?;
        self.realloc.call(&mut self.store, (address, length, 1, 0))?;
        let data = self.memory.data(&self.store).get(answer as usize..).ok_or_else(outside)?;
        let (length, rest) = data.split_first_chunk().ok_or_else(outside)?;
        rest.get(..u32::from_le_bytes(*length) as usize).map(<[u8]>::to_vec).ok_or_else(outside)
    }
}

fn outside() -> wasmtime::Error {
    format_err!("an address outside the memory")
}

fn bound<'e>(store: &mut Store<Limiter>, engine: &'e Engine) -> Beat<'e> {
    let end = deadline(TIME);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        Ok(if Instant::now() >= end { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(2) })
    });
    engine.shared.ticker.beat()
}

type Linked = (Memory, TypedFunc<(u32, u32, u32, u32), u32>, TypedFunc<(u32, u32, u32), u32>);

fn link(store: &mut Store<Limiter>, runtime: &Module, generated: &Module) -> wasmtime::Result<Linked> {
    let mut linker = Linker::new(store.engine());
    let runtime = linker.instantiate(&mut *store, runtime)?;
    linker.instance(&mut *store, "rt", runtime)?;
    let memory = runtime.get_memory(&mut *store, "memory").ok_or_else(|| format_err!("the runtime has no memory"))?;
    let realloc = runtime.get_typed_func(&mut *store, "cabi_realloc")?;
    let eval = linker.instantiate(&mut *store, generated)?.get_typed_func(&mut *store, "eval")?;
    Ok((memory, realloc, eval))
}

impl std::fmt::Debug for Expressions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expressions").field("broken", &self.broken).finish_non_exhaustive()
    }
}
