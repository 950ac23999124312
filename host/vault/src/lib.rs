//! Secrets at rest: sealed with a key that the store of the sealed bytes never sees.
//!
//! In reading order: [`Keys`] is the operator's key file; `seal` turns [`Contents`] into bytes that only these keys open, and only in
//! the place they were made for; [`Sealed`] is what a store must be able to do; [`Vault`] puts them together.
//!
//! Knows nothing of databases, grants and guests.

mod contents;
mod error;
mod keys;
mod keys_file;
mod memory;
mod seal;
mod sealed;
mod vault;

pub use contents::Contents;
pub use error::{KeyError, VaultError};
pub use keys::{KeyId, Keys};
pub use memory::MemorySealed;
pub use sealed::{Place, Sealed, Unavailable};
pub use vault::{Rotated, Vault};
