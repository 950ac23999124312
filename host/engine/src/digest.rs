//! Names for native code, and the seal that tells our own files from anything else.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::hash::{Hash, Hasher};

pub(crate) type Mac = [u8; 32];

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// What native code is kept under: the component's bytes, and everything that decides how they are compiled.
pub(crate) fn native_key(engine: &wasmtime::Engine, bytes: &[u8]) -> String {
    let mut hasher = Stable(Sha256::new_with_prefix(bytes));
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hex(&hasher.0.finalize())
}

/// A key that only this host knows.
#[derive(Clone)]
pub(crate) struct Seal([u8; 32]);

impl Seal {
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// HMAC-SHA256 of a file's name and content.
    pub fn mac(&self, name: &str, content: &[u8]) -> Mac {
        let pad = |byte: u8| {
            let mut block = [byte; 64];
            block.iter_mut().zip(self.0).for_each(|(out, key)| *out ^= key);
            block
        };
        let mut inner = Sha256::new_with_prefix(pad(0x36));
        inner.update((name.len() as u64).to_le_bytes());
        inner.update(name);
        inner.update(content);
        let mut outer = Sha256::new_with_prefix(pad(0x5c));
        outer.update(inner.finalize());
        outer.finalize().into()
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

/// Hashes what implements `Hash` to the same bytes in every process of one build.
struct Stable(Sha256);

impl Hasher for Stable {
    fn finish(&self) -> u64 {
        let bytes: [u8; 32] = self.0.clone().finalize().into();
        u64::from_le_bytes(bytes[..8].try_into().expect("eight of thirty-two bytes"))
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}
