//! Digests, plain and keyed.

use crate::Algorithm;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

pub fn hash(data: &[u8], algorithm: Algorithm) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha256 => Sha256::digest(data).to_vec(),
        Algorithm::Sha384 => Sha384::digest(data).to_vec(),
        Algorithm::Sha512 => Sha512::digest(data).to_vec(),
        Algorithm::Sha1 => Sha1::digest(data).to_vec(),
        Algorithm::Md5 => Md5::digest(data).to_vec(),
    }
}

pub fn hmac(data: &[u8], key: &[u8], algorithm: Algorithm) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha256 => keyed::<Hmac<Sha256>>(data, key),
        Algorithm::Sha384 => keyed::<Hmac<Sha384>>(data, key),
        Algorithm::Sha512 => keyed::<Hmac<Sha512>>(data, key),
        Algorithm::Sha1 => keyed::<Hmac<Sha1>>(data, key),
        Algorithm::Md5 => keyed::<Hmac<Md5>>(data, key),
    }
}

fn keyed<M: Mac + KeyInit>(data: &[u8], key: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("a keyed digest takes keys of any length");
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}
