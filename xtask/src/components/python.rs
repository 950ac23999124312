//! Builds the Python component with componentize-py, in a virtual environment of the user's cache.
//!
//! Without Python or without the network the build goes on without this component, and says so; under `CI` it fails.

use super::{Source, digest};
use crate::shell;
use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TOOL: &str = "componentize-py==0.25.1";

/// The component's bytes, built anew only when its sources or the tool have changed; none if it cannot be built here.
pub fn component(source: &Source, path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    let stamp = path.with_extension("stamp");
    let wanted = format!("{TOOL} {}", digest(&source.folder)?);
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) && path.exists() {
        return Ok(Some(fs::read(path)?));
    }
    let tool = match tool() {
        Ok(tool) => tool,
        Err(error) if std::env::var_os("CI").is_some() => return Err(error),
        Err(error) => {
            eprintln!("  {:<12} left out: {error:#}", source.name);
            return Ok(None);
        }
    };
    let made = path.with_extension("building");
    let mut command = Command::new(tool);
    command.current_dir(&source.folder).args(["-d", "wit", "-w", "node", "componentize", "--stub-wasi", "app", "-o"]).arg(&made);
    shell::run(&mut command, "The Python sources or their WIT are wrong.")?;
    fs::rename(&made, path).context("componentize-py wrote nothing")?;
    fs::write(&stamp, wanted)?;
    Ok(Some(fs::read(path)?))
}

/// Path of componentize-py, installed first if need be.
fn tool() -> anyhow::Result<PathBuf> {
    let environment = shell::cache().join(TOOL.replace("==", "-"));
    let bin = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let tool = bin.join("componentize-py");
    if tool.exists() {
        return Ok(tool);
    }
    let mend = "It needs python3 with venv (`apt-get install python3-venv`) and pypi.org; everything else works without.";
    shell::run(Command::new("python3").args(["-m", "venv"]).arg(&environment), mend)?;
    shell::run(Command::new(bin.join("python")).args(["-m", "pip", "install", "--quiet", TOOL]), mend)?;
    if !tool.exists() {
        bail!("{TOOL} was installed without its command. {mend}");
    }
    Ok(tool)
}
