//! A package that flows may use: known at once, loaded into the engine when it is first needed.

use loomwork_catalog::Package;
use loomwork_engine::{Callable, Component, Engine, NativePackage, Profile};
use loomwork_types::Fault;
use std::path::{Path, PathBuf};
use tokio::sync::OnceCell;

/// Components from here on are the engines of whole languages: they get the profile with larger tables.
const LANGUAGE: usize = 4 << 20;

pub(crate) struct AtHand {
    source: Option<(PathBuf, Package)>,
    loaded: OnceCell<Callable>,
}

impl AtHand {
    pub fn native(package: NativePackage) -> Self {
        Self { source: None, loaded: OnceCell::new_with(Some(package.into())) }
    }

    pub fn file(file: PathBuf, package: Package) -> Self {
        Self { source: Some((file, package)), loaded: OnceCell::new() }
    }

    /// The package's functions. Loading compiles, or opens what was compiled before; several who ask at once wait for one.
    pub async fn load(&self, engine: &Engine) -> Result<&Callable, Fault> {
        let load = async || match &self.source {
            Some((file, package)) => Ok(open(engine, file, package).await?.into()),
            None => Err(Fault::new("package.not_found", "the package has no component")),
        };
        self.loaded.get_or_try_init(load).await
    }
}

async fn open(engine: &Engine, file: &Path, package: &Package) -> Result<Component, Fault> {
    let unreadable = |error| Fault::new("package.unreadable", format!("{}: {error}", file.display()));
    let bytes = tokio::fs::read(file).await.map_err(unreadable)?;
    let profile = if bytes.len() >= LANGUAGE { Profile::Language } else { Profile::Node };
    engine.load(&bytes, package.clone(), profile).await
}
