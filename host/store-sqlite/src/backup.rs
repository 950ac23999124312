//! A copy of the store while it is in use.

use crate::error::{Done, Told};
use loomwork_journal::StoreError;
use rusqlite::Connection;
use std::path::Path;

/// Copies what this connection sees now, packed. The copy is whole or is not there.
pub(crate) fn copy(db: &Connection, to: &Path) -> Done {
    if to.exists() {
        return Err(StoreError::Refused(format!("{} is there already", to.display())));
    }
    let part = crate::file::beside(to, ".part");
    let failed = |error: std::io::Error| StoreError::Unavailable(format!("{}: {error}", to.display()));
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let name = part.to_str().ok_or_else(|| StoreError::Refused(format!("{} is not Unicode", part.display())))?;
    let copied = pack(db, name);
    let kept = copied.and_then(|_| {
        let file = std::fs::File::open(&part).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        std::fs::rename(&part, to).map_err(failed)
    });
    if kept.is_err() {
        // What is there is of no use; that it cannot be removed changes nothing about the failure.
        let _ = std::fs::remove_file(&part);
    }
    kept
}

/// A connection that only reads may not write another file either, unless it is told that it may.
fn pack(db: &Connection, to: &str) -> Done {
    db.pragma_update(None, "query_only", false).told()?;
    let copied = db.execute("VACUUM INTO ?1", [to]).told();
    db.pragma_update(None, "query_only", true).told()?;
    copied.map(drop)
}
