//! What a server keeps: its database, the keys of its secrets, large values.

use crate::backup::OwnBackups;
use crate::damaged::Damaged;
use crate::exit::Failure;
use crate::place;
use loomwork_blob::{Blobs, Spilled};
use loomwork_caps::secret::StoredSealed;
use loomwork_journal::{Store, StoreError};
use loomwork_store_postgres::{PostgresStore, Settings};
use loomwork_store_sqlite::SqliteStore;
use loomwork_vault::{Keys, Vault};
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

/// Files and folders in it.
pub const DATABASE: &str = "loom.db";
pub const KEYS: &str = "secrets.keys";
pub const BLOBS: &str = "blobs";

/// Where it is.
pub struct Place<'a> {
    /// The server's own folder.
    pub folder: &'a Path,
    /// Postgres, instead of a file in the folder.
    pub database: Option<&'a str>,
    /// A folder or a bucket for large values, instead of one in the folder.
    pub blobs: Option<&'a str>,
    /// Something else than the database tells servers of one another.
    pub carried: bool,
}

/// All of it, opened.
pub struct Data {
    pub store: Arc<dyn Store>,
    pub blobs: Blobs,
    pub vault: Arc<Vault>,
    /// Of a database in the folder; others have means of their own.
    pub backups: Option<Arc<OwnBackups>>,
    /// Nothing can be kept, as what is kept cannot be read.
    pub damaged: bool,
}

/// What becomes of a database that is damaged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    Refuse,
    /// What needs no database runs all the same.
    GoOnWithout,
}

impl Data {
    /// Opens it; makes what is not there yet. A database in the folder is for one server alone.
    pub async fn open(place: &Place<'_>, damage: Damage) -> Result<Self, Failure> {
        let folder = place.folder;
        let unusable = |error: &dyn Display| Failure::Unavailable(format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(|error| unusable(&error))?;
        let blobs = match place.blobs {
            Some(text) => place::blobs(text)?,
            None => Blobs::folder(folder.join(BLOBS)).map_err(|error| unusable(&error))?,
        };
        let mut damaged = false;
        let (below, backups): (Arc<dyn Store>, _) = match place.database {
            Some(url) => (Arc::new(postgres(url, place.carried).await?), None),
            None => match SqliteStore::open(folder.join(DATABASE)).await {
                Ok(store) => {
                    let store = Arc::new(store);
                    (store.clone(), Some(Arc::new(OwnBackups { store, folder: folder.to_owned() })))
                }
                Err(StoreError::Damaged(why)) if damage == Damage::GoOnWithout => {
                    let hint = "restore the last backup; do not delete the damaged file";
                    tracing::error!(%why, hint, "the database is damaged and left as it is: only flows with `durability: memory` run");
                    damaged = true;
                    (Arc::new(Damaged::new(why)), None)
                }
                Err(error) => return Err(unusable(&error)),
            },
        };
        let store: Arc<dyn Store> = Arc::new(Spilled::new(below, blobs.clone()));
        let keys = Keys::open_or_create(&folder.join(KEYS)).map_err(|error| unusable(&error))?;
        let vault = Arc::new(Vault::new(keys, Arc::new(StoredSealed::new(store.clone()))));
        Ok(Self { store, blobs, vault, backups, damaged })
    }
}

async fn postgres(url: &str, carried: bool) -> Result<PostgresStore, Failure> {
    let settings = Settings { carried, ..Settings::new(url) };
    PostgresStore::connect(&settings).await.map_err(|error| Failure::Unavailable(format!("the database cannot be used: {error}")))
}
