//! The engine: one per host, shared by cloning.

use crate::cache::Cache;
use crate::compile::Compiler;
use crate::digest::Mac;
use crate::runtime::Runtimes;
use crate::slots::Slots;
use crate::ticker::Ticker;
use crate::{Capability, Component, MachineTemplate, Profile, Sizes, State};
use loomwork_catalog::Package;
use loomwork_types::Fault;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use wasmtime::Module;
use wasmtime::component::Linker;

/// How an engine is set up. `Settings::default()` is right for most hosts; give `cache` a directory to start quickly.
pub struct Settings {
    /// What this host offers to guests.
    pub capabilities: Vec<Arc<dyn Capability>>,
    /// Where native code is kept. The directory is made private to the host's user.
    pub cache: Option<PathBuf>,
    pub cache_bytes: u64,
    /// How many instances may live at once.
    pub sizes: Sizes,
    /// How many components are compiled at the same time.
    pub compile_at_once: usize,
    /// Runtime modules that flows carry parts of. Those that a flow names are compiled once for all flows.
    pub runtimes: Vec<&'static [u8]>,
    /// How long a call waits for a free instance before it faults with `limit.busy`.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            capabilities: Vec::new(),
            cache: None,
            cache_bytes: 2 << 30,
            sizes: Sizes::default(),
            compile_at_once: 2,
            runtimes: Vec::new(),
            patience: Duration::from_secs(10),
        }
    }
}

/// Why an engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the directory for native code cannot be used: {path}")]
    Cache { path: PathBuf, source: std::io::Error },
    #[error("capability `{name}` cannot be linked")]
    Capability { name: String, source: wasmtime::Error },
    #[error("the ticker's thread does not start")]
    Ticker(#[source] std::io::Error),
    #[error("wasmtime does not start")]
    Wasmtime(#[source] wasmtime::Error),
}

/// Compiles and runs components. Cloning shares it; when the last clone, component and machine is dropped, its thread ends.
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub capabilities: Vec<Arc<dyn Capability>>,
    pub ticker: Ticker,
    pub compiler: Compiler,
    pub runtimes: Runtimes,
    sizes: Sizes,
    patience: Duration,
    profiles: [OnceLock<Result<Ready, String>>; 3],
    /// Runtime modules in use, by their bytes' digest.
    compiled: Mutex<Vec<(Mac, Module)>>,
}

/// A profile in use.
pub(crate) struct Ready {
    pub engine: wasmtime::Engine,
    pub linker: Linker<State>,
    pub slots: Slots,
}

impl Engine {
    /// Starts an engine. Profiles are made when their first component is loaded; capabilities are linked now, so that a mistake
    /// in one shows at once.
    pub fn new(settings: Settings) -> Result<Self, StartError> {
        let cache = match &settings.cache {
            Some(path) => {
                let opened = Cache::open(path, settings.cache_bytes);
                Some(Arc::new(opened.map_err(|source| StartError::Cache { path: path.clone(), source })?))
            }
            None => None,
        };
        let engine = Self {
            shared: Arc::new(Shared {
                capabilities: settings.capabilities,
                ticker: Ticker::start().map_err(StartError::Ticker)?,
                compiler: Compiler::new(settings.compile_at_once, cache),
                runtimes: Runtimes::new(&settings.runtimes),
                sizes: settings.sizes,
                patience: settings.patience,
                profiles: Default::default(),
                compiled: Mutex::default(),
            }),
        };
        let trial = wasmtime::Engine::new(&Profile::Node.config(None));
        link(&trial.map_err(StartError::Wasmtime)?, &engine.shared.capabilities)?;
        Ok(engine)
    }

    /// Compiles a component, or opens its native code from disk. `package` says what it exports, as read from `bytes`.
    pub async fn load(&self, bytes: &[u8], package: Package, profile: Profile) -> Result<Component, Fault> {
        Component::load(self, bytes, package, profile).await
    }

    /// Compiles a flow's component, or opens its native code from disk.
    pub async fn machine(&self, bytes: &[u8]) -> Result<MachineTemplate, Fault> {
        MachineTemplate::load(self, bytes).await
    }

    /// How many instances of components and machines have been made since the engine started.
    pub fn instances_made(&self) -> u64 {
        let profiles = self.shared.profiles.iter().filter_map(|made| made.get()?.as_ref().ok());
        profiles.map(|ready| ready.slots.taken()).sum()
    }

    /// Instances of components and machines in use, and how many there may be.
    pub fn instances(&self) -> (u64, u64) {
        let profiles = self.shared.profiles.iter().filter_map(|made| made.get()?.as_ref().ok());
        profiles.map(|ready| ready.slots.used()).fold((0, 0), |(used, all), (more, of)| (used + more, all + of))
    }

    pub(crate) fn ready(&self, profile: Profile) -> Result<&Ready, Fault> {
        let made =
            self.shared.profiles[profile as usize].get_or_init(|| self.shared.make(profile).map_err(|error| error.to_string()));
        made.as_ref().map_err(|error| Fault::new("engine.unavailable", error.clone()))
    }
}

impl Shared {
    /// A runtime module, compiled once. There are as many as there are slices of the runtime.
    pub async fn runtime(&self, ready: &Ready, digest: Mac, bytes: &[u8]) -> Result<Module, Fault> {
        const MOST: usize = 8;
        let known = self.compiled.lock().ok().and_then(|known| known.iter().find(|(other, _)| *other == digest).cloned());
        if let Some((_, module)) = known {
            return Ok(module);
        }
        let module = self.compiler.compile::<Module>(ready, bytes.into()).await?;
        if let Ok(mut known) = self.compiled.lock() {
            known.truncate(MOST - 1);
            known.insert(0, (digest, module.clone()));
        }
        Ok(module)
    }

    fn make(&self, profile: Profile) -> Result<Ready, StartError> {
        let mut instances = profile.instances(&self.sizes);
        let engine = loop {
            match wasmtime::Engine::new(&profile.config(Some(instances))) {
                Ok(engine) => break engine,
                // Not enough address space, as under `ulimit -v`: a smaller pool still works.
                Err(_) if instances > 8 => instances /= 4,
                Err(_) => break wasmtime::Engine::new(&profile.config(None)).map_err(StartError::Wasmtime)?,
            }
        };
        let linker = link(&engine, &self.capabilities)?;
        self.ticker.add(engine.weak());
        Ok(Ready { engine, linker, slots: Slots::new(instances, self.patience) })
    }
}

fn link(engine: &wasmtime::Engine, capabilities: &[Arc<dyn Capability>]) -> Result<Linker<State>, StartError> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).map_err(StartError::Wasmtime)?;
    for capability in capabilities {
        let linked = capability.link(&mut linker);
        linked.map_err(|source| StartError::Capability { name: capability.name().to_owned(), source })?;
    }
    Ok(linker)
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.shared.capabilities.iter().map(|capability| capability.name()).collect();
        f.debug_struct("Engine").field("capabilities", &names).finish_non_exhaustive()
    }
}
