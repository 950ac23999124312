//! Secrets are hidden before anybody uses them: a value that stands in a run from before this process began is hidden as well.

use super::{Secret, SecretError, Secrets};

impl Secrets {
    /// Hides all secrets of a project that its store lists, and that can be opened. Gives the names of those that cannot.
    pub async fn hide_all(&self, project: &str) -> Result<Vec<String>, SecretError> {
        let (mut found, mut closed): (Vec<(String, Secret)>, Vec<String>) = Default::default();
        for name in self.store.names(project).await? {
            match self.store.get(project, &name).await {
                Ok(secret) => found.extend(secret.map(|secret| (name, secret))),
                Err(_) => closed.push(name),
            }
        }
        self.redactor(project).learn_all(found.iter().map(|(name, secret)| (name.as_str(), secret.value())))?;
        Ok(closed)
    }

    /// Hides a secret that has been set, if it is there.
    pub async fn hide(&self, project: &str, name: &str) -> Result<(), SecretError> {
        let Some(secret) = self.store.get(project, name).await? else { return Ok(()) };
        Ok(self.redactor(project).learn(name, secret.value())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::MemorySecrets;
    use std::sync::Arc;

    #[tokio::test]
    async fn what_nobody_has_used_is_hidden_in_its_own_project() {
        let fit = |value: &str| Secret::new(value).expect("it is fit");
        let store = MemorySecrets::default().with("shared", fit("hunter22")).with_project("shop", "own", fit("correct horse"));
        let secrets = Secrets::new(Arc::new(store));
        for project in ["shop", "other"] {
            assert!(secrets.hide_all(project).await.expect("they can be listed").is_empty());
        }
        assert_eq!(secrets.redactor("shop").text("hunter22, correct horse"), "[secret:shared], [secret:own]");
        assert_eq!(secrets.redactor("other").text("hunter22, correct horse"), "[secret:shared], correct horse");
    }
}
