//! Secrets that guests use without holding them.
//!
//! The store belongs to the embedder; this module checks rights, fills placeholders, signs, and teaches the redactor.

mod compare;
mod env_file;
mod error;
mod fill;
mod hide;
mod host;
mod jwt;
mod memory;
mod placeholder;
mod sign;
mod store;
mod stored;
mod vault;

pub use env_file::{EnvFileError, read_env_file};
pub use error::SecretError;
pub use memory::MemorySecrets;
pub use sign::{Algorithm, Signed};
pub use store::{Secret, SecretStore, StoreUnavailable, UnfitSecret};
pub use stored::StoredSealed;
pub use vault::{VaultSecrets, check};

pub(crate) use fill::{Fill, Filler, Place, percent_encode};
pub(crate) use host::INTERFACE;

/// Whether a secret would be filled in somewhere in these bytes.
pub(crate) fn has_placeholder(bytes: &[u8]) -> bool {
    !placeholder::find(bytes).is_empty()
}

use crate::grants::Target;
use crate::redact::Redactor;
use crate::scope::Scope;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The secrets of all projects, and what hides them.
pub struct Secrets {
    store: Arc<dyn SecretStore>,
    redactors: Mutex<HashMap<Arc<str>, Redactor>>,
}

impl Secrets {
    pub fn new(store: Arc<dyn SecretStore>) -> Self {
        Self { store, redactors: Mutex::default() }
    }

    /// What hides a project's secrets. All clones know what is used later too.
    pub fn redactor(&self, project: &str) -> Redactor {
        let mut redactors = self.redactors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(redactor) = redactors.get(project) {
            return redactor.clone();
        }
        let redactor = Redactor::default();
        redactors.insert(project.into(), redactor.clone());
        redactor
    }

    /// The secret, if the call may use it at all. From here on it is redacted.
    pub(crate) async fn open(&self, scope: &Scope, name: &str) -> Result<Secret, SecretError> {
        self.permit(scope, name)?;
        let secret = self.store.get(&scope.project, name).await?;
        let secret = secret.ok_or_else(|| SecretError::Unknown(format!("there is no secret `{name}`")))?;
        self.redactor(&scope.project).learn(name, secret.value())?;
        Ok(secret)
    }

    /// The secret, if it may be put into this part of a request to `target`.
    pub(crate) async fn open_for(&self, scope: &Scope, name: &str, target: &Target, place: Place) -> Result<Secret, SecretError> {
        self.permit(scope, name)?;
        let unbound = || SecretError::Denied(format!("secret `{name}` is not bound to {target}"));
        let places = scope.rights.secret_places(name, target).ok_or_else(unbound)?;
        if !place.of(places) {
            return Err(SecretError::Denied(format!("secret `{name}` may not be put into the {place} of a request")));
        }
        let secret = self.open(scope, name).await?;
        if !secret.bound_to(target) {
            return Err(unbound());
        }
        Ok(secret)
    }

    pub(crate) fn permit(&self, scope: &Scope, name: &str) -> Result<(), SecretError> {
        if !crate::grants::is_name(name) {
            return Err(SecretError::Unknown("a secret's name has 1 to 64 letters, digits, `_`, `-` and `.`".to_owned()));
        }
        if !scope.rights.secret(name) {
            return Err(SecretError::Denied(format!("secret `{name}` is not granted")));
        }
        Ok(())
    }
}
