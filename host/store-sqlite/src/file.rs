//! The file: taken for one process, looked over, brought to this version.

use crate::error::{Done, Told, damaged};
use crate::migrate;
use loomwork_journal::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The lock file beside the database. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    pub fn take(path: &Path) -> Done<Self> {
        let beside = beside(path, ".lock");
        let unavailable = |error: std::io::Error| StoreError::Unavailable(format!("{}: {error}", beside.display()));
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&beside).map_err(unavailable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(path, &mut file)),
            Err(TryLockError::Error(error)) => return Err(unavailable(error)),
        }
        // Only for the message to whom comes second: if it cannot be written the lock holds all the same.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

fn taken(path: &Path, file: &mut File) -> StoreError {
    let mut process = String::new();
    let _ = file.take(20).read_to_string(&mut process);
    let who = if process.is_empty() { "another server".to_owned() } else { format!("another server (process {process})") };
    StoreError::Refused(format!("{who} uses {}", path.display()))
}

pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Says that a file is one of ours: `loom` in ASCII.
const APPLICATION: i32 = 0x6c6f_6f6d;

/// Pages of the log after which they are moved into the file: 32 MiB.
const CHECKPOINT: i64 = 8_192;

/// Opens a connection to a file that is this process's alone: it is locked once, and not at each transaction.
pub(crate) fn connect(path: &Path, flags: OpenFlags) -> Done<Connection> {
    if cfg!(unix) {
        return Connection::open_with_flags_and_vfs(path, flags, c"unix-excl").told();
    }
    Connection::open_with_flags(path, flags).told()
}

/// Opens the file for writing.
pub(crate) fn open(path: &Path) -> Done<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = connect(path, flags)?;
    db.busy_timeout(Duration::from_secs(5)).told()?;
    ours(&db, path)?;
    db.pragma_update(None, "journal_mode", "WAL").told()?;
    db.pragma_update(None, "synchronous", "FULL").told()?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT).told()?;
    db.pragma_update(None, "journal_size_limit", 64 << 20).told()?;
    db.pragma_update(None, "cache_size", -64 * 1024).told()?;
    db.pragma_update(None, "temp_store", "MEMORY").told()?;
    whole(&db, path)?;
    migrate::migrate(&mut db, path)?;
    db.set_prepared_statement_cache_capacity(128);
    Ok(db)
}

/// Refuses a file that is something else.
fn ours(db: &Connection, path: &Path) -> Done {
    let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0)).told()?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).told()?;
    match (id, tables) {
        (APPLICATION, _) => Ok(()),
        (0, 0) => db.pragma_update(None, "application_id", APPLICATION).told(),
        _ => Err(StoreError::Refused(format!("{} is a database of another program", path.display()))),
    }
}

/// Reads every page once. A full check of the indexes takes much longer and finds little more.
fn whole(db: &Connection, path: &Path) -> Done {
    let found: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).told()?;
    if found == "ok" { Ok(()) } else { Err(damaged(format!("{}: {found}", path.display()))) }
}
