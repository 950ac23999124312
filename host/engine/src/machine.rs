//! A compiled flow: told events, it answers with commands. It imports nothing, so its calls never wait and are made directly.

mod wire;

use crate::component::deadline;
use crate::engine::Ready;
use crate::limits::Limiter;
use crate::runtime::{IMPORT, Rewritten};
use crate::slots::Slot;
use crate::ticker::{Beat, TICK};
use crate::{Engine, Limits, Profile, trap};
use loomwork_journal::Event;
use loomwork_types::Fault;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::component::{Component, InstancePre, Linker, TypedFunc};
use wasmtime::{Store, UpdateDeadline};

/// What the machine wants done. Inputs, payloads and outputs are JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Call {
        step: u32,
        node: u32,
        attempt: u32,
        /// The first attempt's step.
        first: u32,
        deadline: Option<u64>,
        input: String,
    },
    Sleep {
        step: u32,
        at: u64,
    },
    Listen {
        step: u32,
        node: u32,
        name: String,
        key: String,
    },
    /// `about` is what `loomwork_check::Question` reads.
    Ask {
        step: u32,
        node: u32,
        due: Option<u64>,
        about: String,
    },
    Cancel(u32),
    Emit {
        event: String,
        payload: String,
    },
    Respond(String),
    Finish(String),
    Abort(Fault),
}

/// What a machine may use.
const MEMORY: usize = 64 << 20;
/// One `advance`: a flow's own work is microseconds to milliseconds; its expressions are bounded by their cost before this.
const TIME: Duration = Duration::from_secs(5);

/// A flow's component, ready to be instantiated. Cloning shares it.
#[derive(Clone)]
pub struct MachineTemplate {
    shared: Arc<Template>,
}

struct Template {
    engine: Engine,
    linked: InstancePre<Limiter>,
    limits: Limits,
    exports: wire::Exports,
}

/// One run of a flow. Dropping it ends it.
pub struct Machine {
    store: Store<Limiter>,
    functions: Functions,
    template: Arc<Template>,
    /// True once a call has failed: the guest's state cannot be trusted any more.
    broken: bool,
    _slot: Slot,
}

type Advanced = Result<Vec<wire::Command>, wire::Fault>;

struct Functions {
    describe: TypedFunc<(), (String,)>,
    advance: TypedFunc<(Vec<wire::Event>,), (Advanced,)>,
    save: TypedFunc<(), (Vec<u8>,)>,
    restore: TypedFunc<(Vec<u8>,), (Result<(), String>,)>,
}

impl MachineTemplate {
    pub(crate) async fn load(engine: &Engine, bytes: &[u8]) -> Result<Self, Fault> {
        let ready = engine.ready(Profile::Flow)?;
        let mut linker = Linker::new(&ready.engine);
        let component = link(engine, ready, &mut linker, bytes).await?;
        let exports = wire::Exports::of(&component).ok_or_else(not_a_flow)?;
        let linked = linker.instantiate_pre(&component).map_err(|error| invalid(&error))?;
        let limits = Limits { memory: MEMORY, time: TIME, ..Limits::default() };
        Ok(Self { shared: Arc::new(Template { engine: engine.clone(), linked, limits, exports }) })
    }

    /// The same flow with other bounds for each machine; `time` bounds one call of it.
    pub fn with_limits(self, limits: Limits) -> Self {
        let Template { engine, linked, exports, .. } = &*self.shared;
        let (engine, linked, exports) = (engine.clone(), linked.clone(), exports.clone());
        Self { shared: Arc::new(Template { engine, linked, limits, exports }) }
    }

    /// Makes a machine at once; `limit.busy` if the pool is full.
    pub fn instantiate(&self) -> Result<Machine, Fault> {
        let slot = self.shared.engine.ready(Profile::Flow)?.slots.take_now()?;
        Machine::start(&self.shared, slot)
    }

    /// Makes a machine, waiting for a place in the pool as long as the engine's patience lasts.
    pub async fn instantiate_soon(&self) -> Result<Machine, Fault> {
        let slot = self.shared.engine.ready(Profile::Flow)?.slots.take().await?;
        Machine::start(&self.shared, slot)
    }
}

/// Compiles a flow, its runtime only if this host does not have it already.
async fn link(engine: &Engine, ready: &Ready, linker: &mut Linker<Limiter>, bytes: &[u8]) -> Result<Component, Fault> {
    let shared = &engine.shared;
    let rewritten = shared.runtimes.rewrite(bytes);
    let component: Component = match &rewritten {
        Some(Rewritten { runtime, bytes }) => {
            let runtime = shared.runtime(ready, runtime.digest, runtime.module).await?;
            linker.root().module(IMPORT, &runtime).map_err(|error| invalid(&error))?;
            shared.compiler.compile(ready, bytes.as_slice().into()).await?
        }
        None => shared.compiler.compile(ready, bytes.into()).await?,
    };
    let names = component.component_type();
    let mut imports = names.imports(&ready.engine).map(|(name, _)| name);
    match imports.find(|name| rewritten.is_none() || *name != IMPORT) {
        Some(name) => Err(Fault::new("flow.imports", format!("a flow imports nothing, but this one imports `{name}`"))),
        None => Ok(component),
    }
}

fn invalid(error: &wasmtime::Error) -> Fault {
    Fault::new("component.invalid", error.to_string())
}

fn not_a_flow() -> Fault {
    Fault::new("flow.not_a_flow", "the component does not export `loom:flow/machine@0.1.0`")
}

impl Machine {
    fn start(template: &Arc<Template>, slot: Slot) -> Result<Self, Fault> {
        let mut store = Store::new(template.linked.engine(), Limiter::new(&template.limits));
        store.limiter(|limiter| limiter);
        let _beat = bound(&mut store, template);
        let instance = template.linked.instantiate(&mut store).map_err(|error| trap::fault(&error, store.data()))?;
        let functions = template.exports.functions(&mut store, &instance).map_err(|_| not_a_flow())?;
        Ok(Self { store, functions, template: template.clone(), broken: false, _slot: slot })
    }

    /// JSON: the document's digest, the compiler's version, and the flow's nodes by index.
    pub fn describe(&mut self) -> Result<String, Fault> {
        self.call(|store, functions| functions.describe.call(store, ()).map(|(text,)| text))
    }

    /// Tells the machine what happened and takes its commands, both in order. After a fault the machine is of no more use.
    pub fn advance(&mut self, events: &[Event]) -> Result<Vec<Command>, Fault> {
        let events: Vec<wire::Event> = events.iter().cloned().map(wire::Event::from).collect();
        let answer = self.call(|store, functions| functions.advance.call(store, (events,)).map(|(answer,)| answer))?;
        match answer {
            Ok(commands) => Ok(commands.into_iter().map(Command::from).collect()),
            Err(fault) => {
                self.broken = true;
                Err(fault.into())
            }
        }
    }

    /// The whole state, for [`Machine::restore`] on a machine of the same template.
    pub fn save(&mut self) -> Result<Vec<u8>, Fault> {
        self.call(|store, functions| functions.save.call(store, ()).map(|(state,)| state))
    }

    /// Takes on a saved state. Only on a fresh machine.
    pub fn restore(&mut self, state: &[u8]) -> Result<(), Fault> {
        let answer = self.call(|store, functions| functions.restore.call(store, (state.to_vec(),)).map(|(answer,)| answer))?;
        answer.map_err(|message| {
            self.broken = true;
            Fault::new("flow.bad_state", message)
        })
    }

    /// Bytes of linear memory in use.
    pub fn memory(&self) -> usize {
        self.store.data().memory()
    }

    fn call<R>(&mut self, work: impl FnOnce(&mut Store<Limiter>, &Functions) -> wasmtime::Result<R>) -> Result<R, Fault> {
        if self.broken {
            return Err(Fault::new("flow.broken", "the machine has failed before"));
        }
        let _beat = bound(&mut self.store, &self.template);
        work(&mut self.store, &self.functions).map_err(|error| {
            self.broken = true;
            trap::fault(&error, self.store.data())
        })
    }
}

/// Gives the next call its time.
fn bound<'t>(store: &mut Store<Limiter>, template: &'t Template) -> Beat<'t> {
    let beat = template.engine.shared.ticker.beat();
    let end = deadline(template.limits.time);
    store.set_epoch_deadline(1);
    store.set_hostcall_fuel(template.limits.output.max(MEMORY));
    store.epoch_deadline_callback(move |_| {
        let over = std::time::Instant::now() >= end;
        Ok(if over { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(CHECKS) })
    });
    beat
}

/// Ticks between two looks at the clock.
const CHECKS: u64 = 1 + 4 / TICK.as_millis() as u64;

impl std::fmt::Debug for MachineTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MachineTemplate").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine").field("broken", &self.broken).finish_non_exhaustive()
    }
}
