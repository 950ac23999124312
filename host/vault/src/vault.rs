//! Secrets by place: sealed on the way in, opened on the way out, sealed anew when keys change.

use crate::{Contents, Keys, Place, Sealed, VaultError, seal};
use std::sync::{Arc, PoisonError, RwLock};

/// Names have so many bytes at most.
const MAX_NAME: usize = 128;
/// Names that are asked for at once.
const PAGE: usize = 256;

/// The secrets of all projects.
pub struct Vault {
    keys: RwLock<Keys>,
    store: Arc<dyn Sealed>,
}

/// What a rotation did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Secrets that were sealed anew.
    pub sealed: u64,
    /// Secrets that the sealing key had sealed already.
    pub fresh: u64,
    /// `org/project/name` of those that no key opens: they stay as they are, and so must the old keys if they are of use.
    pub closed: Vec<String>,
}

impl Vault {
    pub fn new(keys: Keys, store: Arc<dyn Sealed>) -> Self {
        Self { keys: RwLock::new(keys), store }
    }

    /// Takes up other keys: those of a key file that was changed.
    pub fn set_keys(&self, keys: Keys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    pub async fn set(&self, place: Place<'_>, contents: &Contents) -> Result<(), VaultError> {
        check_name(place)?;
        let hosts: usize = contents.hosts.iter().flatten().map(|host| host.len() + 1).sum();
        if contents.value.len() > Contents::MAX || hosts > Contents::MAX_HOSTS {
            return Err(VaultError::TooLarge { most: Contents::MAX });
        }
        let sealed = seal::seal(&self.keys(), place, contents)?;
        self.store.put(place, Some(sealed)).await?;
        Ok(())
    }

    /// None if there is no secret of this name.
    pub async fn get(&self, place: Place<'_>) -> Result<Option<Contents>, VaultError> {
        match self.store.get(place).await? {
            Some(sealed) => seal::open(&self.keys(), place, &sealed).map(Some),
            None => Ok(None),
        }
    }

    /// Whether there was one.
    pub async fn delete(&self, place: Place<'_>) -> Result<bool, VaultError> {
        Ok(self.store.put(place, None).await?)
    }

    /// Names of a project's secrets in order, behind `after`, at most `limit` of them.
    pub async fn names(&self, org: &str, project: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, VaultError> {
        Ok(self.store.names(org, project, after, limit).await?)
    }

    /// Seals with the sealing key what another one sealed. Can be broken off and begun again; a secret that is set meanwhile keeps its
    /// new value.
    pub async fn rotate(&self) -> Result<Rotated, VaultError> {
        let mut rotated = Rotated::default();
        for (org, project) in self.store.projects().await? {
            let mut after: Option<String> = None;
            loop {
                let names = self.store.names(&org, &project, after.as_deref(), PAGE).await?;
                for name in &names {
                    self.rotate_one(Place { org: &org, project: &project, name }, &mut rotated).await?;
                }
                match names.into_iter().next_back() {
                    Some(last) => after = Some(last),
                    None => break,
                }
            }
        }
        Ok(rotated)
    }

    async fn rotate_one(&self, place: Place<'_>, rotated: &mut Rotated) -> Result<(), VaultError> {
        let keys = self.keys();
        let Some(old) = self.store.get(place).await? else { return Ok(()) };
        if seal::key_of(&old) == Some(keys.sealing()) {
            rotated.fresh += 1;
            return Ok(());
        }
        match seal::open(&keys, place, &old) {
            Ok(contents) => {
                let new = seal::seal(&keys, place, &contents)?;
                // If it was set meanwhile, it was set with a key that we may not know: the next rotation looks again.
                rotated.sealed += u64::from(self.store.replace(place, &old, new).await?);
            }
            Err(VaultError::UnknownKey { .. } | VaultError::Damaged { .. }) => {
                rotated.closed.push(format!("{}/{}/{}", place.org, place.project, place.name));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn keys(&self) -> Keys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn check_name(place: Place<'_>) -> Result<(), VaultError> {
    let good = |text: &str| (1..=MAX_NAME).contains(&text.len()) && !text.chars().any(char::is_control);
    match [place.org, place.project, place.name].into_iter().all(good) {
        true => Ok(()),
        false => Err(VaultError::BadName { most: MAX_NAME }),
    }
}
