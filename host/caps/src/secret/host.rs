//! `loom:host/secret` for guests.

use super::{Algorithm, SecretError, Secrets, Signed, placeholder};
use crate::bindings::secret as wit;
use crate::wiring::{Held, Interface};
use loomwork_engine::State;
use std::sync::Arc;
use wasmtime::component::HasSelf;

const MAX_USER: usize = 256;

pub(crate) const INTERFACE: Interface =
    Interface { name: "loom:host/secret", link: |linker| wit::add_to_linker::<_, HasSelf<State>>(linker, |state| state) };

type Answer<T> = wasmtime::Result<Result<T, wit::Error>>;

impl wit::Host for State {
    async fn placeholder(&mut self, name: String) -> Answer<String> {
        let call = self.data::<Held<Arc<Secrets>>>()?;
        let opened = call.part.open(&call.scope, &name).await;
        Ok(opened.map(|_| placeholder::plain(&name)).map_err(Into::into))
    }

    async fn basic(&mut self, name: String, user: String) -> Answer<String> {
        let call = self.data::<Held<Arc<Secrets>>>()?;
        if user.len() > MAX_USER || user.contains(':') || user.chars().any(char::is_control) {
            let message = format!("a user's name has at most {MAX_USER} bytes and no colon or control character");
            return Ok(Err(wit::Error::Invalid(message)));
        }
        let opened = call.part.open(&call.scope, &name).await;
        Ok(opened.map(|_| format!("Basic {}", placeholder::basic(&name, &user))).map_err(Into::into))
    }

    async fn jwt(&mut self, name: String, algorithm: wit::JwtAlgorithm, claims: String) -> Answer<String> {
        let call = self.data::<Held<Arc<Secrets>>>()?;
        let algorithm = match algorithm {
            wit::JwtAlgorithm::Hs256 => Algorithm::HmacSha256,
            wit::JwtAlgorithm::Hs384 => Algorithm::HmacSha384,
            wit::JwtAlgorithm::Hs512 => Algorithm::HmacSha512,
        };
        Ok(call.part.jwt(&call.scope, &name, algorithm, &claims).await.map_err(Into::into))
    }

    async fn sign(&mut self, name: String, algorithm: wit::Algorithm, message: Vec<u8>) -> Answer<Vec<u8>> {
        let call = self.data::<Held<Arc<Secrets>>>()?;
        Ok(call.part.sign(&call.scope, &name, algorithm.into(), &message).await.map_err(Into::into))
    }

    async fn verify(&mut self, name: String, algorithm: wit::Algorithm, message: Vec<u8>, signature: Vec<u8>) -> Answer<bool> {
        let call = self.data::<Held<Arc<Secrets>>>()?;
        let signed = Signed { message: &message, signature: &signature };
        Ok(call.part.verify(&call.scope, &name, algorithm.into(), signed).await.map_err(Into::into))
    }
}

impl From<wit::Algorithm> for Algorithm {
    fn from(algorithm: wit::Algorithm) -> Self {
        match algorithm {
            wit::Algorithm::HmacSha256 => Algorithm::HmacSha256,
            wit::Algorithm::HmacSha512 => Algorithm::HmacSha512,
            wit::Algorithm::HmacSha1 => Algorithm::HmacSha1,
        }
    }
}

impl From<SecretError> for wit::Error {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Denied(message) => wit::Error::Denied(message),
            SecretError::Unknown(message) => wit::Error::Unknown(message),
            SecretError::Invalid(message) => wit::Error::Invalid(message),
        }
    }
}
