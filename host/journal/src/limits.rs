//! What is above these is refused, by every store alike.

/// Bytes of one JSON payload: an input, an output, a signal.
pub const PAYLOAD: usize = 64 << 20;
/// Bytes of a payload that stands in the journal itself; what is larger belongs into a blob.
pub const INLINE: usize = 64 << 10;
/// Bytes of a name, key, worker or person.
pub const NAME: usize = 1 << 10;
/// Bytes of a record's value.
pub const RECORD: usize = 16 << 20;
/// Bytes of a snapshot.
pub const SNAPSHOT: usize = 128 << 20;
/// Writes of one batch.
pub const WRITES: usize = 10_000;
/// Early signals kept for one name and key.
pub const EARLY: usize = 100;
/// Rows of one page.
pub const PAGE: usize = 1_000;
/// Bytes of a record's name: `store/key` of the kv capability must fit.
pub const RECORD_NAME: usize = 2 << 10;
/// Bytes of the entries of one append.
pub const ENTRIES: usize = 128 << 20;
