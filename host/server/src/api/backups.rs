//! `/api/backups`

use super::{Answer, json, refused};
use async_trait::async_trait;
use axum::extract::State;
use loomwork_api::BackupView;
use loomwork_types::Fault;
use std::path::PathBuf;
use std::sync::Arc;

/// Makes copies of all that a server keeps, while it works.
#[async_trait]
pub trait Backups: Send + Sync + 'static {
    /// Where the copy is, on the server's own disk.
    async fn make(&self) -> Result<PathBuf, Fault>;
}

/// Nothing, where what is kept has means of its own.
pub(crate) type Maker = Option<Arc<dyn Backups>>;

pub async fn make(State(maker): State<Maker>) -> Answer<BackupView> {
    let none = || {
        Fault::new(
            "backup.elsewhere",
            "this server keeps nothing in files of its own; back up its database with the database's tools",
        )
    };
    let folder = maker.ok_or_else(none).map_err(refused)?.make().await.map_err(refused)?;
    json(BackupView { folder: folder.display().to_string() })
}
