//! Deletes what nobody refers to.
//!
//! A blob is written before what refers to it is committed, and its date is renewed when it is brought again. So what is older
//! than the grace, and not referred to when that has been looked at afterwards, is nobody's.

use crate::blobs::{RENEW, age};
use crate::{BlobError, Blobs, Digest};
use futures::TryStreamExt;
use loomwork_journal::limits::PAGE;
use loomwork_journal::{Store, StoreError};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::collections::BTreeMap;

/// What a sweep has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub kept: usize,
    pub deleted: usize,
    /// Of the deleted ones.
    pub bytes: u64,
}

impl Blobs {
    /// Deletes blobs and unfinished uploads that are older than `grace` (milliseconds, at least two hours) and that neither a run nor
    /// a record of the store refers to. Takes a 256th of all names into memory at a time.
    pub async fn sweep(&self, store: &dyn Store, now: u64, grace: u64) -> Result<Swept, BlobError> {
        let grace = grace.max(2 * RENEW);
        let mut swept = Swept::default();
        for shard in 0..=u8::MAX {
            self.sweep_shard(store, now, grace, shard, &mut swept).await?;
        }
        self.sweep_uploads(now, grace).await?;
        Ok(swept)
    }

    async fn sweep_shard(&self, store: &dyn Store, now: u64, grace: u64, shard: u8, swept: &mut Swept) -> Result<(), BlobError> {
        let folder = Path::from(format!("sha256/{shard:02x}"));
        let mut old: BTreeMap<String, Path> = BTreeMap::new();
        let mut objects = self.objects.list(Some(&folder));
        while let Some(meta) = objects.try_next().await? {
            let name = meta.location.filename().map(|hex| format!("sha256:{hex}"));
            match name.filter(|name| name.parse::<Digest>().is_ok() && age(&meta, now) > grace) {
                Some(name) => drop(old.insert(name, meta.location)),
                None => swept.kept += 1,
            }
        }
        swept.kept += without_held(store, &format!("sha256:{shard:02x}"), &mut old).await?;
        for location in old.into_values() {
            // Somebody may have brought it again meanwhile.
            match self.meta(&location).await? {
                Some(meta) if age(&meta, now) > grace => {
                    self.objects.delete(&location).await?;
                    swept.deleted += 1;
                    swept.bytes += meta.size;
                }
                _ => swept.kept += 1,
            }
        }
        Ok(())
    }

    async fn sweep_uploads(&self, now: u64, grace: u64) -> Result<(), BlobError> {
        let mut uploads = self.objects.list(Some(&Path::from("uploads")));
        while let Some(meta) = uploads.try_next().await? {
            if age(&meta, now) > grace {
                self.objects.delete(&meta.location).await?;
            }
        }
        Ok(())
    }
}

/// Takes out of `old` what is referred to, and counts it.
async fn without_held(store: &dyn Store, prefix: &str, old: &mut BTreeMap<String, Path>) -> Result<usize, StoreError> {
    let (before, mut after) = (old.len(), Some(prefix.to_owned()));
    while let Some(from) = after.take().filter(|_| !old.is_empty()) {
        let page = store.blobs(Some(&from), PAGE).await?;
        for digest in page.iter().filter(|digest| digest.starts_with(prefix)) {
            old.remove(digest);
        }
        after = page.last().filter(|last| page.len() == PAGE && last.starts_with(prefix)).cloned();
    }
    Ok(before - old.len())
}
