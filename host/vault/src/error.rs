//! What can go wrong, in words for an operator. No message holds a value or a key.

use crate::{KeyId, Unavailable};
use std::path::PathBuf;

/// Why keys could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot read or write the key file {path}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the key file {path} can be read by others; run `chmod 600 {path}`")]
    Exposed { path: PathBuf },
    #[error("line {line} of the keys is not 32 bytes in base64")]
    Syntax { line: usize },
    #[error("there is no key among the keys")]
    Empty,
    #[error("there are more than {most} keys; retire the ones that seal nothing any more")]
    TooMany { most: usize },
    #[error("the machine gives no random bytes")]
    NoRandomness,
}

impl KeyError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            KeyError::Exposed { .. } => "vault.key_exposed",
            KeyError::NoRandomness => "vault.randomness",
            _ => "vault.key",
        }
    }
}

/// Why a secret could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Another key than ours was used: the key file was lost or exchanged, or the key was retired too early.
    #[error("the secret `{name}` is sealed with the key {key}, which is not in the key file")]
    UnknownKey { name: String, key: KeyId },
    /// The bytes were changed, or moved here from another name or project.
    #[error("what is kept as the secret `{name}` was not sealed for this place, or is damaged")]
    Damaged { name: String },
    #[error("a secret has at most {most} bytes")]
    TooLarge { most: usize },
    #[error("a secret's name has 1 to {most} bytes and no control character")]
    BadName { most: usize },
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error("the machine gives no random bytes")]
    NoRandomness,
}

impl VaultError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            VaultError::UnknownKey { .. } => "vault.unknown_key",
            VaultError::Damaged { .. } => "vault.damaged",
            VaultError::TooLarge { .. } => "vault.too_large",
            VaultError::BadName { .. } => "vault.bad_name",
            VaultError::Unavailable(_) => "vault.unavailable",
            VaultError::NoRandomness => "vault.randomness",
        }
    }

    pub fn hint(&self) -> Option<&'static str> {
        match self {
            VaultError::UnknownKey { .. } => Some("Put the key file of the backup back, or set the secret anew."),
            VaultError::Damaged { .. } => Some("Set the secret anew."),
            VaultError::TooLarge { .. } => Some("Keep large things as blobs, and only their key as a secret."),
            VaultError::BadName { .. } | VaultError::Unavailable(_) | VaultError::NoRandomness => None,
        }
    }
}
