//! Running other programs: says what it runs, and what to do when that does not work.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout this xtask was built from.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the checkout").to_owned()
}

/// The folder of the user's cache where built things outlive a checkout.
pub fn cache() -> PathBuf {
    let base =
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    base.unwrap_or_else(std::env::temp_dir).join("loomwork")
}

/// Where cargo puts what it builds of the workspace.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from).unwrap_or_else(|| root().join("target"))
}

/// Prints a heading.
pub fn say(text: &str) {
    eprintln!("\n\x1b[1m▸ {text}\x1b[0m");
}

/// A cargo command of the checkout.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command to its end; `mend` is the sentence that says how to mend a failure.
pub fn run(command: &mut Command, mend: &str) -> anyhow::Result<()> {
    let shown = show(command);
    let status = command.status().with_context(|| format!("`{shown}` did not start. {mend}"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status}). {mend}");
    }
    Ok(())
}

/// Runs a command and gives back its standard output.
pub fn output(command: &mut Command, mend: &str) -> anyhow::Result<String> {
    let shown = show(command);
    let output = command.output().with_context(|| format!("`{shown}` did not start. {mend}"))?;
    if !output.status.success() {
        bail!("`{shown}` failed ({}). {mend}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    words.join(" ")
}
