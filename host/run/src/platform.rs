//! Everything that flows need to be deployed and run: an engine, the packages at hand, what they are granted, a clock.
//!
//! This is the place where the stages meet: text → `Flow` → `CheckedFlow` → `Artifact` → machine.

use crate::at_hand::AtHand;
use crate::chance::{Chance, SystemChance};
use crate::clock::{Clock, SystemClock};
use crate::deploy::{self, DeployError, Deployment, Pins, Ready};
use crate::feed::Feed;
use crate::observed::Hidden;
use crate::outlet::Outlet;
use crate::recent::{Recent, RecentRun};
use crate::results::Results;
use loomwork_caps::log::Log;
use loomwork_caps::{Capabilities, Grants};
use loomwork_catalog::{Catalog, Package};
use loomwork_engine::{Call, Callable, Context, Engine, Limits, NativePackage, Settings, StartError};
use loomwork_telemetry::{Exporter, Telemetry};
use loomwork_types::Fault;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, Weak};

/// A host for flows. Cloning shares it.
#[derive(Clone)]
pub struct Platform {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub engine: Engine,
    pub catalog: Catalog,
    pub packages: BTreeMap<Arc<str>, AtHand>,
    pub capabilities: Capabilities,
    pub grants: Grants,
    pub limits: Limits,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub project: Arc<str>,
    /// Where calls write.
    pub log: Arc<dyn Log>,
    /// Of nodes with `cache`.
    pub results: Results,
    pub telemetry: Telemetry,
    /// Whether anybody gathers traces.
    pub traces: bool,
    /// A JSON object, readable in expressions as `vars`.
    pub vars: String,
    /// Documents that are deployed and still in use: the same text is compiled once.
    deployed: RwLock<HashMap<Arc<str>, Weak<Ready>>>,
    /// The newest deployment of each flow that is still in use, for flows that call flows.
    flows: RwLock<HashMap<String, Weak<Ready>>>,
    /// The newest runs that are not kept.
    pub recent: Recent,
    /// Tells those who watch what happens in runs.
    pub feed: Feed,
    /// Hears of the runs that are not kept.
    outlet: RwLock<Option<Arc<dyn Outlet>>>,
}

/// Why a platform could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("the folder of components cannot be read: {}", .folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error("{} is not a component that flows can use", .file.display())]
    Package { file: PathBuf, source: loomwork_catalog::CatalogError },
    #[error("the engine does not start")]
    Engine(#[from] StartError),
}

/// What a platform is made of; everything has a default that is safe.
pub struct Builder {
    settings: Settings,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    natives: Vec<NativePackage>,
    capabilities: Capabilities,
    grants: Grants,
    limits: Limits,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    exporter: Option<Exporter>,
    recent: usize,
    vars: String,
    fresh_instances: bool,
}

impl Platform {
    pub fn builder() -> Builder {
        Builder {
            settings: Settings::default(),
            folders: Vec::new(),
            files: Vec::new(),
            natives: Vec::new(),
            capabilities: Capabilities::builder().build(),
            grants: Grants::default(),
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            exporter: None,
            recent: 0,
            vars: "{}".to_owned(),
            fresh_instances: false,
        }
    }

    /// Checks and compiles a document and makes it ready to run.
    pub async fn deploy(&self, text: &str) -> Result<Deployment, DeployError> {
        if let Some(known) = self.inner.deployed(text) {
            self.inner.announce(&known.inner);
            return Ok(known);
        }
        let deployment = deploy::deploy(self, text, Pins::Ignored).await?;
        self.inner.remember(text, &deployment);
        Ok(deployment)
    }

    /// Like [`Platform::deploy`], for a preview or a test: nodes with a `pin` give this instead of doing anything, so that what they
    /// would call need not be there or granted.
    pub async fn preview(&self, text: &str) -> Result<Deployment, DeployError> {
        deploy::deploy(self, text, Pins::Held).await
    }

    /// The functions that flows can call.
    pub fn catalog(&self) -> &Catalog {
        &self.inner.catalog
    }

    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// What the host offers to components, and its secrets.
    pub fn capabilities(&self) -> &Capabilities {
        &self.inner.capabilities
    }

    /// The newest runs that are not kept, the newest first, without their steps; of one flow, or of all.
    pub fn recent_runs(&self, flow: Option<&str>) -> Vec<RecentRun> {
        self.inner.recent.list(flow, &self.inner.capabilities.redactor(&self.inner.project))
    }

    /// One of them, with its steps.
    pub fn recent_run(&self, id: &str) -> Option<RecentRun> {
        self.inner.recent.get(id, &self.inner.capabilities.redactor(&self.inner.project))
    }

    /// What has been counted so far, and where traces go.
    pub fn telemetry(&self) -> &Telemetry {
        &self.inner.telemetry
    }

    /// Counts what is not counted as it happens: call it before the numbers are read.
    pub fn measure(&self) {
        let (used, limit) = self.engine().instances();
        self.telemetry().metrics().pool(used, limit);
    }

    /// The project on whose behalf everything runs.
    pub fn project(&self) -> &Arc<str> {
        &self.inner.project
    }

    /// Calls one function outside any flow. `package` is `loom:text` or a more exact id; `function` is `text#split`.
    pub async fn call(&self, package: &str, function: &str, input: &str) -> Result<String, Fault> {
        let found = self.catalog().find(package, function).map_err(|error| Fault::new("package.not_found", error.to_string()))?;
        let callable = self.inner.callable(&found.package.id).await?;
        let call = Call {
            context: Arc::new(Context { seed: self.inner.chance.next() as u64, ..self.inner.context() }),
            grants: self.inner.grants_of(found.package),
            limits: self.inner.limits,
        };
        callable.call(&found.function.path, input, call).await
    }
}

impl Inner {
    /// Lets other flows call this one.
    pub fn announce(&self, ready: &Arc<Ready>) {
        let mut flows = self.flows.write().unwrap_or_else(PoisonError::into_inner);
        flows.insert(ready.flow.id.clone(), Arc::downgrade(ready));
    }

    pub fn set_outlet(&self, outlet: Arc<dyn Outlet>) {
        *self.outlet.write().unwrap_or_else(PoisonError::into_inner) = Some(outlet);
    }

    pub fn outlet(&self) -> Option<Arc<dyn Outlet>> {
        self.outlet.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What this very text was made into, if somebody still has it: another process of the same embedder, or an older version.
    fn deployed(&self, text: &str) -> Option<Deployment> {
        let deployed = self.deployed.read().unwrap_or_else(PoisonError::into_inner);
        deployed.get(text)?.upgrade().map(|inner| Deployment { inner })
    }

    fn remember(&self, text: &str, deployment: &Deployment) {
        let mut deployed = self.deployed.write().unwrap_or_else(PoisonError::into_inner);
        deployed.retain(|_, ready| ready.strong_count() > 0);
        deployed.insert(text.into(), Arc::downgrade(&deployment.inner));
    }

    /// The newest deployment of a flow.
    pub fn flow(&self, id: &str) -> Option<Deployment> {
        let flows = self.flows.read().unwrap_or_else(PoisonError::into_inner);
        flows.get(id)?.upgrade().map(|inner| Deployment { inner })
    }

    /// A package's functions, loaded when the first flow that uses them is deployed.
    pub async fn callable(&self, package: &str) -> Result<&Callable, Fault> {
        let missing = || Fault::new("package.not_found", format!("there is no package `{package}`"));
        self.packages.get(package).ok_or_else(missing)?.load(&self.engine).await
    }

    /// What a package is granted: no more than the project grants, and no more than the package asks for.
    pub fn grants_of(&self, package: &Package) -> loomwork_engine::Grants {
        let requested = Grants::requested(package.capabilities.iter().map(|name| &**name));
        self.capabilities.grants_within(&self.grants, &requested)
    }

    pub fn context(&self) -> Context {
        let log = Some(self.log.clone());
        Context { project: self.project.clone(), at_ms: self.clock.now_ms(), log, ..Context::default() }
    }
}

impl Builder {
    /// Adds every `*.wasm` component of a folder.
    pub fn components(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Adds one component.
    pub fn component(mut self, file: impl Into<PathBuf>) -> Self {
        self.files.push(file.into());
        self
    }

    /// Adds functions of the embedding program.
    pub fn native(mut self, package: NativePackage) -> Self {
        self.natives.push(package);
        self
    }

    /// Replaces the host's capabilities: stores, secrets and HTTP policies of the embedder's own.
    pub fn capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// Grants more to the flows of this platform. Nothing is granted by default.
    pub fn grant(mut self, grants: Grants) -> Self {
        self.grants.add(grants);
        self
    }

    /// What each call may use.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sends traces: a span for each run and each attempt of a step. Numbers are counted in any case.
    pub fn traces(mut self, exporter: Exporter) -> Self {
        self.exporter = Some(exporter);
        self
    }

    /// Remembers the newest so many runs that are not kept, with their steps, to be looked at.
    pub fn remember_runs(mut self, count: usize) -> Self {
        self.recent = count;
        self
    }

    /// Where ids of runs and seeds come from.
    pub fn chance(mut self, chance: impl Chance) -> Self {
        self.chance = Arc::new(chance);
        self
    }

    /// The project's variables, a JSON object.
    pub fn vars(mut self, json: impl Into<String>) -> Self {
        self.vars = json.into();
        self
    }

    /// Keeps native code in this folder, so that the next start is quick. The folder is made private to the user.
    pub fn cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.cache = Some(folder.into());
        self
    }

    /// Makes a new instance for every call, also of components whose manifest allows several calls in one.
    pub fn fresh_instances(mut self) -> Self {
        self.fresh_instances = true;
        self
    }

    /// Starts the engine and loads the components.
    pub async fn build(self) -> Result<Platform, BuildError> {
        let Self {
            mut settings,
            folders,
            mut files,
            natives,
            capabilities,
            grants,
            limits,
            clock,
            chance,
            exporter,
            recent,
            vars,
            fresh_instances,
        } = self;
        for folder in folders {
            files.extend(components_in(&folder).map_err(|source| BuildError::Folder { folder, source })?);
        }
        settings.capabilities.extend(capabilities.list());
        settings.runtimes.extend(loomwork_compile::runtimes());
        let engine = Engine::new(settings)?;
        let mut catalog = Catalog::new();
        let mut packages = BTreeMap::new();
        for native in natives {
            let package = native.package().clone();
            catalog.add((*package).clone());
            packages.insert(package.id.clone(), AtHand::native(native));
        }
        for file in files {
            let mut package = read(&file)?;
            if fresh_instances {
                package.reuse = 1;
            }
            packages.insert(package.id.clone(), AtHand::file(file, package.clone()));
            catalog.add(package);
        }
        let project: Arc<str> = "local".into();
        let log = capabilities.call_log(&project, None);
        // What cannot be listed or opened now is hidden from its first use on.
        capabilities.secrets().hide_all(&project).await.ok();
        let traces = exporter.is_some();
        let telemetry = Telemetry::new(exporter, Arc::new(Hidden(capabilities.redactor(&project))));
        let inner = Inner {
            engine,
            catalog,
            packages,
            capabilities,
            grants,
            limits,
            clock,
            chance,
            project,
            log,
            results: Results::default(),
            telemetry,
            traces,
            vars,
            deployed: RwLock::default(),
            flows: RwLock::default(),
            recent: Recent::new(recent),
            feed: Feed::default(),
            outlet: RwLock::default(),
        };
        Ok(Platform { inner: Arc::new(inner) })
    }
}

fn components_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Package, BuildError> {
    let bytes = std::fs::read(file).map_err(|source| BuildError::Folder { folder: file.to_owned(), source })?;
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Package::read_as(&bytes, &name).map_err(|source| BuildError::Package { file: file.to_owned(), source })
}
