//! The module that every compiled flow carries: built in slices, committed under `host/compile/runtime`, the same bytes on
//! every machine.
//!
//! Paths are remapped, custom sections stripped and versions locked, so that only the source decides the bytes.

use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is built: file name and cargo features.
const SLICES: [(&str, &str); 4] = [("core", ""), ("regex", "regex"), ("zones", "zones"), ("full", "regex,zones")];

const TARGET: &str = "wasm32-unknown-unknown";

/// Enough for values nested as deep as they may be; first in memory, so that an overflow traps.
const LINK: [&str; 2] = ["-Clink-arg=-zstack-size=262144", "-Clink-arg=--stack-first"];

/// Builds all slices and writes those that changed.
pub fn build(root: &Path) -> Result<()> {
    for (name, features) in SLICES {
        let bytes = build_slice(root, features)?;
        let path = committed(root, name);
        let size = bytes.len() / 1024;
        if std::fs::read(&path).is_ok_and(|before| before == bytes) {
            println!("{name}.wasm: {size} KiB, as before");
            continue;
        }
        std::fs::create_dir_all(path.parent().expect("the path has a folder"))?;
        std::fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
        println!("{name}.wasm: {size} KiB, new");
    }
    Ok(())
}

/// Proves that the committed modules are what the source gives.
pub fn verify(root: &Path) -> Result<()> {
    for (name, features) in SLICES {
        let path = committed(root, name);
        let before = std::fs::read(&path).with_context(|| format!("{} is missing: run `cargo xtask runtime`", path.display()))?;
        let differs = before != build_slice(root, features)?;
        ensure!(!differs, "{} is not what its source gives: run `cargo xtask runtime` and commit it", path.display());
        println!("{name}.wasm is the build of its source");
    }
    Ok(())
}

fn committed(root: &Path, name: &str) -> PathBuf {
    root.join("host/compile/runtime").join(name).with_extension("wasm")
}

fn build_slice(root: &Path, features: &str) -> Result<Vec<u8>> {
    let folder = target_folder(root);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--quiet", "--locked", "--package", "loomwork-flow-rt", "--lib"]);
    cargo.args(["--profile", "guest", "--target", TARGET, "--features", features, "--target-dir"]).arg(&folder);
    // An encoded list of flags wins over RUSTFLAGS and over configuration.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(root)?.join("\x1f"));
    cargo.env("CARGO_INCREMENTAL", "0");
    // Features are those of this build alone: with those of the whole workspace, every slice would have everything in it.
    cargo.env_remove("CARGO_RESOLVER_FEATURE_UNIFICATION");
    let status = cargo.status().context("cargo cannot be run")?;
    ensure!(status.success(), "the runtime does not build: see above (is the target there? `rustup target add {TARGET}`)");
    let built = folder.join(TARGET).join("guest/loomwork_flow_rt.wasm");
    let bytes = std::fs::read(&built).with_context(|| format!("{} was not built", built.display()))?;
    without_custom_sections(&bytes)
}

fn target_folder(root: &Path) -> PathBuf {
    let shared = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    shared.unwrap_or_else(|| root.join("target")).join("runtime")
}

/// Flags that leave no path of this machine in the bytes.
fn flags(root: &Path) -> Result<Vec<String>> {
    let sysroot = rustc(&["--print", "sysroot"])?;
    let version = rustc(&["-vV"])?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    let mut flags: Vec<String> = LINK.iter().map(ToString::to_string).collect();
    // Of several prefixes that fit, rustc takes the last.
    let mut remap = |from: &Path, to: &str| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    remap(root, "/loomwork");
    remap(&cargo_home()?, "/cargo");
    for registry in registries()? {
        remap(&registry, "/cargo/registry");
    }
    remap(Path::new(&sysroot), "/rust");
    remap(&Path::new(&sysroot).join("lib/rustlib/src/rust"), &format!("/rustc/{commit}"));
    Ok(flags)
}

fn rustc(args: &[&str]) -> Result<String> {
    let output = Command::new("rustc").args(args).output().context("rustc cannot be run")?;
    ensure!(output.status.success(), "rustc {} failed", args.join(" "));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    Ok(PathBuf::from(std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).context("HOME is not set")?)
        .join(".cargo"))
}

/// Where sources from registries are unpacked: one folder for each registry, or mirror of it.
fn registries() -> Result<Vec<PathBuf>> {
    let folder = cargo_home()?.join("registry/src");
    let entries = std::fs::read_dir(&folder).into_iter().flatten();
    let mut folders: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    Ok(folders)
}

/// The module without names, producers and other custom sections.
fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>> {
    let Some((header, mut rest)) = module.split_at_checked(8) else { bail!("the module is cut off") };
    let mut out = header.to_vec();
    while let Some((id, after)) = rest.split_first() {
        let (size, digits) = length(after)?;
        let Some(section) = rest.get(..1 + digits + size) else { bail!("the module is cut off") };
        if *id != 0 {
            out.extend_from_slice(section);
        }
        rest = &rest[section.len()..];
    }
    Ok(out)
}

/// A LEB128 number, and how many bytes it takes.
fn length(bytes: &[u8]) -> Result<(usize, usize)> {
    let mut value = 0;
    for (place, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok((value, place + 1));
        }
    }
    bail!("a section of the module has no length")
}
