//! What the server's flows run on: memory alone, or a runner that keeps them.

use loomwork_flow::Durability;
use loomwork_run::{DeployError, Deployment, NewRun, Platform, Reply, RunOptions, Runner};
use loomwork_types::Fault;

/// Where runs live.
#[derive(Clone)]
pub enum Host {
    /// Runs live and die with the process.
    Memory(Platform),
    /// Runs of flows that want it are kept in a store.
    Kept(Runner),
}

impl From<Platform> for Host {
    fn from(platform: Platform) -> Self {
        Host::Memory(platform)
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
            Host::Memory(platform) => platform,
            Host::Kept(runner) => runner.platform(),
        }
    }

    pub(crate) async fn deploy(&self, document: &str) -> Result<Deployment, DeployError> {
        match self {
            Host::Memory(platform) => platform.deploy(document).await,
            Host::Kept(runner) => runner.deploy(document).await.map(|(deployment, _)| deployment),
        }
    }

    /// Runs a flow and gives its answer or its output, JSON.
    pub(crate) async fn run(&self, deployment: &Deployment, new: NewRun) -> Result<String, Fault> {
        match self {
            Host::Kept(runner) if deployment.flow().durability == Durability::Steps => {
                match runner.run(&deployment.flow().id, new).await.1? {
                    Reply::Finished(output) | Reply::Answered(output) => Ok(output),
                    Reply::Failed(fault) => Err(fault),
                }
            }
            Host::Memory(_) | Host::Kept(_) => deployment.run(&new.input, RunOptions::default()).await.result,
        }
    }

    /// Starts a run, and gives its id once it is sure to happen.
    pub(crate) async fn start(&self, deployment: &Deployment, new: NewRun) -> Result<String, Fault> {
        match self {
            Host::Kept(runner) => runner.begin(&deployment.flow().id, new).await.map(|begun| begun.run().to_string()),
            Host::Memory(_) => deployment.start(new.input, RunOptions::default()).map(|run| run.to_string()),
        }
    }
}
