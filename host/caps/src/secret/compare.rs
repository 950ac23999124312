//! Secrets for the host's own doors: whether somebody holds one, and what requests are signed with. Guests learn nothing by it, so no
//! grant is asked for. From its first use a secret is redacted.

use super::{SecretError, Secrets};
use ring::{hmac, rand::SystemRandom};

impl Secrets {
    /// Gives the project's secret `name` to `use_it`.
    pub async fn lend<T>(&self, project: &str, name: &str, use_it: impl FnOnce(&str) -> T) -> Result<T, SecretError> {
        let secret = self.store.get(project, name).await?;
        let secret = secret.ok_or_else(|| SecretError::Unknown(format!("there is no secret `{name}`")))?;
        self.redactor(project).learn(name, secret.value())?;
        Ok(use_it(secret.value()))
    }

    /// Whether `presented` is the project's secret `name`, in a time that depends on neither.
    pub async fn matches(&self, project: &str, name: &str, presented: &str) -> Result<bool, SecretError> {
        // Digests under a key that nobody knows are compared, so that not even the lengths show.
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        let key = key.map_err(|_| SecretError::Unknown("there is no randomness to compare secrets with".to_owned()))?;
        let held = self.lend(project, name, |secret| hmac::sign(&key, secret.as_bytes())).await?;
        Ok(hmac::verify(&key, presented.as_bytes(), held.as_ref()).is_ok())
    }
}
