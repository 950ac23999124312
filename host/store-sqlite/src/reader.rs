//! Connections that only read, each used by one question at a time.

use crate::error::{Done, Told};
use crate::file;
use loomwork_journal::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Questions that are answered at the same time; the others wait.
const CONNECTIONS: usize = 4;

#[derive(Debug)]
pub(crate) struct Readers {
    pool: Arc<Pool>,
    places: Arc<Semaphore>,
}

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub fn new(path: &Path) -> Self {
        let pool = Pool { path: path.to_owned(), idle: Mutex::default() };
        Self { pool: Arc::new(pool), places: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    /// Asks on a thread that may wait for the disk.
    pub async fn ask<T: Send + 'static>(&self, question: impl FnOnce(&Connection) -> Done<T> + Send + 'static) -> Done<T> {
        let closed = |_| StoreError::Unavailable("the store has been closed".to_owned());
        let place = self.places.clone().acquire_owned().await.map_err(closed)?;
        let pool = self.pool.clone();
        let asking = tokio::task::spawn_blocking(move || {
            let db = pool.take()?;
            let answer = question(&db);
            pool.give_back(db);
            drop(place);
            answer
        });
        asking.await.map_err(|error| StoreError::Unavailable(error.to_string()))?
    }
}

impl Pool {
    fn take(&self) -> Done<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn give_back(&self, db: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
    }

    fn open(&self) -> Done<Connection> {
        let db = file::connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.pragma_update(None, "query_only", true).told()?;
        db.busy_timeout(Duration::from_secs(5)).told()?;
        db.pragma_update(None, "cache_size", -8 * 1024).told()?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(db)
    }
}
