//! Copies of a server's folder, and how they become one again. A copy holds the database and the blobs; the keys of secrets are not in
//! it, so that whoever gets hold of a backup has no secrets.

use crate::data::{BLOBS, DATABASE, KEYS};
use crate::exit::Failure;
use async_trait::async_trait;
use jiff::Timestamp;
use loomwork_server::Backups;
use loomwork_store_sqlite::SqliteStore;
use loomwork_types::Fault;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where a server puts copies, in its own folder.
const BACKUPS: &str = "backups";

/// A server's copies of itself.
pub struct OwnBackups {
    pub store: Arc<SqliteStore>,
    /// The server's folder.
    pub folder: PathBuf,
}

#[async_trait]
impl Backups for OwnBackups {
    async fn make(&self) -> Result<PathBuf, Fault> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
        let now = Timestamp::from_millisecond(now).map_err(|error| Fault::new("backup.failed", error.to_string()))?;
        let name = now.strftime("%Y%m%d-%H%M%S-%3f").to_string();
        let to = self.folder.join(BACKUPS).join(name);
        copy(&self.store, &self.folder, &to).await.map_err(|why| Fault::new("backup.failed", why))?;
        std::path::absolute(&to).map_err(|error| Fault::new("backup.failed", error.to_string()))
    }
}

/// The database first: what it refers to is there then, and stays for longer than the copying takes.
pub async fn copy(store: &SqliteStore, folder: &Path, to: &Path) -> Result<(), String> {
    std::fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    store.back_up(to.join(DATABASE)).await.map_err(|error| error.to_string())?;
    let (from, into) = (folder.join(BLOBS), to.join(BLOBS));
    let copied = tokio::task::spawn_blocking(move || copy_files(&from, &into)).await;
    copied.map_err(|error| error.to_string())?.map_err(|error| format!("blobs: {error}"))
}

/// Makes a server's folder of a copy. What is there already stays as it is.
pub async fn restore(copy: &Path, folder: &Path) -> Result<(), Failure> {
    let unusable = |path: &Path, why: &dyn std::fmt::Display| Failure::Unavailable(format!("{}: {why}", path.display()));
    let (from, database) = (copy.join(DATABASE), folder.join(DATABASE));
    if !from.is_file() {
        let failure = Failure::usage(format!("{} is not a backup: it has no {DATABASE}", copy.display()));
        return Err(failure.hint("Name the folder that `loom backup` gave."));
    }
    if database.exists() {
        let failure = Failure::usage(format!("{} has a database already", folder.display()));
        return Err(failure.hint("Restore into a folder that is new, and serve from there."));
    }
    std::fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
    copy_files(&copy.join(BLOBS), &folder.join(BLOBS)).map_err(|error| unusable(folder, &error))?;
    // The database comes last, whole: a folder with one is restored.
    let part = folder.join("restoring");
    std::fs::create_dir_all(&part).map_err(|error| unusable(&part, &error))?;
    std::fs::copy(&from, part.join(DATABASE)).map_err(|error| unusable(&from, &error))?;
    drop(SqliteStore::open(part.join(DATABASE)).await.map_err(|error| unusable(&from, &error))?);
    std::fs::rename(part.join(DATABASE), &database).map_err(|error| unusable(&database, &error))?;
    std::fs::remove_dir_all(&part).map_err(|error| unusable(&part, &error))
}

/// Whether secrets can be opened in a restored folder.
pub fn has_keys(folder: &Path) -> bool {
    folder.join(KEYS).exists()
}

/// Files and folders below `from`, if there is such a folder. What is there already is not copied again: files are named by content.
fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_files(&entry.path(), &target)?;
        } else if !target.exists() {
            match std::fs::copy(entry.path(), &target) {
                // It was swept meanwhile: nothing refers to it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                copied => drop(copied?),
            }
        }
    }
    Ok(())
}
