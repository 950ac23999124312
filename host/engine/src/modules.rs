//! Generated code of a single expression, run beside the runtime module it is linked with.

use crate::limits::Limiter;
use crate::{Engine, Limits, Profile, trap};
use loomwork_types::Fault;
use std::time::{Duration, Instant};
use wasmtime::{Linker, Module, Store, UpdateDeadline};

/// Runs `eval` of the core module `generated`, linked with the core module `runtime` under the name `rt`, on `input`.
///
/// The runtime exports `memory` and `cabi_realloc`. `eval(pointer, length)` answers with the address of two 32-bit numbers:
/// where its answer lies and how long it is.
pub async fn run_modules(
    engine: &Engine,
    runtime: &[u8],
    generated: &[u8],
    input: &[u8],
) -> Result<Vec<u8>, Fault> {
    let ready = engine.ready(Profile::Flow)?;
    let wasm = ready.engine.clone();
    let modules = (runtime.to_vec(), generated.to_vec());
    let compiled = tokio::task::spawn_blocking(move || {
        Ok::<_, wasmtime::Error>((
            Module::new(&wasm, modules.0)?,
            Module::new(&wasm, modules.1)?,
        ))
    });
    let compiled = compiled
        .await
        .map_err(|_| Fault::new("component.invalid", "compiling was broken off"))?;
    let (runtime, generated) =
        compiled.map_err(|error| Fault::new("component.invalid", format!("{error:#}")))?;
    let _slot = ready.slots.take().await?;
    let _beat = engine.shared.ticker.beat();
    let mut store = Store::new(
        &ready.engine,
        Limiter::new(&Limits {
            memory: 64 << 20,
            ..Limits::default()
        }),
    );
    store.limiter(|limiter| limiter);
    let end = Instant::now() + Duration::from_secs(5);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        Ok(if Instant::now() >= end {
            UpdateDeadline::Interrupt
        } else {
            UpdateDeadline::Continue(2)
        })
    });
    run(&mut store, &runtime, &generated, input).map_err(|error| trap::fault(&error, store.data()))
}

fn run(
    store: &mut Store<Limiter>,
    runtime: &Module,
    generated: &Module,
    input: &[u8],
) -> wasmtime::Result<Vec<u8>> {
    let mut linker = Linker::new(store.engine());
    let instance = linker.instantiate(&mut *store, runtime)?;
    linker.instance(&mut *store, "rt", instance)?;
    let memory = instance
        .get_memory(&mut *store, "memory")
        .ok_or_else(|| wasmtime::format_err!("the runtime has no memory"))?;
    let realloc =
        instance.get_typed_func::<(u32, u32, u32, u32), u32>(&mut *store, "cabi_realloc")?;
    let eval = linker
        .instantiate(&mut *store, generated)?
        .get_typed_func::<(u32, u32), u32>(&mut *store, "eval")?;
    let length = u32::try_from(input.len())?;
    let start = realloc.call(&mut *store, (0, 0, 8, length))?;
    memory.write(&mut *store, start as usize, input)?;
    let answer = eval.call(&mut *store, (start, length))? as usize;
    let mut place = [0; 8];
    memory.read(&*store, answer, &mut place)?;
    let half = |from: usize| {
        u32::from_le_bytes([
            place[from],
            place[from + 1],
            place[from + 2],
            place[from + 3],
        ]) as usize
    };
    let bytes = memory
        .data(&*store)
        .get(half(0)..)
        .and_then(|rest| rest.get(..half(4)));
    bytes
        .map(<[u8]>::to_vec)
        .ok_or_else(|| wasmtime::format_err!("the answer lies outside the memory"))
}
