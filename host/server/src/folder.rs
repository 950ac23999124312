//! A folder of `*.flow.json` documents and what is deployed of it. A document with mistakes leaves its last good version in place.

use crate::host::Host;
use loomwork_run::{DeployError, Deployment};
use loomwork_types::Fault;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How deep a folder is searched; deeper folders are left alone.
const MAX_DEPTH: usize = 8;
/// Bytes of a document; `loomwork-flow` refuses larger ones too, this keeps them from being read.
const MAX_DOCUMENT: u64 = 4 * 1024 * 1024;

/// What became of one document.
#[derive(Clone, Debug)]
pub struct Deployed {
    pub path: PathBuf,
    pub text: Arc<str>,
    /// The flow that answers, in its newest version without mistakes.
    pub flow: Option<String>,
    /// That version, if it was deployed now: one that was deployed before is loaded when it is wanted.
    pub deployment: Option<Deployment>,
    /// Why the newest text could not be deployed.
    pub error: Option<Arc<DeployError>>,
}

/// The documents of a folder.
pub struct Folder {
    path: PathBuf,
    host: Host,
    flows: tokio::sync::Mutex<BTreeMap<PathBuf, Deployed>>,
}

impl Folder {
    pub fn new(path: PathBuf, host: Host) -> Self {
        Self { path, host, flows: Default::default() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the folder again, deploys what changed and undeploys what is gone; gives back every document that changed.
    pub async fn refresh(&self) -> std::io::Result<Vec<Deployed>> {
        let folder = self.path.clone();
        let texts = tokio::task::spawn_blocking(move || documents(&folder)).await.map_err(std::io::Error::other)??;
        let mut flows = self.flows.lock().await;
        let before = ids(&flows);
        flows.retain(|path, _| texts.contains_key(path));
        let mut owners = owners(&flows);
        let mut changed = Vec::new();
        for (path, text) in texts {
            let last = flows.get(&path);
            if last.is_some_and(|deployed| *deployed.text == *text) {
                continue;
            }
            let last_good = last.map(|last| (last.flow.clone(), last.deployment.clone())).unwrap_or_default();
            let deployed = self.deploy(&owners, path.clone(), text, last_good).await;
            owners.extend(deployed.flow.clone().map(|flow| (flow, path.clone())));
            flows.insert(path, deployed.clone());
            changed.push(deployed);
        }
        self.undeploy(before.difference(&ids(&flows))).await;
        Ok(changed)
    }

    async fn deploy(
        &self,
        owners: &BTreeMap<String, PathBuf>,
        path: PathBuf,
        text: String,
        last_good: (Option<String>, Option<Deployment>),
    ) -> Deployed {
        let deployed = match (twin(owners, &path, &text), self.host.stands(&text).await) {
            (Some(twin), _) => Err(DeployError::Refused(Fault::new("flow.duplicate_id", twin))),
            (None, Some(flow)) => Ok((Some(flow), None)),
            (None, None) => self.host.deploy(&text).await.map(|it| (Some(it.flow().id.clone()), Some(it))),
        };
        let ((flow, deployment), error) = match deployed {
            Ok(deployed) => (deployed, None),
            Err(error) => (last_good, Some(Arc::new(error))),
        };
        Deployed { path, text: text.into(), flow, deployment, error }
    }

    async fn undeploy(&self, gone: impl Iterator<Item = &String>) {
        for flow in gone {
            match self.host.undeploy(flow).await {
                Ok(()) => tracing::info!(flow, "its document is gone: nothing starts it any more"),
                Err(fault) => tracing::error!(flow, code = %fault.code, message = %fault.message, "it cannot be undeployed"),
            }
        }
    }

    /// Every document and what became of it, by path.
    pub async fn flows(&self) -> Vec<Deployed> {
        self.flows.lock().await.values().cloned().collect()
    }
}

fn ids(flows: &BTreeMap<PathBuf, Deployed>) -> BTreeSet<String> {
    flows.values().filter_map(|deployed| deployed.flow.clone()).collect()
}

/// By flow, the document that it is of.
fn owners(flows: &BTreeMap<PathBuf, Deployed>) -> BTreeMap<String, PathBuf> {
    flows.iter().filter_map(|(path, deployed)| Some((deployed.flow.clone()?, path.clone()))).collect()
}

/// Two documents cannot both be the flow of one id.
fn twin(owners: &BTreeMap<String, PathBuf>, path: &Path, text: &str) -> Option<String> {
    let id = loomwork_flow::parse(text).0?.id;
    let owner = owners.get(&id).filter(|owner| *owner != path)?;
    Some(format!("{} has the id `{id}` already", owner.display()))
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
