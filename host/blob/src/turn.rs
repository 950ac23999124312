//! Of many processes on one store, one sweeps at a time.

use crate::{BlobError, Blobs, Swept};
use loomwork_journal::{Batch, Expect, Kind, Project, Put, Store, StoreError, Write};
use std::time::Duration;

/// Says when somebody began to sweep last, in milliseconds since 1970.
const RECORD: &str = "blobs/swept";

impl Blobs {
    /// Sweeps if nobody has begun to since `every` ago, and nobody else begins now; none if it is not our turn.
    /// `now` and `grace` are those of [`Blobs::sweep`].
    pub async fn sweep_in_turn(
        &self,
        store: &dyn Store,
        now: u64,
        every: Duration,
        grace: Duration,
    ) -> Result<Option<Swept>, BlobError> {
        let project = Project::local();
        let before = store.record(&project, Kind::Setting, RECORD).await?.map(|record| record.value);
        let last = before.as_ref().and_then(|value| std::str::from_utf8(value).ok()?.parse::<u64>().ok());
        if last.is_some_and(|last| now.saturating_sub(last) < every.as_millis() as u64) {
            return Ok(None);
        }
        let (kind, name, value) = (Kind::Setting, RECORD.to_owned(), Some(now.to_string().into()));
        let put = Put { project, kind, name, value, expect: Expect::Is(before), blobs: Vec::new() };
        match store.commit(Batch::new(now, [Write::Put(put)])).await {
            Ok(_) => self.sweep(store, now, grace.as_millis() as u64).await.map(Some),
            Err(StoreError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
