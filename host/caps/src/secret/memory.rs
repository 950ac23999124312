//! Secrets kept in memory: for the command line, tests, and embedders that read them elsewhere.

use super::{EnvFileError, Secret, SecretStore, StoreUnavailable, read_env_file};
use async_trait::async_trait;
use std::collections::HashMap;
use std::path::Path;

/// Named secrets, the same for every project unless set for one.
#[derive(Clone, Debug, Default)]
pub struct MemorySecrets {
    shared: HashMap<String, Secret>,
    of_project: HashMap<(String, String), Secret>,
}

impl MemorySecrets {
    /// Reads a file of `NAME=value` lines that only its owner can read.
    pub fn from_env_file(path: &Path) -> Result<Self, EnvFileError> {
        Ok(Self { shared: read_env_file(path)?.into_iter().collect(), ..Self::default() })
    }

    /// Sets a secret for every project.
    pub fn with(mut self, name: impl Into<String>, secret: Secret) -> Self {
        self.shared.insert(name.into(), secret);
        self
    }

    /// Sets a secret for one project; it hides a shared one of that name.
    pub fn with_project(mut self, project: impl Into<String>, name: impl Into<String>, secret: Secret) -> Self {
        self.of_project.insert((project.into(), name.into()), secret);
        self
    }
}

#[async_trait]
impl SecretStore for MemorySecrets {
    async fn get(&self, project: &str, name: &str) -> Result<Option<Secret>, StoreUnavailable> {
        let own = self.of_project.get(&(project.to_owned(), name.to_owned()));
        Ok(own.or_else(|| self.shared.get(name)).cloned())
    }

    async fn names(&self, project: &str) -> Result<Vec<String>, StoreUnavailable> {
        let own = self.of_project.keys().filter(|(of, _)| of == project).map(|(_, name)| name);
        Ok(self.shared.keys().chain(own).cloned().collect())
    }
}
