//! What a store of sealed bytes must be able to do. It learns names, sizes and times, and nothing else.

use async_trait::async_trait;

/// Whose secret it is, and what it is called. Part of what is sealed: bytes moved to another place do not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place<'a> {
    pub org: &'a str,
    pub project: &'a str,
    pub name: &'a str,
}

/// Keeps bytes by place.
#[async_trait]
pub trait Sealed: Send + Sync + 'static {
    async fn get(&self, place: Place<'_>) -> Result<Option<Vec<u8>>, Unavailable>;

    /// Sets, or with none deletes. Says whether something was there before.
    async fn put(&self, place: Place<'_>, bytes: Option<Vec<u8>>) -> Result<bool, Unavailable>;

    /// Sets if what is there is still `old`, and says whether it was.
    async fn replace(&self, place: Place<'_>, old: &[u8], new: Vec<u8>) -> Result<bool, Unavailable>;

    /// Names of a project's secrets in order, behind `after`, the first `limit`.
    async fn names(&self, org: &str, project: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, Unavailable>;

    /// Org and project of all that have secrets.
    async fn projects(&self) -> Result<Vec<(String, String)>, Unavailable>;
}

/// The store cannot be asked just now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store of secrets is unavailable: {0}")]
pub struct Unavailable(pub String);
