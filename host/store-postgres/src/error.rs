//! What Postgres says, as what a caller can do about it.

use loomwork_journal::StoreError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

pub(crate) type Done<T = ()> = Result<T, StoreError>;

/// Turns an answer of Postgres into the store's.
pub(crate) trait Told<T> {
    fn told(self) -> Done<T>;
}

impl<T> Told<T> for Result<T, Error> {
    fn told(self) -> Done<T> {
        self.map_err(|error| store_error(&error))
    }
}

/// Two transactions waited for each other, or made the same row.
const AGAIN: [SqlState; 4] = [
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::UNIQUE_VIOLATION,
    SqlState::LOCK_NOT_AVAILABLE,
];

fn store_error(error: &Error) -> StoreError {
    match (error.as_db_error(), error.code()) {
        (Some(database), Some(code)) if AGAIN.contains(code) => StoreError::Busy(database.message().to_owned()),
        (_, Some(code)) if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => damaged(error),
        (Some(database), _) => StoreError::Unavailable(format!("Postgres says: {}", database.message())),
        (None, _) if is_untrusted(error) => StoreError::Unavailable(format!(
            "the certificate of Postgres is not trusted ({}); name the file with its root by sslrootcert=…",
            chain(error)
        )),
        (None, _) => StoreError::Unavailable(format!("no connection to Postgres: {}", chain(error))),
    }
}

/// Whether it is the server's certificate that is wrong.
fn is_untrusted(error: &(dyn std::error::Error + 'static)) -> bool {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let tls = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(_))) || error.source().is_some_and(is_untrusted)
}

/// The error with what lies behind it.
fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

/// Something that a store wrote does not read back.
pub(crate) fn damaged(what: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(what.to_string())
}
