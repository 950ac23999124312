//! A server's part in what several do on one database.

use crate::args::{Keeping, Role};
use crate::data::{Damage, Data, Place};
use crate::exit::Failure;
use loomwork_dispatch::{Dispatch, Nats, NatsConfig};
use loomwork_journal::MemoryStore;
use loomwork_run::{Platform, Retention, Runner, RunnerSettings};
use std::sync::Arc;

/// What the server keeps; none if everything dies with it.
pub async fn open(keeping: &Keeping) -> Result<Option<Data>, Failure> {
    if keeping.database.is_none() && keeping.role != Role::All {
        let failure = Failure::usage("servers share their work only if they share a database");
        return Err(failure.hint("Name it with --database postgres://…, or leave --role out."));
    }
    let Some(folder) = &keeping.data else { return Ok(None) };
    let (database, blobs) = (keeping.database.as_deref(), keeping.blobs.as_deref());
    let place = Place { folder, database, blobs, carried: keeping.nats.is_some() };
    Data::open(&place, Damage::GoOnWithout).await.map(Some)
}

/// A worker on it, and what carries its messages.
pub struct Working {
    pub runner: Runner,
    nats: Option<Nats>,
}

impl Working {
    pub async fn start(keeping: &Keeping, data: &Data, platform: Platform, retention: Retention) -> Result<Self, Failure> {
        let nats = match &keeping.nats {
            Some(servers) => Some(Nats::connect(NatsConfig::new(servers)).await.map_err(|error| unreachable(&error))?),
            None => None,
        };
        let settings = RunnerSettings {
            alone: keeping.database.is_none(),
            retention: Some(retention),
            role: keeping.role.into(),
            dispatch: nats.clone().map(|nats| Arc::new(nats) as Arc<dyn Dispatch>),
            ..RunnerSettings::default()
        };
        let store = data.store.clone();
        #[cfg(feature = "failpoints")]
        let store = crate::failpoints::Failing::around(store);
        let started = Runner::start(platform, store, settings).await;
        let runner = started.map_err(|error| Failure::Unavailable(format!("the database cannot be used: {error}")))?;
        Ok(Self { runner, nats })
    }

    /// Flows and runs live and die with the process. Of ended runs the newest thousand are there to be looked at.
    pub async fn forgetful(platform: Platform) -> Result<Self, Failure> {
        let retention = Some(Retention { age: None, count: Some(1_000) });
        let settings = RunnerSettings { alone: true, retention, ..RunnerSettings::default() };
        let started = Runner::start(platform, Arc::new(MemoryStore::new()), settings).await;
        let runner = started.map_err(|error| Failure::Unavailable(error.to_string()))?;
        Ok(Self { runner, nats: None })
    }

    /// Puts runs under way aside for others, and sends what is to be sent.
    pub async fn stop(self) {
        self.runner.stop(PATIENCE).await;
        if let Some(nats) = self.nats {
            nats.close().await;
        }
    }
}

/// How long runs under way may take to come to rest when the server is stopped.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

fn unreachable(error: &loomwork_dispatch::DispatchError) -> Failure {
    let hint = error.hint().map(|hint| format!(". {hint}")).unwrap_or_default();
    Failure::Unavailable(format!("{error}{hint}"))
}

impl From<Role> for loomwork_run::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Api => Self::Api,
            Role::Worker => Self::Worker,
            Role::All => Self::All,
        }
    }
}
