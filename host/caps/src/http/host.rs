//! `loom:host/http` for guests: the WIT's words to ours and back.

use super::{Http, HttpError, Request, Response};
use crate::bindings::http as wit;
use crate::grants::Rights;
use crate::scope::Scope;
use loomwork_engine::{Capability, Context, Grant, State};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::component::{HasSelf, Linker};

pub(crate) struct HttpCapability;

impl HttpCapability {
    pub(crate) const NAME: &str = "loom:host/http";
}

impl Capability for HttpCapability {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn versions(&self) -> &[&str] {
        &["0.1.0"]
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        wit::add_to_linker::<_, HasSelf<State>>(linker, |state| state)
    }
}

/// What a project's calls may do with http.
pub(crate) struct HttpGrantee {
    pub(crate) http: Arc<Http>,
    pub(crate) rights: Rights,
}

/// The data of one call.
struct HttpCall {
    http: Arc<Http>,
    scope: Scope,
}

impl Grant for HttpGrantee {
    fn begin(&self, call: &Context) -> Box<dyn Any + Send> {
        Box::new(HttpCall { http: self.http.clone(), scope: Scope::of(call, self.rights.clone()) })
    }
}

impl wit::Host for State {
    async fn send(&mut self, request: wit::Request) -> wasmtime::Result<Result<wit::Response, wit::Error>> {
        let call = self.data::<HttpCall>()?;
        let answer = call.http.send(&call.scope, request.into()).await;
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
