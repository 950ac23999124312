//! A file of secrets: `NAME=value` lines, `#` comments, optional quotes. Refused unless only its owner can read it.

use super::{Secret, UnfitSecret};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const MAX_BYTES: u64 = 1 << 20;

/// Why a file of secrets was not read. Names the line, never its text.
#[derive(Debug, thiserror::Error)]
pub enum EnvFileError {
    #[error("cannot read the secrets in {path}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path} can be read by others; run `chmod 600 {path}`")]
    Exposed { path: PathBuf },
    #[error("{path} is larger than 1 MiB")]
    TooLarge { path: PathBuf },
    #[error("line {line} of {path} is not NAME=value")]
    Syntax { path: PathBuf, line: usize },
    #[error("line {line} of {path}")]
    Unfit { path: PathBuf, line: usize, source: UnfitSecret },
}

impl EnvFileError {
    /// Stable, for programs.
    pub const CODE: &'static str = "secret.file";
}

/// Reads the secrets of a file, in its order.
pub fn read_env_file(path: &Path) -> Result<Vec<(String, Secret)>, EnvFileError> {
    let text = read_private(path)?;
    let mut secrets = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let (path, line_number) = (path.to_owned(), index + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = entry(line) else {
            return Err(EnvFileError::Syntax { path, line: line_number });
        };
        let secret = Secret::new(value).map_err(|source| EnvFileError::Unfit { path, line: line_number, source })?;
        secrets.push((name.to_owned(), secret));
    }
    Ok(secrets)
}

fn entry(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let quoted = |quote: char| value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote));
    crate::grants::is_name(name).then(|| (name, quoted('"').or_else(|| quoted('\'')).unwrap_or(value)))
}

/// Opens first and judges what was opened, so that the file cannot be exchanged in between.
fn read_private(path: &Path) -> Result<Zeroizing<String>, EnvFileError> {
    use std::io::Read;
    let io = |source| EnvFileError::Io { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if exposed(&metadata) {
        return Err(EnvFileError::Exposed { path: path.to_owned() });
    }
    if metadata.len() > MAX_BYTES {
        return Err(EnvFileError::TooLarge { path: path.to_owned() });
    }
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(metadata.len()).unwrap_or_default() + 1));
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(io)?;
    Ok(text)
}

#[cfg(unix)]
fn exposed(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn exposed(_: &std::fs::Metadata) -> bool {
    false
}
