//! All capabilities of a host, put together once: what the engine links, and what a call is given of it.

use crate::grants::{Grants, Rights};
use crate::http::{self, Http, HttpSettings};
use crate::kv::{self, KvGrantee, KvStore, MemoryKv};
use crate::log::{self, CallLog, Log, LogGrantee, LogSink, TracingSink};
use crate::redact::Redactor;
use crate::secret::{self, MemorySecrets, SecretStore, Secrets};
use crate::wiring::Granted;
use loomwork_engine::Capability;
use std::sync::Arc;

/// `http`, `kv`, `secret` and `log` over an embedder's stores. Cheap to clone.
///
/// ```
/// use loomwork_caps::{Capabilities, Grants};
/// use loomwork_engine::{Engine, Settings};
///
/// let capabilities = Capabilities::builder().build();
/// let engine = Engine::new(Settings { capabilities: capabilities.list(), ..Settings::default() })?;
/// let mut project = Grants::default();
/// project.parse_arg("http:https://api.example.com")?;
/// let grants = capabilities.grants(&project); // goes into each `Call`
/// assert!(grants.has("loom:host/http") && !grants.has("loom:host/kv"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Capabilities {
    policy: Arc<Grants>,
    http: Arc<Http>,
    kv: Arc<dyn KvStore>,
    secrets: Arc<Secrets>,
    log: Arc<dyn LogSink>,
}

/// Replaces the parts that an embedder brings.
pub struct CapabilitiesBuilder {
    policy: Grants,
    http: HttpSettings,
    kv: Arc<dyn KvStore>,
    secrets: Arc<dyn SecretStore>,
    log: Arc<dyn LogSink>,
}

impl Capabilities {
    /// By default the policy leaves all to the project's grants, keys and secrets are in memory, and log lines become
    /// `tracing` events.
    pub fn builder() -> CapabilitiesBuilder {
        CapabilitiesBuilder {
            policy: Grants::everything(),
            http: HttpSettings::default(),
            kv: Arc::new(MemoryKv::default()),
            secrets: Arc::new(MemorySecrets::default()),
            log: Arc::new(TracingSink),
        }
    }

    /// What the engine links.
    pub fn list(&self) -> Vec<Arc<dyn Capability>> {
        vec![Arc::new(http::INTERFACE), Arc::new(kv::INTERFACE), Arc::new(secret::INTERFACE), Arc::new(log::INTERFACE)]
    }

    /// What calls of a project are given: operator policy ∩ project grant.
    pub fn grants(&self, project: &Grants) -> loomwork_engine::Grants {
        self.given(Rights::of([self.policy.clone(), Arc::new(project.clone())]))
    }

    /// The same for one node that asks for less than its project has.
    pub fn grants_within(&self, project: &Grants, request: &Grants) -> loomwork_engine::Grants {
        self.given(Rights::of([self.policy.clone(), Arc::new(project.clone()), Arc::new(request.clone())]))
    }

    /// Puts rights into the engine's form; a capability of which nothing is allowed is absent.
    fn given(&self, rights: Rights) -> loomwork_engine::Grants {
        let mut given = loomwork_engine::Grants::none();
        if rights.has("http") {
            given = given.with(http::INTERFACE.name, Granted { part: self.http.clone(), rights: rights.clone() });
        }
        if rights.has("kv") {
            given = given.with(kv::INTERFACE.name, KvGrantee { store: self.kv.clone(), rights: rights.clone() });
        }
        if rights.has("secret") {
            given = given.with(secret::INTERFACE.name, Granted { part: self.secrets.clone(), rights: rights.clone() });
        }
        if rights.has("log") {
            given = given.with(log::INTERFACE.name, LogGrantee { sink: self.log.clone(), secrets: self.secrets.clone() });
        }
        given
    }

    /// What goes into a call's context as its log: lines go to the host's log, and to `run` if it is given, without the project's secrets.
    pub fn call_log(&self, project: &str, run: Option<Arc<dyn Log>>) -> Arc<dyn Log> {
        Arc::new(CallLog { sink: self.log.clone(), redactor: self.redactor(project), run })
    }

    /// What takes a project's secrets out of everything that is printed or traced.
    pub fn redactor(&self, project: &str) -> Redactor {
        self.secrets.redactor(project)
    }

    /// Sends requests under the same rules for other parts of a host.
    pub fn http(&self) -> &Arc<Http> {
        &self.http
    }

    pub fn kv(&self) -> &Arc<dyn KvStore> {
        &self.kv
    }

    pub fn secrets(&self) -> &Arc<Secrets> {
        &self.secrets
    }
}

impl CapabilitiesBuilder {
    /// What the operator allows at most.
    pub fn policy(mut self, policy: Grants) -> Self {
        self.policy = policy;
        self
    }

    pub fn http(mut self, settings: HttpSettings) -> Self {
        self.http = settings;
        self
    }

    pub fn kv(mut self, store: impl KvStore) -> Self {
        self.kv = Arc::new(store);
        self
    }

    pub fn secrets(mut self, store: impl SecretStore) -> Self {
        self.secrets = Arc::new(store);
        self
    }

    pub fn log(mut self, sink: impl LogSink) -> Self {
        self.log = Arc::new(sink);
        self
    }

    pub fn build(self) -> Capabilities {
        let secrets = Arc::new(Secrets::new(self.secrets));
        Capabilities {
            policy: Arc::new(self.policy),
            http: Arc::new(Http::new(self.http, secrets.clone())),
            kv: self.kv,
            secrets,
            log: self.log,
        }
    }
}
