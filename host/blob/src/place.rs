//! Where blobs are: a folder, a bucket, or memory.

use crate::{BlobError, Blobs};
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use std::fs::File;
use std::sync::Arc;

/// A bucket of a service that speaks S3.
#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    pub region: String,
    /// For services other than Amazon's.
    pub endpoint: Option<String>,
    pub key_id: String,
    pub secret: String,
}

impl Blobs {
    /// Blobs in files below a folder, which is made if it is not there. What has been kept is on disk.
    pub fn folder(path: impl AsRef<std::path::Path>) -> Result<Self, BlobError> {
        let path = path.as_ref();
        std::fs::create_dir_all(path).map_err(|error| BlobError::Refused(format!("{}: {error}", path.display())))?;
        let files = Arc::new(LocalFileSystem::new_with_prefix(path)?);
        Ok(Self { objects: files.clone(), files: Some(files) })
    }

    /// Blobs in a bucket. Plain HTTP is used only where the endpoint's address says so.
    pub fn bucket(bucket: &Bucket) -> Result<Self, BlobError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.key_id)
            .with_secret_access_key(&bucket.secret);
        if let Some(endpoint) = &bucket.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        Ok(Self { objects: Arc::new(builder.build()?), files: None })
    }

    /// Blobs that are gone with the process.
    pub fn memory() -> Self {
        Self { objects: Arc::new(InMemory::new()), files: None }
    }

    /// Any other place.
    pub fn at(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, files: None }
    }

    /// A file is written when its bytes and its name are on disk.
    pub(crate) async fn settle(&self, location: &Path) -> Result<(), BlobError> {
        let Some(files) = &self.files else { return Ok(()) };
        let path = files.path_to_filesystem(location)?;
        let synced = tokio::task::spawn_blocking(move || {
            File::open(&path)?.sync_all()?;
            // The folder may be new as well.
            let folders = path.ancestors().skip(1).take(2);
            folders.map(File::open).try_for_each(|folder| folder?.sync_all())
        });
        let synced = synced.await.map_err(std::io::Error::other).and_then(|done| done);
        synced.map_err(|error| BlobError::Unavailable(object_store::Error::Generic { store: "folder", source: Box::new(error) }))
    }
}
