//! Where secrets come from, and what one is.

use crate::grants::{HostRule, Target};
use crate::redact::Redactor;
use async_trait::async_trait;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A source of secrets. Asked once for each use; a store that is slow should remember.
#[async_trait]
pub trait SecretStore: Send + Sync + 'static {
    /// None if the project has no secret of this name.
    async fn get(&self, project: &str, name: &str) -> Result<Option<Secret>, StoreUnavailable>;

    /// The names of a project's secrets. Those of a store that cannot list them are hidden from their first use on only.
    async fn names(&self, _project: &str) -> Result<Vec<String>, StoreUnavailable> {
        Ok(Vec::new())
    }
}

/// The store cannot be asked just now. The message must not hold a value.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the secret store is unavailable: {0}")]
pub struct StoreUnavailable(pub String);

/// A value that is wiped from memory when the last clone is dropped, and that `Debug` does not print.
#[derive(Clone)]
pub struct Secret {
    value: Arc<Zeroizing<String>>,
    hosts: Option<Arc<[HostRule]>>,
}

/// A value that cannot be kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitSecret {
    #[error("a secret needs at least 4 bytes: a shorter one cannot be found and hidden in logs")]
    Short,
    #[error("a secret has at most 64 KiB")]
    Long,
}

impl Secret {
    pub const MAX: usize = 64 << 10;

    pub fn new(value: impl Into<String>) -> Result<Self, UnfitSecret> {
        let value = Zeroizing::new(value.into());
        match value.len() {
            0..Redactor::SHORTEST => Err(UnfitSecret::Short),
            Redactor::SHORTEST..=Self::MAX => Ok(Self { value: Arc::new(value), hosts: None }),
            _ => Err(UnfitSecret::Long),
        }
    }

    /// Binds the secret to hosts where it is kept, in addition to what grants say.
    pub fn bind(self, hosts: impl IntoIterator<Item = HostRule>) -> Self {
        Self { hosts: Some(hosts.into_iter().collect()), ..self }
    }

    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    pub(crate) fn bound_to(&self, target: &Target) -> bool {
        self.hosts.as_ref().is_none_or(|hosts| hosts.iter().any(|rule| rule.allows(target)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
