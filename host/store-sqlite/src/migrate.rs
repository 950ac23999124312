//! Forward only: each file of `migrations` takes the database one version on.

use crate::error::{Done, Told};
use loomwork_journal::StoreError;
use rusqlite::Connection;
use std::path::Path;

const STEPS: [&str; 4] = [
    include_str!("../migrations/0001_runs.sql"),
    include_str!("../migrations/0002_chunks.sql"),
    include_str!("../migrations/0003_starter.sql"),
    include_str!("../migrations/0004_trace.sql"),
];

/// Brings the database to this version, each step in a transaction of its own.
pub(crate) fn migrate(db: &mut Connection, path: &Path) -> Done {
    let version: usize = db.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).told()? as usize;
    if version > STEPS.len() {
        let ours = STEPS.len();
        return Err(StoreError::Refused(format!("{} has version {version}, this program knows up to {ours}", path.display())));
    }
    for (step, sql) in STEPS.iter().enumerate().skip(version) {
        let change = db.transaction().told()?;
        change.execute_batch(sql).told()?;
        change.pragma_update(None, "user_version", step as u32 + 1).told()?;
        change.commit().told()?;
    }
    Ok(())
}
