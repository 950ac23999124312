//! `loom:host/kv` for guests.

use super::{Kv, KvError, KvStore};
use crate::bindings::kv as wit;
use crate::grants::Rights;
use crate::scope::Scope;
use crate::wiring::Interface;
use loomwork_engine::{Context, Grant, State};
use std::any::Any;
use std::sync::Arc;
use wasmtime::component::HasSelf;

pub(crate) const INTERFACE: Interface =
    Interface { name: "loom:host/kv", link: |linker| wit::add_to_linker::<_, HasSelf<State>>(linker, |state| state) };

/// What a project's calls may do with stores.
pub(crate) struct KvGrantee {
    pub(crate) store: Arc<dyn KvStore>,
    pub(crate) rights: Rights,
}

impl Grant for KvGrantee {
    fn begin(&self, call: &Context) -> Box<dyn Any + Send> {
        Box::new(Kv::new(self.store.clone(), Scope::of(call, self.rights.clone())))
    }
}

type Answer<T> = wasmtime::Result<Result<T, wit::Error>>;

impl wit::Host for State {
    async fn get(&mut self, store: String, key: String) -> Answer<Option<Vec<u8>>> {
        let got = self.data::<Kv>()?.get(&store, &key).await;
        Ok(got.map(|value| value.map(Vec::from)).map_err(Into::into))
    }

    async fn set(&mut self, store: String, key: String, value: Vec<u8>) -> Answer<()> {
        Ok(self.data::<Kv>()?.set(&store, &key, value).await.map_err(Into::into))
    }

    async fn delete(&mut self, store: String, key: String) -> Answer<bool> {
        Ok(self.data::<Kv>()?.delete(&store, &key).await.map_err(Into::into))
    }

    async fn keys(&mut self, store: String, prefix: String, after: Option<String>, limit: u32) -> Answer<Vec<String>> {
        Ok(self.data::<Kv>()?.keys(&store, prefix, after, limit).await.map_err(Into::into))
    }

    async fn swap(&mut self, store: String, key: String, expected: Option<Vec<u8>>, value: Vec<u8>) -> Answer<bool> {
        Ok(self.data::<Kv>()?.swap(&store, &key, expected, value).await.map_err(Into::into))
    }

    async fn increment(&mut self, store: String, key: String, by: i64) -> Answer<i64> {
        Ok(self.data::<Kv>()?.increment(&store, &key, by).await.map_err(Into::into))
    }
}

impl From<KvError> for wit::Error {
    fn from(error: KvError) -> Self {
        match error {
            KvError::Denied(message) => wit::Error::Denied(message),
            KvError::Invalid(message) => wit::Error::Invalid(message),
            KvError::TooLarge(message) => wit::Error::TooLarge(message),
            KvError::Unavailable(message) => wit::Error::Unavailable(message),
        }
    }
}
