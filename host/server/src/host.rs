//! What the server's flows run on: memory alone, or a runner that keeps them.

use loomwork_flow::{Durability, HttpTrigger, TriggerKind};
use loomwork_run::{DeployError, Deployment, NewRun, Platform, Reply, Runner};
use loomwork_types::Fault;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Where runs live.
#[derive(Clone)]
pub enum Host {
    /// Flows and runs live and die with the process.
    Memory(Remembered),
    /// Flows, and runs of those that want it, are kept in a store.
    Kept(Runner),
}

/// Flows that nobody keeps. Cloning shares them.
#[derive(Clone)]
pub struct Remembered {
    platform: Platform,
    flows: Arc<RwLock<BTreeMap<String, Deployment>>>,
    changes: Arc<AtomicU64>,
}

/// An HTTP trigger of a deployed flow.
pub(crate) struct Door {
    pub flow: String,
    /// The trigger's id.
    pub id: String,
    pub trigger: HttpTrigger,
}

impl From<Platform> for Host {
    fn from(platform: Platform) -> Self {
        Host::Memory(Remembered { platform, flows: Arc::default(), changes: Arc::default() })
    }
}

impl From<Runner> for Host {
    fn from(runner: Runner) -> Self {
        Host::Kept(runner)
    }
}

impl Host {
    pub fn platform(&self) -> &Platform {
        match self {
            Host::Memory(memory) => &memory.platform,
            Host::Kept(runner) => runner.platform(),
        }
    }

    /// Counts what is not counted as it happens.
    pub(crate) async fn measure(&self) {
        match self {
            Host::Memory(memory) => memory.platform.measure(),
            Host::Kept(runner) => runner.measure().await,
        }
    }

    pub(crate) async fn deploy(&self, document: &str) -> Result<Deployment, DeployError> {
        match self {
            Host::Memory(memory) => {
                let deployment = memory.platform.deploy(document).await?;
                memory.change(|flows| drop(flows.insert(deployment.flow().id.clone(), deployment.clone())));
                Ok(deployment)
            }
            Host::Kept(runner) => runner.deploy(document).await.map(|(deployment, _)| deployment),
        }
    }

    /// The flow of a document that need not be deployed again, or that people have gone back from.
    pub(crate) async fn stands(&self, document: &str) -> Option<String> {
        let Host::Kept(runner) = self else { return None };
        if let Some(flow) = runner.is_deployed(document) {
            return Some(flow);
        }
        // If it cannot be told, deploying says why.
        let flow = runner.is_rolled_back(document).await.ok().flatten()?;
        tracing::info!(flow, "it was rolled back: the document in the folder takes no new runs until it changes or is deployed");
        Some(flow)
    }

    /// Nothing starts the flow any more; runs under way go on.
    pub(crate) async fn undeploy(&self, flow: &str) -> Result<(), Fault> {
        match self {
            Host::Memory(memory) => memory.change(|flows| drop(flows.remove(flow))),
            Host::Kept(runner) => runner.undeploy(flow).await?,
        }
        Ok(())
    }

    /// Another number whenever other flows are deployed than before.
    pub(crate) fn generation(&self) -> u64 {
        match self {
            Host::Memory(memory) => memory.changes.load(Ordering::Acquire),
            Host::Kept(runner) => runner.generation(),
        }
    }

    pub(crate) fn doors(&self) -> Vec<Door> {
        let triggers: Vec<(String, loomwork_flow::Trigger)> = match self {
            Host::Memory(memory) => {
                let flows = memory.flows.read().unwrap_or_else(PoisonError::into_inner);
                flows.iter().flat_map(|(flow, it)| it.flow().triggers.iter().map(|it| (flow.clone(), it.clone()))).collect()
            }
            Host::Kept(runner) => {
                let all = runner.triggers(None).unwrap_or_default();
                all.into_iter().map(|view| (view.flow, view.trigger)).collect()
            }
        };
        let door = |(flow, trigger): (String, loomwork_flow::Trigger)| match trigger.kind {
            TriggerKind::Http(http) => Some(Door { flow, id: trigger.id, trigger: http }),
            _ => None,
        };
        triggers.into_iter().filter_map(door).collect()
    }

    /// The flow as new runs take it; loaded, if it was not.
    pub(crate) async fn deployment(&self, flow: &str) -> Result<Deployment, Fault> {
        match self {
            Host::Memory(memory) => {
                let found = memory.flows.read().unwrap_or_else(PoisonError::into_inner).get(flow).cloned();
                found.ok_or_else(|| Fault::new("flow.not_found", format!("there is no flow `{flow}`")))
            }
            Host::Kept(runner) => Ok(runner.flow(flow).await?.deployment),
        }
    }

    pub(crate) fn is_paused(&self, flow: &str, trigger: &str) -> bool {
        matches!(self, Host::Kept(runner) if runner.is_paused(flow, trigger))
    }

    /// Runs a flow until it answers, or to its end.
    pub(crate) async fn run(&self, deployment: &Deployment, new: NewRun) -> Result<Reply, Fault> {
        match self {
            Host::Kept(runner) if deployment.flow().durability == Durability::Steps => {
                runner.run(&deployment.flow().id, new).await.1
            }
            Host::Memory(_) | Host::Kept(_) => {
                let until_end = new.until_end;
                let (input, options) = new.unkept();
                match until_end {
                    true => deployment.run(&input, options).await.result.map(Reply::Finished),
                    false => Ok(deployment.reply(input, options).await.1),
                }
            }
        }
    }

    /// Starts a run, and gives its id once it is sure to happen.
    pub(crate) async fn start(&self, deployment: &Deployment, new: NewRun) -> Result<String, Fault> {
        match self {
            Host::Kept(runner) => runner.begin(&deployment.flow().id, new).await.map(|begun| begun.run().to_string()),
            Host::Memory(_) => {
                let (input, options) = new.unkept();
                deployment.start(input, options).map(|run| run.to_string())
            }
        }
    }
}

impl Remembered {
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Deployment>)) {
        change(&mut self.flows.write().unwrap_or_else(PoisonError::into_inner));
        self.changes.fetch_add(1, Ordering::AcqRel);
    }
}
