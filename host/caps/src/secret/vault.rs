//! Secrets that a vault keeps sealed.

use super::{Secret, SecretError, SecretStore, StoreUnavailable};
use crate::grants::HostRule;
use async_trait::async_trait;
use loomwork_vault::{Contents, Place, Vault};
use std::sync::Arc;

/// The secrets of one org's projects.
#[derive(Clone)]
pub struct VaultSecrets {
    vault: Arc<Vault>,
    org: Arc<str>,
}

impl VaultSecrets {
    pub fn new(vault: Arc<Vault>, org: impl Into<Arc<str>>) -> Self {
        Self { vault, org: org.into() }
    }
}

#[async_trait]
impl SecretStore for VaultSecrets {
    async fn get(&self, project: &str, name: &str) -> Result<Option<Secret>, StoreUnavailable> {
        let place = Place { org: &self.org, project, name };
        let contents = self.vault.get(place).await.map_err(|error| StoreUnavailable(error.to_string()))?;
        contents.map(|contents| secret(name, &contents)).transpose()
    }

    async fn names(&self, project: &str) -> Result<Vec<String>, StoreUnavailable> {
        const PAGE: usize = 1_000;
        let mut names: Vec<String> = Vec::new();
        loop {
            let page = self.vault.names(&self.org, project, names.last().map(String::as_str), PAGE).await;
            let page = page.map_err(|error| StoreUnavailable(error.to_string()))?;
            let last = page.len() < PAGE;
            names.extend(page);
            if last {
                return Ok(names);
            }
        }
    }
}

/// Says before it is kept whether a secret could be used: its name, its length, its bindings.
pub fn check(name: &str, value: &str, hosts: Option<&[String]>) -> Result<(), SecretError> {
    if !crate::grants::is_name(name) {
        return Err(SecretError::Invalid("a secret's name has 1 to 64 letters, digits, `_`, `-` and `.`".to_owned()));
    }
    Secret::new(value).map_err(|error| SecretError::Invalid(error.to_string()))?;
    for host in hosts.into_iter().flatten() {
        host.parse::<HostRule>().map_err(|error| SecretError::Invalid(error.to_string()))?;
    }
    Ok(())
}

/// A binding that cannot be read lets the secret go nowhere.
fn secret(name: &str, contents: &Contents) -> Result<Secret, StoreUnavailable> {
    let unusable = |why: String| StoreUnavailable(format!("the secret `{name}` cannot be used: {why}"));
    let secret = Secret::new(contents.value.as_str()).map_err(|error| unusable(error.to_string()))?;
    let Some(hosts) = &contents.hosts else { return Ok(secret) };
    let rules: Result<Vec<HostRule>, _> = hosts.iter().map(|host| host.parse()).collect();
    Ok(secret.bind(rules.map_err(|error| unusable(error.to_string()))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grants::Target;
    use loomwork_vault::{Keys, MemorySealed};

    #[tokio::test]
    async fn secrets_come_from_the_vault_with_the_hosts_they_are_bound_to() {
        let vault = Arc::new(Vault::new(Keys::random().expect("random"), Arc::new(MemorySealed::default())));
        let set = async |name, contents| vault.set(Place { org: "acme", project: "shop", name }, &contents).await.expect("set");
        set("bound", Contents::new("hunter2").bound_to(["https://api.example.com".to_owned()])).await;
        set("open", Contents::new("hunter2")).await;
        set("short", Contents::new("abc")).await;
        set("lost", Contents::new("hunter2").bound_to(["https://".to_owned()])).await;
        let secrets = VaultSecrets::new(vault.clone(), "acme");

        let target = |url: &str| Target::of(&url.parse().expect("an address")).expect("a target");
        let bound = secrets.get("shop", "bound").await.expect("opened").expect("there");
        assert_eq!(bound.value(), "hunter2");
        assert!(bound.bound_to(&target("https://api.example.com/x")) && !bound.bound_to(&target("https://example.com/")));
        let open = secrets.get("shop", "open").await.expect("opened").expect("there");
        assert!(open.bound_to(&target("https://example.com/")));
        assert!(secrets.get("other", "open").await.expect("asked").is_none());
        for name in ["short", "lost"] {
            let error = secrets.get("shop", name).await.expect_err(name).to_string();
            assert!(error.contains(name) && !error.contains("hunter2"), "{error}");
        }
    }
}
