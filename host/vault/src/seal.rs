//! The form of sealed bytes, and how they are made: `1`, the key's id (8), a salt (16), a nonce (12), ciphertext with its tag (16).
//!
//! Each sealing has a key of its own, derived by HKDF-SHA256 from the operator's key, a random salt and the place; so no two texts are ever
//! encrypted by AES-256-GCM under one key, and random nonces are safe however many secrets there are.

use crate::keys::Key;
use crate::{Contents, KeyId, Keys, Place, VaultError};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const SALT: usize = 16;
const HEADER: usize = 1 + 8 + SALT + NONCE_LEN;

/// Seals contents for a place with the first key.
pub(crate) fn seal(keys: &Keys, place: Place<'_>, contents: &Contents) -> Result<Vec<u8>, VaultError> {
    let key = keys.first();
    let mut random = [0; SALT + NONCE_LEN];
    SystemRandom::new().fill(&mut random).map_err(|_| VaultError::NoRandomness)?;
    let (salt, nonce) = random.split_at(SALT);
    let plain = contents.bytes();
    let mut sealed = Vec::with_capacity(HEADER + plain.len() + AES_256_GCM.tag_len());
    sealed.push(VERSION);
    sealed.extend_from_slice(&key.id().0);
    sealed.extend_from_slice(salt);
    sealed.extend_from_slice(nonce);
    let mut text = Zeroizing::new(Vec::with_capacity(plain.len() + AES_256_GCM.tag_len()));
    text.extend_from_slice(&plain);
    let (cipher, bound, nonce) = cipher(key, &sealed, place).ok_or(VaultError::NoRandomness)?;
    cipher
        .seal_in_place_append_tag(nonce, Aad::from(bound), &mut *text)
        .map_err(|_| VaultError::TooLarge { most: Contents::MAX })?;
    sealed.extend_from_slice(&text);
    Ok(sealed)
}

/// The contents, if one of the keys sealed them for this very place.
pub(crate) fn open(keys: &Keys, place: Place<'_>, sealed: &[u8]) -> Result<Contents, VaultError> {
    let damaged = || VaultError::Damaged { name: place.name.to_owned() };
    let id = key_of(sealed).ok_or_else(damaged)?;
    let key = keys.find(id).ok_or_else(|| VaultError::UnknownKey { name: place.name.to_owned(), key: id })?;
    let (header, text) = sealed.split_at_checked(HEADER).ok_or_else(damaged)?;
    let (cipher, bound, nonce) = cipher(key, header, place).ok_or_else(damaged)?;
    let mut text = Zeroizing::new(text.to_vec());
    let plain = cipher.open_in_place(nonce, Aad::from(bound), &mut text).map_err(|_| damaged())?;
    Contents::read(plain).ok_or_else(damaged)
}

/// Which key sealed these bytes.
pub(crate) fn key_of(sealed: &[u8]) -> Option<KeyId> {
    let (version, rest) = sealed.split_first()?;
    let id = rest.first_chunk::<8>()?;
    (*version == VERSION).then_some(KeyId(*id))
}

/// The cipher of one sealing, what is bound to it, and its nonce; none if the header is too short.
fn cipher(key: &Key, header: &[u8], place: Place<'_>) -> Option<(LessSafeKey, Vec<u8>, Nonce)> {
    let salt = header.get(9..9 + SALT)?;
    let nonce = Nonce::try_assume_unique_for_key(header.get(9 + SALT..HEADER)?).ok()?;
    let bound = bound(header, place);
    let material = key.derive_from(salt);
    let info = [b"loomwork vault secret".as_slice(), &bound];
    let derived = material.expand(&info, &AES_256_GCM).ok()?;
    Some((LessSafeKey::new(UnboundKey::from(derived)), bound, nonce))
}

/// The header and the place, each part with its length before it, so that no two places read the same.
fn bound(header: &[u8], place: Place<'_>) -> Vec<u8> {
    let mut bound = header.to_vec();
    for part in [place.org, place.project, place.name] {
        bound.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bound.extend_from_slice(part.as_bytes());
    }
    bound
}
