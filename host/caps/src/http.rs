//! Outbound HTTP, judged by grants before and after name resolution and on every redirect.
//!
//! Follows redirects itself, knows no proxies, cookies or environment, and never holds more of an answer than is allowed.

mod address;
mod body;
mod error;
mod exchange;
mod headers;
mod hop;
mod host;
mod pace;
mod pool;
mod resolve;
mod tls;

pub use address::Reach;
pub use error::HttpError;
pub use resolve::{Resolver, SystemResolver};
pub use tls::TlsUnavailable;

pub(crate) use host::INTERFACE;

use crate::scope::Scope;
use crate::secret::Secrets;
use pace::Paces;
use pool::Pools;
use std::sync::Arc;
use std::time::Duration;

/// What is the same for every project.
#[derive(Clone)]
pub struct HttpSettings {
    /// Finds addresses; what it answers is judged before it is used.
    pub resolver: Arc<dyn Resolver>,
    /// TLS as an embedder wants it; by default the machine's roots, else Mozilla's. Protocol negotiation is set by us.
    pub tls: Option<Arc<rustls::ClientConfig>>,
    /// For name resolution, connection and TLS together.
    pub connect_timeout: Duration,
    /// Exchanges of one project at the same time; more wait, within their own time limit.
    pub concurrency: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { resolver: Arc::new(SystemResolver), tls: None, connect_timeout: Duration::from_secs(10), concurrency: 128 }
    }
}

/// Sends requests for all projects; each has its own connections.
pub struct Http {
    secrets: Arc<Secrets>,
    pools: Pools,
    paces: Paces,
}

/// A request as a guest makes it: unchecked, with placeholders.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// Placeholders are filled in a body as `Content-Type` demands: escaped in JSON and forms, as they are in others.
    pub body: Vec<u8>,
    /// For the whole exchange; the granted limit holds where it is shorter.
    pub timeout: Option<Duration>,
    /// How many redirects to follow, at most 20.
    pub redirects: u32,
}

/// An answer, with secrets taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// What answered, after redirects.
    pub url: String,
    pub body: Vec<u8>,
}

impl Http {
    pub fn new(settings: HttpSettings, secrets: Arc<Secrets>) -> Self {
        Self { secrets, pools: Pools::new(settings), paces: Paces::default() }
    }

    /// Carries out one request within the rights of `scope`.
    pub async fn send(&self, scope: &Scope, request: Request) -> Result<Response, HttpError> {
        let result = exchange::send(self, scope, request).await;
        result.map_err(|error| error.redacted(&self.secrets.redactor(&scope.project)))
    }
}
