//! Builds the host that commands work on, from the folder of components and what is granted on the command line.

use crate::args::Granting;
use crate::commands::Shared;
use crate::data::Data;
use crate::exit::Failure;
use crate::{progress, sources};
use loomwork_caps::kv::StoredKv;
use loomwork_caps::secret::VaultSecrets;
use loomwork_caps::{Capabilities, Grants};
use loomwork_catalog::{Catalog, Package};
use loomwork_run::{Builder, Platform};
use std::path::{Path, PathBuf};

/// The packages at hand, without an engine: enough to check and to list.
pub fn catalog(shared: &Shared) -> Result<Catalog, Failure> {
    let mut catalog = Catalog::new();
    let Some(folder) = sources::components_folder(shared.components.as_deref()) else { return Ok(catalog) };
    for file in component_files(&folder)? {
        catalog.add(package(&file)?);
    }
    Ok(catalog)
}

/// What a component file says of itself.
pub fn package(file: &Path) -> Result<Package, Failure> {
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Package::read_as(&sources::bytes(file)?, &name).map_err(|error| {
        let failure = Failure::usage(format!("{} is not a component that flows can use: {error}", file.display()));
        failure.hint(error.hint())
    })
}

fn component_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        let failure = Failure::usage(format!("cannot read the components in {}: {error}", folder.display()));
        failure.hint("Build them with `cargo xtask components`, or name their folder with --components.")
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A builder with the folder of components, the cache of native code and everything granted. With `data`, what functions keep is kept
/// there, and secrets come from there.
pub fn builder(shared: &Shared, granting: &Granting, data: Option<&Data>) -> Result<Builder, Failure> {
    let mut builder = Platform::builder().grant(grants(granting)?).capabilities(capabilities(granting, data)?);
    if let Some(folder) = sources::components_folder(shared.components.as_deref()) {
        builder = builder.components(folder);
    }
    if let Some(cache) = cache_folder() {
        builder = builder.cache(cache);
    }
    Ok(builder)
}

/// Builds it.
pub async fn build(builder: Builder) -> Result<Platform, Failure> {
    let built = progress::during("looking at the components", builder.build()).await;
    built.map_err(|error| {
        let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
        Failure::usage(format!("{error}{source}"))
    })
}

fn grants(granting: &Granting) -> Result<Grants, Failure> {
    let wrong = |error: loomwork_caps::GrantError| {
        let failure = Failure::usage(error.to_string());
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure.hint("docs/capabilities.md lists what can be granted."),
        }
    };
    let mut grants = Grants::parse_args(granting.grants.iter().map(String::as_str)).map_err(wrong)?;
    if let Some(file) = &granting.grants_file {
        grants.add(Grants::from_json(&sources::text(file)?).map_err(wrong)?);
    }
    Ok(grants)
}

fn capabilities(granting: &Granting, data: Option<&Data>) -> Result<Capabilities, Failure> {
    let mut builder = Capabilities::builder();
    if let Some(data) = data {
        let org = loomwork_journal::Project::local().org;
        builder = builder.kv(StoredKv::new(data.store.clone(), org.clone())).secrets(VaultSecrets::new(data.vault.clone(), org));
    }
    if let Some(file) = &granting.secrets {
        let secrets = loomwork_caps::secret::MemorySecrets::from_env_file(file);
        let secrets =
            secrets.map_err(|error| Failure::usage(format!("cannot use the secrets in {}: {error}", file.display())))?;
        builder = builder.secrets(secrets);
    }
    Ok(builder.build())
}

fn cache_folder() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    base.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).map(|base| base.join("loomwork/native"))
}
