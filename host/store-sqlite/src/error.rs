//! What SQLite says, as what a caller can do about it.

use loomwork_journal::StoreError;
use rusqlite::{Error, ErrorCode};

pub(crate) type Done<T = ()> = Result<T, StoreError>;

/// Turns an answer of SQLite into the store's.
pub(crate) trait Told<T> {
    fn told(self) -> Done<T>;
}

impl<T> Told<T> for Result<T, Error> {
    fn told(self) -> Done<T> {
        self.map_err(store_error)
    }
}

fn store_error(error: Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(error.to_string()),
        Some(ErrorCode::DiskFull) => StoreError::Unavailable("the disk is full".to_owned()),
        Some(_) => StoreError::Unavailable(error.to_string()),
        // What is there is not what a store writes.
        None => StoreError::Damaged(error.to_string()),
    }
}

/// Something that a store wrote does not read back.
pub(crate) fn damaged(what: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(what.to_string())
}
