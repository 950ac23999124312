//! Where large values are, as it is written on the command line.

use crate::exit::Failure;
use loomwork_blob::{Blobs, Bucket};

/// A folder, or `s3://BUCKET` with the usual variables for who may use it and where it is.
pub fn blobs(text: &str) -> Result<Blobs, Failure> {
    let opened = match text.strip_prefix("s3://") {
        Some(name) => Blobs::bucket(&bucket(name)?),
        None => Blobs::folder(text),
    };
    opened.map_err(|error| Failure::Unavailable(format!("--blobs {text}: {error}")))
}

fn bucket(name: &str) -> Result<Bucket, Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let needed = |name: &'static str| {
        let missing = || Failure::usage(format!("a bucket needs ${name}"));
        variable(name).ok_or_else(|| missing().hint("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."))
    };
    Ok(Bucket {
        name: name.trim_end_matches('/').to_owned(),
        region: variable("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
        endpoint: variable("AWS_ENDPOINT_URL"),
        key_id: needed("AWS_ACCESS_KEY_ID")?,
        secret: needed("AWS_SECRET_ACCESS_KEY")?,
    })
}
