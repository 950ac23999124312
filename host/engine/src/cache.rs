//! Native code on disk: private to this host, sealed, bounded, never trusted from outside.
//!
//! A directory that only its owner may enter holds `key` (random, made once) and for each entry the content and its seal. An
//! entry that is missing, cut short or altered is as if it were not there: its component is compiled again.

use crate::digest::{Mac, Seal, hex};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

#[derive(Debug)]
pub(crate) struct Cache {
    dir: PathBuf,
    seal: Seal,
    most_bytes: u64,
    serial: AtomicU64,
    /// Bytes of all entries, as far as this process knows; none before it has looked.
    bytes: Mutex<Option<u64>>,
}

impl Cache {
    /// Opens the directory, making it if need be. An error if others may write to it.
    pub fn open(dir: &Path, most_bytes: u64) -> io::Result<Self> {
        make_private(dir)?;
        let seal = Seal::new(key(dir)?);
        Ok(Self { dir: dir.to_owned(), seal, most_bytes, serial: AtomicU64::new(0), bytes: Mutex::default() })
    }

    /// The entry's content, if its seal is whole.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let content = fs::read(self.path(name)).ok()?;
        let mac = fs::read(self.mac_path(name)).ok()?;
        if mac != self.seal.mac(name, &content) {
            tracing::warn!(entry = name, "cached native code is damaged; compiling again");
            return None;
        }
        // The time of the last use decides what is evicted.
        let _ = File::open(self.path(name)).and_then(|file| file.set_modified(SystemTime::now()));
        Some(content)
    }

    /// The entry's file, if its seal is whole.
    pub fn sealed_file(&self, name: &str) -> Option<PathBuf> {
        self.read(name).map(|_| self.path(name))
    }

    /// Keeps an entry; readers see all of it or nothing.
    pub fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let mac: Mac = self.seal.mac(name, content);
        self.place(content, &self.path(name))?;
        self.place(&mac, &self.mac_path(name))?;
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *bytes = match *bytes {
            // The folder is looked through only to begin with and when it is full: it may have tens of thousands of entries.
            Some(known) if known + content.len() as u64 <= self.most_bytes => Some(known + content.len() as u64),
            _ => Some(self.evict(name)?),
        };
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.bin"))
    }

    fn mac_path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.mac"))
    }

    fn place(&self, content: &[u8], path: &Path) -> io::Result<()> {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let draft = self.dir.join(format!("draft-{}-{serial}", std::process::id()));
        let written = private_file(&draft).and_then(|mut file| file.write_all(content));
        written.and_then(|()| fs::rename(&draft, path)).inspect_err(|_| {
            let _ = fs::remove_file(&draft);
        })
    }

    /// Removes what was used longest ago until the rest fits, and leaves room for more if it must; gives the bytes of what is left.
    /// `newest` stays.
    fn evict(&self, newest: &str) -> io::Result<u64> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "bin")
                && let Ok(about) = entry.metadata()
            {
                entries.push((about.modified().unwrap_or(SystemTime::UNIX_EPOCH), about.len(), path));
            }
        }
        let mut total: u64 = entries.iter().map(|(_, size, _)| size).sum();
        if total <= self.most_bytes {
            return Ok(total);
        }
        entries.sort();
        for (_, size, path) in entries {
            if total <= self.most_bytes - self.most_bytes / ROOM {
                break;
            }
            if path != self.path(newest) {
                fs::remove_file(path.with_extension("mac")).ok();
                fs::remove_file(&path).ok();
                total -= size;
            }
        }
        Ok(total)
    }
}

/// When entries must go, so much of the whole goes at once.
const ROOM: u64 = 10;

/// The host's own key, made on first use. Two hosts that start at once agree on one.
fn key(dir: &Path) -> io::Result<[u8; 32]> {
    let path = dir.join("key");
    if let Ok(found) = fs::read(&path)
        && let Ok(key) = found.try_into()
    {
        return Ok(key);
    }
    let mut key = [0; 32];
    random(&mut key)?;
    let draft = dir.join(format!("key-{}", hex(&key[..4])));
    private_file(&draft)?.write_all(&key)?;
    fs::rename(&draft, &path)?;
    fs::read(&path)?.try_into().map_err(|_| io::Error::other("the cache's key is damaged"))
}

#[cfg(unix)]
fn random(out: &mut [u8]) -> io::Result<()> {
    File::open("/dev/urandom")?.read_exact(out)
}

/// Seeded by the system, as each new hasher's keys are.
#[cfg(not(unix))]
fn random(out: &mut [u8]) -> io::Result<()> {
    use std::hash::{BuildHasher, RandomState};
    for chunk in out.chunks_mut(8) {
        chunk.copy_from_slice(&RandomState::new().hash_one(0).to_le_bytes()[..chunk.len()]);
    }
    Ok(())
}

#[cfg(unix)]
fn make_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let mode = fs::metadata(dir)?.permissions().mode();
    if mode & 0o077 != 0 {
        // Fails for a directory that is not ours.
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
