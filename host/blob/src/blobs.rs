//! Blobs are kept once, whoever brings them, and never change.

use crate::{BlobError, Digest};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// How long a blob that is brought again is left as it is. Then its date is renewed, so that it is not swept away between being
/// brought and being referred to.
pub(crate) const RENEW: u64 = 60 * 60 * 1_000;

/// Uploads at the same time for one blob.
const UPLOADS: usize = 4;

/// A place for blobs. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Blobs {
    pub(crate) objects: Arc<dyn ObjectStore>,
    /// The same, if they are files.
    pub(crate) files: Option<Arc<LocalFileSystem>>,
}

impl Blobs {
    /// Keeps bytes. `now` is in milliseconds since 1970.
    pub async fn put(&self, bytes: Bytes, now: u64) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        let location = location(&digest);
        if !self.is_fresh(&location, now).await? {
            self.objects.put(&location, PutPayload::from_bytes(bytes)).await?;
            self.settle(&location).await?;
        }
        Ok(digest)
    }

    /// Keeps what comes, without holding more than a few megabytes of it in memory. Gives its digest and size.
    pub async fn put_stream(
        &self,
        mut bytes: impl Stream<Item = std::io::Result<Bytes>> + Unpin + Send,
    ) -> Result<(Digest, u64), BlobError> {
        let upload = Path::from(format!("uploads/{:032x}", rand::random::<u128>()));
        let mut writer = WriteMultipart::new(self.objects.put_multipart(&upload).await?);
        let (mut hash, mut size) = (Sha256::new(), 0);
        while let Some(part) = bytes.next().await {
            let part = match part {
                Ok(part) => part,
                Err(error) => {
                    writer.abort().await?;
                    return Err(BlobError::Source(error));
                }
            };
            hash.update(&part);
            size += part.len() as u64;
            writer.wait_for_capacity(UPLOADS).await?;
            writer.put(part);
        }
        writer.finish().await?;
        let digest = Digest::from_hash(hash.finalize().as_slice());
        let location = location(&digest);
        self.objects.rename(&upload, &location).await?;
        self.settle(&location).await?;
        Ok((digest, size))
    }

    /// The whole of a blob of at most `limit` bytes.
    pub async fn get(&self, digest: &Digest, limit: u64) -> Result<Bytes, BlobError> {
        let found = self.objects.get(&location(digest)).await.map_err(|error| missing(error, digest))?;
        if found.meta.size > limit {
            return Err(BlobError::TooLarge { digest: digest.clone(), size: found.meta.size, limit });
        }
        let bytes = found.bytes().await?;
        if Digest::of(&bytes) == *digest { Ok(bytes) } else { Err(BlobError::Damaged(digest.clone())) }
    }

    /// A blob piece by piece. The last piece is an error if they are not what the digest says.
    pub async fn stream(&self, digest: &Digest) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let found = self.objects.get(&location(digest)).await.map_err(|error| missing(error, digest))?;
        let pieces = found.into_stream().map_err(BlobError::from);
        let state = (pieces, Sha256::new(), Some(digest.clone()));
        let checked = futures::stream::try_unfold(state, |(mut pieces, mut hash, expected)| async move {
            let Some(expected) = expected else { return Ok(None) };
            match pieces.try_next().await? {
                Some(piece) => {
                    hash.update(&piece);
                    Ok(Some((piece, (pieces, hash, Some(expected)))))
                }
                None if Digest::from_hash(hash.clone().finalize().as_slice()) == expected => Ok(None),
                None => Err(BlobError::Damaged(expected)),
            }
        });
        Ok(checked.boxed())
    }

    /// Bytes of a blob, if it is there.
    pub async fn size(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        Ok(self.meta(&location(digest)).await?.map(|meta| meta.size))
    }

    pub(crate) async fn meta(&self, location: &Path) -> Result<Option<ObjectMeta>, BlobError> {
        match self.objects.head(location).await {
            Ok(meta) => Ok(Some(meta)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn is_fresh(&self, location: &Path, now: u64) -> Result<bool, BlobError> {
        Ok(self.meta(location).await?.is_some_and(|meta| age(&meta, now) < RENEW))
    }
}

pub(crate) fn location(digest: &Digest) -> Path {
    let hex = digest.hex();
    Path::from_iter(["sha256", &hex[..2], hex])
}

/// Milliseconds since it was written.
pub(crate) fn age(meta: &ObjectMeta, now: u64) -> u64 {
    let written = u64::try_from(meta.last_modified.timestamp_millis()).unwrap_or_default();
    now.saturating_sub(written)
}

fn missing(error: object_store::Error, digest: &Digest) -> BlobError {
    match error {
        object_store::Error::NotFound { .. } => BlobError::Missing(digest.clone()),
        error => error.into(),
    }
}
