//! The key file: made at the first start, readable by its owner alone, replaced as a whole.

use crate::{KeyError, Keys};
use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;
use zeroize::Zeroizing;

const MAX_BYTES: u64 = 64 << 10;

impl Keys {
    /// The keys of a file; a file that is not there yet is made, with one new key. Of several processes that start at once, one makes it.
    pub fn open_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::open(path) {
            Err(KeyError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                let written = write_beside(path, &Self::random()?)?;
                match written.persist_noclobber(path) {
                    Ok(_) => sync_folder(path)?,
                    Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(io(path)(error.error)),
                }
                Self::open(path)
            }
            other => other,
        }
    }

    /// The keys of a file. Opens first and judges what was opened, so that the file cannot be exchanged in between.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let file = File::open(path).map_err(io(path))?;
        let metadata = file.metadata().map_err(io(path))?;
        if exposed(&metadata) {
            return Err(KeyError::Exposed { path: path.to_owned() });
        }
        let length = usize::try_from(metadata.len().min(MAX_BYTES)).unwrap_or_default();
        let mut text = Zeroizing::new(String::with_capacity(length + 1));
        file.take(MAX_BYTES).read_to_string(&mut text).map_err(io(path))?;
        Self::parse(&text)
    }

    /// Replaces the file by these keys, wholly or not at all.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        let written = write_beside(path, self)?;
        written.persist(path).map_err(|error| io(path)(error.error))?;
        sync_folder(path)
    }
}

/// A new file in the same folder, on disk, which only its owner can read.
fn write_beside(path: &Path, keys: &Keys) -> Result<tempfile::NamedTempFile, KeyError> {
    let folder = folder_of(path);
    std::fs::create_dir_all(folder).map_err(io(path))?;
    let mut file = tempfile::Builder::new().prefix(".key").tempfile_in(folder).map_err(io(path))?;
    file.write_all(keys.text().as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(io(path))?;
    Ok(file)
}

fn sync_folder(path: &Path) -> Result<(), KeyError> {
    #[cfg(unix)]
    File::open(folder_of(path)).and_then(|folder| folder.sync_all()).map_err(io(path))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> KeyError + '_ {
    move |source| KeyError::Io { path: path.to_owned(), source }
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
