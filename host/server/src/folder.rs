//! A folder of `*.flow.json` documents and what is deployed of it. A document with mistakes leaves its last good version in place.

use crate::guard::Guard;
use crate::host::Host;
use crate::routes::Routes;
use crate::serve;
use crate::trigger::Target;
use http::Method;
use loomwork_flow::{HttpTrigger, TriggerKind};
use loomwork_run::{DeployError, Deployment};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

/// How deep a folder is searched; deeper folders are left alone.
const MAX_DEPTH: usize = 8;
/// Bytes of a document; `loomwork-flow` refuses larger ones too, this keeps them from being read.
const MAX_DOCUMENT: u64 = 4 * 1024 * 1024;

/// What became of one document.
#[derive(Clone, Debug)]
pub struct Deployed {
    pub path: PathBuf,
    pub text: Arc<str>,
    /// The version that answers: the newest without mistakes.
    pub deployment: Option<Deployment>,
    /// Why the newest text could not be deployed.
    pub error: Option<Arc<DeployError>>,
}

/// The flows of a folder and the routes they answer.
pub struct Folder {
    path: PathBuf,
    host: Host,
    flows: tokio::sync::Mutex<BTreeMap<PathBuf, Deployed>>,
    routes: RwLock<Arc<Routes<Target>>>,
}

impl Folder {
    pub fn new(path: PathBuf, host: Host) -> Self {
        Self { path, host, flows: Default::default(), routes: RwLock::default() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many instances of components and machines have been made since the start.
    pub fn instances_made(&self) -> u64 {
        self.host.platform().engine().instances_made()
    }

    pub(crate) fn routes(&self) -> Arc<Routes<Target>> {
        self.routes.read().map(|routes| routes.clone()).unwrap_or_default()
    }

    /// Reads the folder again and deploys what changed; gives back every document that changed.
    pub async fn refresh(&self) -> std::io::Result<Vec<Deployed>> {
        let folder = self.path.clone();
        let texts = tokio::task::spawn_blocking(move || documents(&folder)).await.map_err(std::io::Error::other)??;
        let mut flows = self.flows.lock().await;
        flows.retain(|path, _| texts.contains_key(path));
        let mut changed = Vec::new();
        for (path, text) in texts {
            let before = flows.get(&path);
            if before.is_some_and(|deployed| *deployed.text == *text) {
                continue;
            }
            let last_good = before.and_then(|deployed| deployed.deployment.clone());
            let deployed = self.deploy(path.clone(), text, last_good).await;
            flows.insert(path, deployed.clone());
            changed.push(deployed);
        }
        let routes = Arc::new(self.route(&flows));
        if let Ok(mut current) = self.routes.write() {
            *current = routes;
        }
        Ok(changed)
    }

    async fn deploy(&self, path: PathBuf, text: String, last_good: Option<Deployment>) -> Deployed {
        let (deployment, error) = match self.host.deploy(&text).await {
            Ok(deployment) => (Some(deployment), None),
            Err(error) => (last_good, Some(Arc::new(error))),
        };
        Deployed { path, text: text.into(), deployment, error }
    }

    fn route(&self, flows: &BTreeMap<PathBuf, Deployed>) -> Routes<Target> {
        let mut routes = Routes::default();
        for deployed in flows.values() {
            let Some(deployment) = &deployed.deployment else { continue };
            for trigger in &deployment.flow().triggers {
                let TriggerKind::Http(http) = &trigger.kind else { continue };
                let target = self.target(deployment, &trigger.id, http);
                let method = http.method.parse().unwrap_or(Method::POST);
                let added = match self.own(&http.path) {
                    true => Err(format!("the server itself answers {}", http.path)),
                    false => routes.add(method, &http.path, target),
                };
                if let Err(reason) = added {
                    tracing::error!(flow = %deployment.flow().id, trigger = %trigger.id, "{reason}");
                }
            }
        }
        routes
    }

    /// Paths that are not for flows.
    fn own(&self, path: &str) -> bool {
        let path = path.trim_matches('/');
        let api = matches!(self.host, Host::Kept(_)) && (path == "api" || path.starts_with("api/"));
        api || path == serve::HEALTH.trim_matches('/')
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    fn target(&self, deployment: &Deployment, id: &str, http: &HttpTrigger) -> Target {
        let guard = Guard {
            capabilities: self.host.platform().capabilities().clone(),
            project: self.host.platform().project().clone(),
            token: http.auth.clone(),
            signature: http.verify.clone(),
        };
        Target { host: self.host.clone(), deployment: deployment.clone(), id: id.to_owned(), trigger: http.clone(), guard }
    }

    /// Every document and what became of it, by path.
    pub async fn flows(&self) -> Vec<Deployed> {
        self.flows.lock().await.values().cloned().collect()
    }
}

fn documents(folder: &Path) -> std::io::Result<BTreeMap<PathBuf, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            } else if kind.is_file()
                && loomwork_flow::is_document_name(&path.to_string_lossy())
                && entry.metadata()?.len() <= MAX_DOCUMENT
            {
                let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
                found.insert(path, text);
            }
        }
    }
    Ok(found)
}
