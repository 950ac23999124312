//! The crypto node: the functions of `loom:crypto/crypto`, each in the module of its subject.

mod digest;
mod encoded;
mod identifier;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:crypto/node", generate_all });

use exports::loom::crypto::crypto::{Algorithm, Encoding, Error, Guest};
use subtle::ConstantTimeEq;

struct Node;
export!(Node);

impl Guest for Node {
    fn sha256(text: String) -> String {
        encoded::write(&digest::hash(text.as_bytes(), Algorithm::Sha256), Encoding::Hex)
    }
    fn sha512(text: String) -> String {
        encoded::write(&digest::hash(text.as_bytes(), Algorithm::Sha512), Encoding::Hex)
    }
    fn hash(text: String, algorithm: Algorithm, encoding: Option<Encoding>) -> String {
        Self::hash_bytes(text.into_bytes(), algorithm, encoding)
    }
    fn hash_bytes(data: Vec<u8>, algorithm: Algorithm, encoding: Option<Encoding>) -> String {
        encoded::write(&digest::hash(&data, algorithm), encoding.unwrap_or(Encoding::Hex))
    }
    fn hmac(text: String, key: String, algorithm: Algorithm, encoding: Option<Encoding>) -> String {
        encoded::write(&digest::hmac(text.as_bytes(), key.as_bytes(), algorithm), encoding.unwrap_or(Encoding::Hex))
    }
    fn verify_hmac(
        text: String,
        key: String,
        algorithm: Algorithm,
        signature: String,
        encoding: Option<Encoding>,
    ) -> Result<bool, Error> {
        let signature = encoded::read(&signature, encoding.unwrap_or(Encoding::Hex))?;
        Ok(digest::hmac(text.as_bytes(), key.as_bytes(), algorithm).ct_eq(&signature).into())
    }
    fn equal(first: String, second: String) -> bool {
        first.as_bytes().ct_eq(second.as_bytes()).into()
    }
    fn uuid() -> String {
        identifier::random()
    }
    fn uuid_of(name: String, namespace: Option<String>) -> Result<String, Error> {
        identifier::of_name(&name, namespace.as_deref())
    }
    fn uuid_at(time: String) -> Result<String, Error> {
        identifier::at(&time)
    }
    fn token(length: u32, alphabet: Option<String>) -> Result<String, Error> {
        identifier::token(length, alphabet.as_deref())
    }
    fn encode(text: String, encoding: Option<Encoding>) -> String {
        encoded::write(text.as_bytes(), encoding.unwrap_or(Encoding::Base64))
    }
    fn decode(text: String, encoding: Option<Encoding>) -> Result<String, Error> {
        encoded::text(encoded::read(&text, encoding.unwrap_or(Encoding::Base64))?)
    }
    fn encode_bytes(data: Vec<u8>, encoding: Option<Encoding>) -> String {
        encoded::write(&data, encoding.unwrap_or(Encoding::Base64))
    }
    fn decode_bytes(text: String, encoding: Option<Encoding>) -> Result<Vec<u8>, Error> {
        encoded::read(&text, encoding.unwrap_or(Encoding::Base64))
    }
    fn percent_encode(text: String) -> String {
        encoded::percent(&text)
    }
    fn percent_decode(text: String) -> Result<String, Error> {
        encoded::text(encoded::from_percent(&text)?)
    }
}
