//! A component's bytes become a [`Package`].

mod build;
mod sections;

use crate::{CatalogError, Package, manifest::Manifest, wit};
use sha2::{Digest, Sha256};

/// The custom section of a component that holds its `node.toml`.
pub const MANIFEST_SECTION: &str = "loomwork:node";

/// The largest component that is read, in bytes. The engines of whole languages are some tens of megabytes.
pub const MAX_COMPONENT: usize = 128 << 20;

impl Package {
    /// Reads a component that names itself: by the package of an interface it exports, or by its manifest. One that does neither is
    /// `local:component`.
    pub fn read(bytes: &[u8]) -> Result<Package, CatalogError> {
        Package::read_as(bytes, "component")
    }

    /// As [`Package::read`]; a component that does not name itself is `local:` and `name`, usually that of its file.
    pub fn read_as(bytes: &[u8], name: &str) -> Result<Package, CatalogError> {
        if bytes.len() > MAX_COMPONENT {
            return Err(CatalogError::TooLarge { size: bytes.len(), limit: MAX_COMPONENT });
        }
        let sections = sections::split(bytes)?;
        let wit = wit::read(&sections.component, sections.docs.as_deref())?;
        let manifest = match &sections.manifest {
            Some(text) => Manifest::read(text)?,
            None => Manifest::default(),
        };
        build::package(wit, &manifest, name, &digest(bytes))
    }
}

/// `sha256:` and 64 hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
