//! A loaded package: its functions are called with JSON and answer with JSON or a fault.

use crate::engine::Ready;
use crate::mapping::{Arguments, Raw, Returned, failed, to_json};
use crate::trap;
use crate::warm::{Guest, Warm};
use crate::{Call, Context, Engine, Grants, Need, Profile, State, needs};
use loomwork_catalog::{Effect, Function, Package};
use loomwork_types::{Fault, Record, Type};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use wasmtime::component::{ComponentExportIndex, InstancePre};

/// A component ready to be called. Cloning shares it.
#[derive(Clone)]
pub struct Component {
    loaded: Arc<Loaded>,
}

struct Loaded {
    engine: Engine,
    profile: Profile,
    package: Arc<Package>,
    native: wasmtime::component::Component,
    /// Made at the first call that may run.
    linked: OnceLock<Result<InstancePre<State>, Fault>>,
    needs: Vec<Need>,
    functions: HashMap<Arc<str>, Entry>,
    warm: Warm,
}

/// One function, found once.
struct Entry {
    export: ComponentExportIndex,
    params: Arc<Record>,
    output: Option<Type>,
    error: Option<Type>,
    fallible: bool,
    effect: Effect,
}

impl Component {
    pub(crate) async fn load(engine: &Engine, bytes: &[u8], package: Package, profile: Profile) -> Result<Self, Fault> {
        let ready = engine.ready(profile)?;
        let native = engine.shared.compiler.compile(ready, bytes.into()).await?;
        let functions = package.functions.iter().map(|function| Ok((function.path.clone(), entry(&native, function)?)));
        let functions = functions.collect::<Result<_, Fault>>()?;
        let needs = needs::of(&native);
        let (engine, linked, warm) = (engine.clone(), OnceLock::new(), Warm::new(package.reuse));
        Ok(Self {
            loaded: Arc::new(Loaded { engine, profile, package: Arc::new(package), native, linked, needs, functions, warm }),
        })
    }

    pub fn package(&self) -> &Arc<Package> {
        &self.loaded.package
    }

    /// The interfaces it imports beyond the inert WASI baseline.
    pub fn needs(&self) -> &[Need] {
        &self.loaded.needs
    }

    /// Refuses, by name, what these grants do not cover: `capability.not_granted`, `capability.unknown`.
    pub fn check(&self, grants: &Grants) -> Result<(), Fault> {
        needs::check(&self.loaded.needs, &self.loaded.engine.shared.capabilities, grants, &self.loaded.package.id)
    }

    /// Calls the function at `path` (`text#split`) with a JSON object by parameter name, in a sandbox of its own. Dropping the
    /// future ends the call. An `err` of the function is a fault named after its case: `http.too_large`.
    pub async fn call(&self, path: &str, input: &str, call: Call) -> Result<String, Fault> {
        let function = self.loaded.functions.get(path).ok_or_else(|| self.no_function(path))?;
        self.check(&call.grants)?;
        let arguments = Arguments::read(&function.params, input)?;
        let deadline = deadline(call.limits.time);
        let answer = self.loaded.run(function, arguments, &call, deadline);
        // The epoch ends a guest that computes; this ends one that waits for the host.
        match tokio::time::timeout_at(deadline.into(), answer).await {
            Ok(answer) => answer,
            Err(_) => Err(trap::out_of_time()),
        }
    }

    fn no_function(&self, path: &str) -> Fault {
        let package = &self.loaded.package;
        if let Some(unusable) = package.unusable.iter().find(|unusable| &*unusable.path == path) {
            return Fault::new(
                "component.unusable_function",
                format!("`{path}` of {} cannot be called: {}", package.id, unusable.reason),
            );
        }
        Fault::new("component.no_function", format!("{} has no function `{path}`", package.id))
    }
}

/// A year is as good as for ever, and never overflows.
pub(crate) fn deadline(time: Duration) -> Instant {
    Instant::now() + time.min(Duration::from_secs(366 * 86_400))
}

fn entry(native: &wasmtime::component::Component, function: &Function) -> Result<Entry, Fault> {
    let missing =
        || Fault::new("component.mismatch", format!("the component does not export `{}` as its package says", function.path));
    let interface = match &function.interface {
        Some(interface) => Some(native.get_export_index(None, &**interface).ok_or_else(missing)?),
        None => None,
    };
    Ok(Entry {
        export: native.get_export_index(interface.as_ref(), &*function.name).ok_or_else(missing)?,
        params: Arc::new(Record { name: None, fields: function.params.clone() }),
        output: function.output.clone(),
        error: function.error.clone(),
        fallible: function.fallible,
        effect: function.effect,
    })
}

impl Loaded {
    async fn run(&self, function: &Entry, arguments: Arguments, call: &Call, deadline: Instant) -> Result<String, Fault> {
        let _beat = self.engine.shared.ticker.beat();
        let context = self.context(function, call);
        let mut guest = self.guest(call, &context, deadline).await?;
        let returned = guest.call(&function.export, arguments).await;
        guest.store.data_mut().finish();
        let raw = match returned {
            Ok(Returned(raw)) => raw,
            Err(error) => return Err(trap::fault(&error, &guest.store.data().limiter)),
        };
        self.warm.put(&context.project, guest);
        self.answer(function, raw, call.limits.output)
    }

    fn context(&self, function: &Entry, call: &Call) -> Arc<Context> {
        if call.context.effect == Some(function.effect) {
            return call.context.clone();
        }
        // The engine knows best what the function declares; a caller may only bind it more tightly than a write.
        let effect = call.context.effect.filter(|_| function.effect == Effect::Write).unwrap_or(function.effect);
        Arc::new(Context { effect: Some(effect), ..(*call.context).clone() })
    }

    /// An instance that nobody else uses.
    async fn guest(&self, call: &Call, context: &Arc<Context>, deadline: Instant) -> Result<Guest, Fault> {
        if let Some(mut guest) = self.warm.take(&context.project) {
            guest.renew(call, context.clone(), &self.needs, deadline);
            return Ok(guest);
        }
        let ready = self.engine.ready(self.profile)?;
        let slot = ready.slots.take().await?;
        let state = State::new(call, context.clone(), &self.needs, deadline);
        Guest::start(self.linked(ready)?, state, call, slot).await
    }

    fn linked(&self, ready: &Ready) -> Result<&InstancePre<State>, Fault> {
        let linked = self.linked.get_or_init(|| {
            ready.linker.instantiate_pre(&self.native).map_err(|error| {
                let message = format!("{} imports something this host offers in another shape: {error:#}", self.package.id);
                Fault::new("capability.unknown", message)
            })
        });
        linked.as_ref().map_err(Clone::clone)
    }

    fn answer(&self, function: &Entry, raw: Option<Raw>, limit: usize) -> Result<String, Fault> {
        match (function.fallible, raw) {
            (false, raw) => to_json(raw, function.output.as_ref(), limit),
            (true, Some(Raw::Case(0, payload))) => to_json(payload.map(|raw| *raw), function.output.as_ref(), limit),
            (true, Some(Raw::Case(_, payload))) => {
                Err(failed(&self.package.id, payload.map(|raw| *raw), function.error.as_ref(), limit))
            }
            (true, _) => Err(Fault::new(trap::BAD_RESULT, "the component's function has another type than its package says")),
        }
    }
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component").field("package", &self.loaded.package.id).finish_non_exhaustive()
    }
}
