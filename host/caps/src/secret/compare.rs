//! Asks whether somebody holds a secret, for the host's own doors.

use super::{SecretError, Secrets};
use ring::{hmac, rand::SystemRandom};

impl Secrets {
    /// Whether `presented` is the project's secret `name`, in a time that depends on neither. No grant is asked for: a guest
    /// learns nothing by it. From here on the secret is redacted.
    pub async fn matches(&self, project: &str, name: &str, presented: &str) -> Result<bool, SecretError> {
        let secret = self.store.get(project, name).await?;
        let secret = secret.ok_or_else(|| SecretError::Unknown(format!("there is no secret `{name}`")))?;
        self.redactor(project).learn(name, secret.value())?;
        // Digests under a key that nobody knows are compared, so that not even the lengths show.
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        let key = key.map_err(|_| SecretError::Unknown("there is no randomness to compare secrets with".to_owned()))?;
        let held = hmac::sign(&key, secret.value().as_bytes());
        Ok(hmac::verify(&key, presented.as_bytes(), held.as_ref()).is_ok())
    }
}
