//! `loom:host/http` for guests: the WIT's words to ours and back.

use super::{Http, HttpError, Request, Response};
use crate::bindings::http as wit;
use crate::wiring::{Held, Interface};
use loomwork_engine::State;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::component::HasSelf;

pub(crate) const INTERFACE: Interface =
    Interface { name: "loom:host/http", link: |linker| wit::add_to_linker::<_, HasSelf<State>>(linker, |state| state) };

impl wit::Host for State {
    async fn send(&mut self, request: wit::Request) -> wasmtime::Result<Result<wit::Response, wit::Error>> {
        let call = self.data::<Held<Arc<Http>>>()?;
        let answer = call.part.send(&call.scope, request.into()).await;
        Ok(answer.map(Into::into).map_err(Into::into))
    }
}

impl From<wit::Request> for Request {
    fn from(request: wit::Request) -> Self {
        Self {
            method: request.method,
            url: request.url,
            headers: request.headers.into_iter().map(|header| (header.name, header.value)).collect(),
            body: match request.body {
                wit::Body::Empty => Vec::new(),
                wit::Body::Text(text) => text.into_bytes(),
                wit::Body::Bytes(bytes) => bytes,
            },
            timeout: request.timeout.map(|ms| Duration::from_millis(ms.into())),
            redirects: request.redirects,
        }
    }
}

impl From<Response> for wit::Response {
    fn from(response: Response) -> Self {
        let headers = response.headers.into_iter().map(|(name, value)| wit::Header { name, value }).collect();
        Self { status: response.status, headers, url: response.url, body: response.body }
    }
}

impl From<HttpError> for wit::Error {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Denied(message) => wit::Error::Denied(message),
            HttpError::Invalid(message) => wit::Error::Invalid(message),
            HttpError::Unreachable(message) => wit::Error::Unreachable(message),
            HttpError::Timeout(message) => wit::Error::Timeout(message),
            HttpError::TooLarge(message) => wit::Error::TooLarge(message),
            HttpError::TooManyRedirects(message) => wit::Error::TooManyRedirects(message),
        }
    }
}
