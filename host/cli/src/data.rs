//! A server's own folder: its database, and the keys of its secrets.

use crate::backup::OwnBackups;
use crate::exit::Failure;
use loomwork_caps::secret::StoredSealed;
use loomwork_journal::{MemoryStore, Store};
use loomwork_run::{Platform, Retention, Runner, RunnerSettings};
use loomwork_store_sqlite::SqliteStore;
use loomwork_vault::{Keys, Vault};
use std::path::Path;
use std::sync::Arc;

/// Files and folders in it.
pub const DATABASE: &str = "loom.db";
pub const KEYS: &str = "secrets.keys";
pub const BLOBS: &str = "blobs";

/// What a server keeps, opened.
pub struct Data {
    pub store: Arc<dyn Store>,
    pub vault: Arc<Vault>,
    pub backups: Arc<OwnBackups>,
}

impl Data {
    /// Opens the folder, which nobody else has; makes what is not there yet.
    pub async fn open(folder: &Path) -> Result<Self, Failure> {
        let unusable = |error: &dyn std::fmt::Display| Failure::Unavailable(format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(|error| unusable(&error))?;
        let store = SqliteStore::open(folder.join(DATABASE)).await.map_err(|error| unusable(&error))?;
        let keys = Keys::open_or_create(&folder.join(KEYS)).map_err(|error| unusable(&error))?;
        let store = Arc::new(store);
        let backups = Arc::new(OwnBackups { store: store.clone(), folder: folder.to_owned() });
        let vault = Arc::new(Vault::new(keys, Arc::new(StoredSealed::new(store.clone()))));
        Ok(Self { store, vault, backups })
    }

    /// A worker on it.
    pub async fn runner(&self, platform: Platform, retention: Retention) -> Result<Runner, Failure> {
        let settings = RunnerSettings { alone: true, retention: Some(retention), ..RunnerSettings::default() };
        let store = self.store.clone();
        #[cfg(feature = "failpoints")]
        let store = crate::failpoints::Failing::around(store);
        let started = Runner::start(platform, store, settings).await;
        started.map_err(|error| Failure::Unavailable(format!("the database cannot be used: {error}")))
    }
}

/// A worker whose flows and runs live and die with the process. Of ended runs the newest thousand are there to be looked at.
pub async fn forgetful(platform: Platform) -> Result<Runner, Failure> {
    let retention = Some(Retention { age: None, count: Some(1_000) });
    let settings = RunnerSettings { alone: true, retention, ..RunnerSettings::default() };
    let started = Runner::start(platform, Arc::new(MemoryStore::new()), settings).await;
    started.map_err(|error| Failure::Unavailable(error.to_string()))
}
