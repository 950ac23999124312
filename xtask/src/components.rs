//! Builds the node components: Rust guests become core modules, then components with their documentation and manifest inside.

mod python;

use crate::shell;
use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_encoder::{ComponentSection, CustomSection};
use wit_parser::{PackageMetadata, Resolve};

const GUEST: &str = "wasm32-unknown-unknown";
const STD_GUEST: &str = "wasm32-wasip2";
/// The custom section in which the host looks for the manifest.
const MANIFEST: &str = "loomwork:node";

/// What turns a folder's sources into a component.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A Rust library without WASI, wrapped here.
    Guest,
    /// A Rust library with the standard library's WASI; the linker makes the component.
    Std,
    Python,
}

struct Source {
    name: String,
    folder: PathBuf,
    kind: Kind,
}

/// Builds all components, or only the one named, into `dist/components`, and gives their paths.
pub fn build(root: &Path, only: Option<&str>) -> anyhow::Result<Vec<PathBuf>> {
    let sources = sources(&root.join("components"))?;
    known(&sources, only)?;
    let dist = root.join("dist/components");
    fs::create_dir_all(&dist).with_context(|| format!("cannot create {}", dist.display()))?;
    shell::say("building the node components");
    compile(root, &sources, Kind::Guest, GUEST)?;
    compile(root, &sources, Kind::Std, STD_GUEST)?;
    let mut built = Vec::new();
    for source in sources.iter().filter(|source| only.is_none_or(|only| source.name == only)) {
        built.extend(finish(root, source, &dist).with_context(|| format!("component `{}`", source.name))?);
    }
    Ok(built)
}

fn sources(components: &Path) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in folders(components)?.into_iter().chain(folders(&components.join("foreign"))?) {
        let Some(kind) = kind(&folder) else { continue };
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        sources.push(Source { name, folder, kind });
    }
    Ok(sources)
}

fn known(sources: &[Source], only: Option<&str>) -> anyhow::Result<()> {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    match only {
        Some(only) if !names.contains(&only) => bail!("there is no component `{only}`; there are {}", names.join(", ")),
        _ => Ok(()),
    }
}

fn folders(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(parent).with_context(|| format!("cannot read {}", parent.display()))?;
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

/// A folder with a `wit` folder is a component; what else lies there says how it is built.
fn kind(folder: &Path) -> Option<Kind> {
    let has = |name: &str| folder.join(name).exists();
    match () {
        () if !has("wit") => None,
        () if has("app.py") => Some(Kind::Python),
        () if !has("src/lib.rs") => None,
        () if folder.ends_with("std-wasip2") => Some(Kind::Std),
        () => Some(Kind::Guest),
    }
}

/// Lets cargo build the Rust sources of one kind: always all of them, because which features a shared dependency has, and so the
/// bytes, depends on who is built beside.
fn compile(root: &Path, sources: &[Source], kind: Kind, target: &str) -> anyhow::Result<()> {
    let crates: Vec<String> =
        sources.iter().filter(|source| source.kind == kind).map(|source| crate_name(&source.folder)).collect::<Result<_, _>>()?;
    if crates.is_empty() {
        return Ok(());
    }
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root.join("components")).args(["build", "--locked", "--release", "--target", target]);
    cargo.args(crates.iter().flat_map(|name| ["-p", name]));
    cargo.env("CARGO_TARGET_DIR", target_dir()).env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo.env("RUSTC_WRAPPER", compiler(root)?);
    shell::run(&mut cargo, "If a target is missing: `rustup target add wasm32-unknown-unknown wasm32-wasip2`.")
}

fn crate_name(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    Ok(name.with_context(|| format!("{} has no line `name = \"…\"`", path.display()))?.to_owned())
}

/// The guests' own target folder, beside the host's, so that neither waits for the other's lock. Only this builds into it: what another
/// compiler left there would count as fresh.
fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from) {
        Some(target) => target.with_file_name("components-build"),
        None => shell::cache().join("components-build"),
    }
}

/// A compiler that keeps this machine's folders out of the bytes. Flags in `RUSTFLAGS` would do so too, but cargo mixes them into
/// the names of symbols, whose order the bytes follow; what a wrapper adds it does not see.
fn compiler(root: &Path) -> anyhow::Result<PathBuf> {
    let home = std::env::home_dir().unwrap_or_default();
    let cargo_home = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let places = [(root.to_owned(), "/loomwork"), (cargo_home, "/cargo"), (target_dir(), "/target")];
    let flags: String = places.iter().map(|(from, to)| format!(" '--remap-path-prefix={}={to}'", from.display())).collect();
    let (name, text) = match cfg!(windows) {
        true => ("rustc-anywhere.cmd", format!("@%*{}\r\n", flags.replace('\'', "\""))),
        false => ("rustc-anywhere", format!("#!/bin/sh\nexec \"$@\"{flags}\n")),
    };
    let path = target_dir().join(name);
    // Cargo builds everything anew when the compiler's file is newer.
    if !fs::read_to_string(&path).is_ok_and(|old| old == text) {
        fs::create_dir_all(target_dir())?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    }
    Ok(path)
}

/// Makes the component of what was compiled and writes it, if it is not there already.
fn finish(root: &Path, source: &Source, dist: &Path) -> anyhow::Result<Option<PathBuf>> {
    let path = dist.join(format!("{}.wasm", source.name));
    let bytes = match source.kind {
        Kind::Python => match python::component(source, &path)? {
            Some(bytes) => bytes,
            None => return Ok(None),
        },
        Kind::Guest => wrap(&compiled(source, GUEST)?, root, &source.folder)?,
        Kind::Std => compiled(source, STD_GUEST)?,
    };
    if fs::read(&path).is_ok_and(|old| old == bytes) {
        return Ok(Some(path));
    }
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    eprintln!("  {:<12} {:>8} bytes", source.name, bytes.len());
    Ok(Some(path))
}

fn compiled(source: &Source, target: &str) -> anyhow::Result<Vec<u8>> {
    let file = format!("{}.wasm", crate_name(&source.folder)?.replace('-', "_"));
    let path = target_dir().join(target).join("release").join(file);
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Wraps a core module as a component. One with a manifest carries it in a section of ours, and its documentation, for which
/// component types have no place, in the section in which WIT packages carry theirs.
fn wrap(module: &[u8], root: &Path, folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut component = wit_component::ComponentEncoder::default().validate(true).module(module)?.encode()?;
    let manifest = folder.join("node.toml");
    if manifest.exists() {
        let text = fs::read(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
        append(&mut component, PackageMetadata::SECTION_NAME, &documentation(root, folder)?);
        append(&mut component, MANIFEST, &text);
    }
    Ok(component)
}

/// The doc comments of a folder's WIT.
fn documentation(root: &Path, folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    for shared in ["types", "host"] {
        resolve.push_dir(root.join("wit").join(shared))?;
    }
    let (package, _) = resolve.push_dir(folder.join("wit"))?;
    PackageMetadata::extract(&resolve, package).encode()
}

fn append(component: &mut Vec<u8>, name: &str, data: &[u8]) {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(component);
}

/// Digest of the files that a component is made of: their names and contents.
fn digest(root: &Path) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() && !path.ends_with("cases") && !path.ends_with("__pycache__") {
                waiting.push(path);
            } else if path.is_file() {
                hash.update(path.strip_prefix(root)?.as_os_str().as_encoded_bytes());
                hash.update(fs::read(&path)?);
            }
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
