//! The operator's keys: one that seals, and older ones that still open.

use crate::KeyError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{hkdf, hmac};
use std::fmt;
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// Bytes of a key.
const KEY: usize = 32;
/// Keys that are kept at once.
const MOST: usize = 32;

/// What a key is called: a digest of it, so that it cannot be called wrongly, and tells nothing of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub(crate) [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// 32 random bytes, wiped when dropped.
#[derive(Clone)]
pub(crate) struct Key {
    bytes: Zeroizing<[u8; KEY]>,
    id: KeyId,
}

impl Key {
    fn new(bytes: Zeroizing<[u8; KEY]>) -> Self {
        let name = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*bytes), b"loomwork vault key id");
        let mut id = [0; 8];
        id.copy_from_slice(&name.as_ref()[..8]);
        Self { bytes, id: KeyId(id) }
    }

    fn random() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; KEY]);
        SystemRandom::new().fill(&mut *bytes).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self::new(bytes))
    }

    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    /// What keys of single secrets are derived from.
    pub(crate) fn derive_from(&self, salt: &[u8]) -> hkdf::Prk {
        hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(&*self.bytes)
    }
}

/// The first key seals; all of them open. `Debug` shows only what they are called.
#[derive(Clone)]
pub struct Keys {
    keys: Vec<Key>,
}

impl Keys {
    /// One new key.
    pub fn random() -> Result<Self, KeyError> {
        Ok(Self { keys: vec![Key::random()?] })
    }

    /// Keys as text, from a file or the environment: base64 of 32 bytes each, on lines or with blanks between, the sealing one first;
    /// `#` begins a comment.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut keys: Vec<Key> = Vec::new();
        for (ix, line) in text.lines().enumerate() {
            let written = line.split('#').next().unwrap_or_default();
            for word in written.split_whitespace() {
                let key = parse_key(word).ok_or(KeyError::Syntax { line: ix + 1 })?;
                if keys.iter().all(|known| known.id != key.id) {
                    keys.push(key);
                }
                if keys.len() > MOST {
                    return Err(KeyError::TooMany { most: MOST });
                }
            }
        }
        if keys.is_empty() { Err(KeyError::Empty) } else { Ok(Self { keys }) }
    }

    /// The text that [`Keys::parse`] reads.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        // Sized beforehand: growing would leave pieces of keys behind.
        let mut text = Zeroizing::new(String::with_capacity(256 + self.keys.len() * 128));
        text.push_str(
            "# Loomwork's keys for secrets. The first seals, all open. Without them the secrets are lost: keep a copy apart\n",
        );
        text.push_str("# from the backups of the database.\n");
        for key in &self.keys {
            let encoded = Zeroizing::new(STANDARD.encode(key.bytes.as_slice()));
            writeln!(text, "{} # {}", *encoded, key.id).expect("writing to a string does not fail");
        }
        text
    }

    /// The key that seals.
    pub fn sealing(&self) -> KeyId {
        self.first().id
    }

    /// What all keys are called, the sealing one first.
    pub fn ids(&self) -> Vec<KeyId> {
        self.keys.iter().map(Key::id).collect()
    }

    /// The same keys behind a new one, which seals from now on.
    pub fn with_new(&self) -> Result<Self, KeyError> {
        if self.keys.len() == MOST {
            return Err(KeyError::TooMany { most: MOST });
        }
        let keys = std::iter::once(Key::random()?).chain(self.keys.iter().cloned()).collect();
        Ok(Self { keys })
    }

    /// Only the sealing key: for when a rotation has sealed everything anew.
    pub fn without_old(&self) -> Self {
        Self { keys: vec![self.first().clone()] }
    }

    pub(crate) fn first(&self) -> &Key {
        // Every way to make keys makes at least one.
        &self.keys[0]
    }

    pub(crate) fn find(&self, id: KeyId) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.ids()).finish()
    }
}

fn parse_key(word: &str) -> Option<Key> {
    let decoded = Zeroizing::new(STANDARD.decode(word).ok()?);
    let mut bytes = Zeroizing::new([0; KEY]);
    (decoded.len() == KEY).then(|| bytes.copy_from_slice(&decoded))?;
    Some(Key::new(bytes))
}
