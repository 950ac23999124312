//! Sealed secrets as records of whatever keeps the runs.

use async_trait::async_trait;
use loomwork_journal::{Batch, Expect, Kind, Outcome, Project, Put, RecordPage, Store, StoreError, Write, limits};
use loomwork_vault::{Place, Sealed, Unavailable};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The store sees ciphertext alone.
pub struct StoredSealed {
    store: Arc<dyn Store>,
}

impl StoredSealed {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    async fn write(&self, place: Place<'_>, bytes: Option<Vec<u8>>, expect: Expect) -> Result<Outcome, StoreError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
        let (name, value) = (place.name.to_owned(), bytes.map(Into::into));
        let put = Put { project: project(place.org, place.project), kind: Kind::Secret, name, value, expect, blobs: Vec::new() };
        let outcomes = self.store.commit(Batch::new(now, [Write::Put(put)])).await?;
        outcomes.into_iter().next().ok_or_else(|| StoreError::Unavailable("the store gave no answer".to_owned()))
    }
}

fn project(org: &str, project: &str) -> Project {
    Project::new(org, project)
}

fn told(error: StoreError) -> Unavailable {
    Unavailable(error.to_string())
}

#[async_trait]
impl Sealed for StoredSealed {
    async fn get(&self, place: Place<'_>) -> Result<Option<Vec<u8>>, Unavailable> {
        let record = self.store.record(&project(place.org, place.project), Kind::Secret, place.name).await.map_err(told)?;
        Ok(record.map(|record| record.value.to_vec()))
    }

    async fn put(&self, place: Place<'_>, bytes: Option<Vec<u8>>) -> Result<bool, Unavailable> {
        let outcome = self.write(place, bytes, Expect::Any).await.map_err(told)?;
        Ok(matches!(outcome, Outcome::Put { existed: true }))
    }

    async fn replace(&self, place: Place<'_>, old: &[u8], new: Vec<u8>) -> Result<bool, Unavailable> {
        match self.write(place, Some(new), Expect::Is(Some(old.to_vec().into()))).await {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(told(error)),
        }
    }

    async fn names(&self, org: &str, of: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, Unavailable> {
        let page = RecordPage { prefix: String::new(), after: after.map(str::to_owned), limit: limit.min(limits::PAGE) };
        let records = self.store.records(&project(org, of), Kind::Secret, &page).await.map_err(told)?;
        Ok(records.into_iter().map(|record| record.name).collect())
    }

    async fn projects(&self) -> Result<Vec<(String, String)>, Unavailable> {
        let projects = self.store.projects(Kind::Secret).await.map_err(told)?;
        Ok(projects.into_iter().map(|project| (project.org.to_string(), project.name.to_string())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use loomwork_journal::MemoryStore;
    use loomwork_vault::{Contents, Keys, Vault};

    #[tokio::test]
    async fn what_the_store_has_is_sealed_and_opens_again() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let vault = Vault::new(Keys::random().expect("random"), Arc::new(StoredSealed::new(store.clone())));
        let place = Place { org: "acme", project: "shop", name: "key" };
        vault.set(place, &Contents::new("hunter2")).await.expect("set");
        let kept = store.record(&project("acme", "shop"), Kind::Secret, "key").await.expect("read").expect("there").value;
        assert!(!kept.windows(7).any(|bytes| bytes == b"hunter2"));
        assert_eq!(vault.get(place).await.expect("read").expect("there").value.as_str(), "hunter2");
        assert_eq!(vault.names("acme", "shop", None, 10).await.expect("read"), ["key"]);
        assert_eq!(vault.rotate().await.expect("rotated").fresh, 1);
        assert!(vault.delete(place).await.expect("deleted"));
        assert!(!vault.delete(place).await.expect("asked"));
    }
}
