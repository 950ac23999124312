//! The flows that are deployed, in the store and in memory: versions that are never changed, and which of them new runs take.

use super::inner::Inner;
use super::kept::fault;
use super::loaded::Loaded;
use crate::{DeployError, Deployment};
use loomwork_compile::COMPILER_VERSION;
use loomwork_journal::{Batch, Expect, Kind, Pin, Put, RecordPage, Write};
use loomwork_types::Fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A version of a flow, ready to run. Cloning shares it.
#[derive(Clone, Debug)]
pub struct FlowState {
    pub version: u64,
    pub deployment: Deployment,
}

/// A version as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub version: u64,
    /// Of the flow's component.
    pub digest: String,
    /// Milliseconds since 1970.
    pub deployed_at: u64,
    pub document: String,
    /// The packages it calls, by their digests; absent in versions of older programs.
    #[serde(default)]
    pub packages: BTreeMap<String, String>,
    /// What made the component of the document.
    #[serde(default)]
    pub compiler: String,
}

#[derive(Default)]
pub(crate) struct Flows {
    /// Also older versions that runs are bound to.
    loaded: Loaded,
}

impl Flows {
    /// Makes a deployment the one that new runs take; a version of its own unless the newest is just this. Of several processes that do
    /// so at once, one is the first, and the others find what it did.
    pub async fn activate(&self, inner: &Inner, document: &str, deployment: Deployment) -> Result<u64, DeployError> {
        const ATTEMPTS: u32 = 10;
        let mut attempt = 1;
        loop {
            match self.try_activate(inner, document, &deployment).await {
                Err(DeployError::Refused(fault)) if fault.code == "store.conflict" && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    async fn try_activate(&self, inner: &Inner, document: &str, deployment: &Deployment) -> Result<u64, DeployError> {
        let refused = |error| DeployError::Refused(fault(&error));
        let flow = deployment.flow().id.clone();
        let at = inner.clock.now_ms();
        let before = inner.store.record(&inner.project, Kind::Active, &flow).await.map_err(refused)?;
        let active: u64 = before.as_ref().and_then(|record| std::str::from_utf8(&record.value).ok()?.parse().ok()).unwrap_or(0);
        let newest = self.newest(inner, &flow).await.map_err(DeployError::Refused)?;
        let same = newest.as_ref().filter(|it| it.digest == deployment.digest() && it.document == document);
        let version = same.map_or(newest.as_ref().map_or(0, |it| it.version) + 1, |it| it.version);
        let mut writes = Vec::new();
        let put = |kind, name: String, value: String, expect| {
            Write::Put(Put { project: inner.project.clone(), kind, name, value: Some(value.into()), expect, blobs: Vec::new() })
        };
        if same.is_none() {
            let (digest, document) = (deployment.digest().to_owned(), document.to_owned());
            let record = Version {
                version,
                digest,
                deployed_at: at,
                document,
                packages: deployment.packages(),
                compiler: COMPILER_VERSION.to_owned(),
            };
            let json = serde_json::to_string(&record).unwrap_or_default();
            writes.push(put(Kind::Version, version_name(&flow, version), json, Expect::Is(None)));
        }
        if active != version {
            writes.push(put(Kind::Active, flow.clone(), version.to_string(), Expect::Is(before.map(|record| record.value))));
        }
        if !writes.is_empty() {
            inner.store.commit(Batch::new(at, writes)).await.map_err(refused)?;
        }
        inner.learn(Kind::Active, &flow).await.map_err(refused)?;
        self.loaded.keep(deployment.clone());
        Ok(version)
    }

    /// What new runs of a flow take. What is loaded counts only as long as it is that version.
    pub async fn active(&self, inner: &Inner, flow: &str) -> Result<FlowState, Fault> {
        let about = inner.known.flow(flow).ok_or_else(|| Fault::new("flow.not_found", format!("there is no flow `{flow}`")))?;
        let version = about.version;
        if let Some(deployment) = self.loaded.get(&about.digest) {
            return Ok(FlowState { version, deployment });
        }
        Ok(FlowState { version, deployment: self.version(inner, flow, version).await? })
    }

    /// See [`super::Runner::is_deployed`].
    pub fn is_deployed(&self, inner: &Inner, document: &str) -> Option<String> {
        let flow = loomwork_flow::parse(document).0?;
        let about = inner.known.flow(&flow.id)?;
        let catalog = inner.platform.catalog();
        let meant: BTreeMap<&str, &str> = flow
            .packages
            .iter()
            .filter_map(|(_, package)| catalog.package(package).ok())
            .map(|package| (&*package.id, &*package.digest))
            .collect();
        let same = about.packages.iter().all(|(id, digest)| meant.get(&**id) == Some(&&**digest));
        (about.is_of(document) && about.compiler == COMPILER_VERSION && same).then_some(flow.id)
    }

    /// See [`super::Runner::is_rolled_back`].
    pub async fn is_rolled_back(&self, inner: &Inner, document: &str) -> Result<Option<String>, Fault> {
        let flow = loomwork_flow::parse(document).0.map(|flow| flow.id);
        let Some((flow, about)) = flow.and_then(|flow| inner.known.flow(&flow).map(|about| (flow, about))) else {
            return Ok(None);
        };
        let newest = self.newest(inner, &flow).await?;
        Ok(newest.filter(|newest| newest.version > about.version && newest.document == document).map(|_| flow))
    }

    /// The version that a run is bound to.
    pub async fn pinned(&self, inner: &Inner, flow: &str, pin: &Pin) -> Result<Deployment, Fault> {
        if let Some(deployment) = self.loaded.get(&pin.digest) {
            return Ok(deployment);
        }
        let version = self.read(inner, flow, pin.version).await?;
        let deployment = match inner.platform.deploy(&version.document).await {
            Ok(deployment) if deployment.digest() == pin.digest => deployment,
            Ok(_) => return Err(changed(inner, flow, &version)),
            Err(_) if !strange(inner, &version).is_empty() => return Err(changed(inner, flow, &version)),
            Err(error) => return Err(error.into_fault()),
        };
        self.loaded.keep(deployment.clone());
        Ok(deployment)
    }

    /// Any version of a flow.
    pub async fn version(&self, inner: &Inner, flow: &str, version: u64) -> Result<Deployment, Fault> {
        let deployment = self.load(inner, flow, version).await?;
        self.loaded.keep(deployment.clone());
        Ok(deployment)
    }

    /// Makes a version the one that new runs take.
    pub async fn rollback(&self, inner: &Inner, flow: &str, version: u64) -> Result<(), Fault> {
        self.version(inner, flow, version).await?;
        let (project, name) = (inner.project.clone(), flow.to_owned());
        let value = Some(version.to_string().into());
        let put = Put { project, kind: Kind::Active, name, value, expect: Expect::Any, blobs: Vec::new() };
        inner.store.commit(Batch::new(inner.clock.now_ms(), [Write::Put(put)])).await.map_err(|error| fault(&error))?;
        inner.learn(Kind::Active, flow).await.map_err(|error| fault(&error))?;
        Ok(())
    }

    /// Leaves no version that new runs take.
    pub async fn deactivate(&self, inner: &Inner, flow: &str) -> Result<(), Fault> {
        inner.known.flow(flow).ok_or_else(|| Fault::new("flow.not_found", format!("there is no flow `{flow}`")))?;
        let (project, name) = (inner.project.clone(), flow.to_owned());
        let put = Put { project, kind: Kind::Active, name, value: None, expect: Expect::Any, blobs: Vec::new() };
        let refused = |error| fault(&error);
        inner.store.commit(Batch::new(inner.clock.now_ms(), [Write::Put(put)])).await.map_err(refused)?;
        inner.learn(Kind::Active, flow).await.map_err(refused)?;
        Ok(())
    }

    /// Every deployed flow, by id. One that cannot be loaded any more is left out, and logged.
    pub async fn all(&self, inner: &Inner) -> Result<Vec<FlowState>, Fault> {
        let mut all = Vec::new();
        for (flow, _) in inner.known.all() {
            match self.active(inner, &flow).await {
                Ok(active) => all.push(active),
                Err(fault) => tracing::warn!(flow, code = %fault.code, message = %fault.message, "the flow cannot be loaded"),
            }
        }
        Ok(all)
    }

    async fn load(&self, inner: &Inner, flow: &str, version: u64) -> Result<Deployment, Fault> {
        let version = self.read(inner, flow, version).await?;
        inner.platform.deploy(&version.document).await.map_err(|error| error.into_fault())
    }

    async fn read(&self, inner: &Inner, flow: &str, version: u64) -> Result<Version, Fault> {
        let record = inner.patient.record(&inner.project, Kind::Version, &version_name(flow, version)).await;
        let record = record.map_err(|error| fault(&error))?;
        let gone = || Fault::new("flow.not_found", format!("there is no version {version} of {flow}"));
        serde_json::from_slice(&record.ok_or_else(gone)?.value).map_err(|_| gone())
    }

    async fn newest(&self, inner: &Inner, flow: &str) -> Result<Option<Version>, Fault> {
        Ok(self.versions(inner, flow).await?.pop())
    }

    /// Every version of a flow, oldest first.
    pub async fn versions(&self, inner: &Inner, flow: &str) -> Result<Vec<Version>, Fault> {
        let (mut versions, mut after) = (Vec::new(), None);
        loop {
            let page = RecordPage { prefix: format!("{flow}/"), after, limit: loomwork_journal::limits::PAGE };
            let records = inner.store.records(&inner.project, Kind::Version, &page).await.map_err(|error| fault(&error))?;
            after = records.last().map(|record| record.name.clone());
            let full = records.len() == page.limit;
            versions.extend(records.iter().filter_map(|record| serde_json::from_slice(&record.value).ok()));
            if !full {
                return Ok(versions);
            }
        }
    }
}

/// What this process has of the packages that a version calls, where that is not what it was deployed with.
fn strange(inner: &Inner, version: &Version) -> Vec<String> {
    let strange = |(id, digest): (&String, &String)| match inner.platform.catalog().package(id) {
        Ok(package) if *package.digest == **digest => None,
        Ok(package) if *package.id == **id => Some(format!("its {id} is another one ({} instead of {digest})", package.digest)),
        _ => Some(format!("it has no {id}")),
    };
    version.packages.iter().filter_map(strange).collect()
}

/// Why a version does not become what a run began with.
fn changed(inner: &Inner, flow: &str, version: &Version) -> Fault {
    let strange = strange(inner, version);
    let why = if strange.is_empty() { "what it is made with has changed".to_owned() } else { strange.join(", ") };
    let number = version.version;
    let message = format!(
        "version {number} of {flow} is not what the run began with in this process: {why}. Give every process the same components"
    );
    Fault::new("flow.changed", message)
}

pub(super) fn version_name(flow: &str, version: u64) -> String {
    format!("{flow}/{version:010}")
}
