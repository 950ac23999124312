//! Large values, by the digest of their content: in a folder, or in a bucket that speaks S3.
//!
//! In reading order: [`Digest`] names a blob; [`Blobs`] keeps them; [`Blobs::sweep`] deletes what no run and no record refers to;
//! [`Spilled`] is a store whose large payloads are kept as blobs without anybody noticing.

mod blobs;
mod digest;
mod error;
mod place;
mod spill;
mod sweep;
mod turn;

pub use blobs::Blobs;
pub use digest::Digest;
pub use error::BlobError;
pub use place::Bucket;
pub use spill::Spilled;
pub use sweep::Swept;
