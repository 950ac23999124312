//! Keys and values of a project, by store name. Sizes and rights are checked here, whatever store an embedder brings.

mod error;
mod guard;
mod host;
mod memory;
mod store;
mod stored;

pub use error::KvError;
pub use guard::Kv;
pub use memory::{MemoryKv, MemoryKvLimits};
pub use store::{KeyRange, KvStore, Space};
pub use stored::StoredKv;

pub(crate) use host::{INTERFACE, KvGrantee};
