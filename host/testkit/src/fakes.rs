//! What a component reaches outside, faked: an HTTP server on this machine, a store in memory, a log that is kept.

use crate::case::{Exchange, Fakes, Request};
use crate::trouble::Store;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use loomwork_caps::kv::{KeyRange, KvStore, Space};
use loomwork_caps::log::LogSink;
use loomwork_caps::{Capabilities, Grants};
use loomwork_engine::{Context, Level};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The project that all cases run in.
pub const PROJECT: &str = "cases";

/// One case's surroundings; the server ends with it.
pub struct World {
    pub capabilities: Capabilities,
    /// `http://127.0.0.1:40213`
    pub address: String,
    lines: Arc<Mutex<Vec<String>>>,
    /// Requests that no exchange expected.
    strays: Arc<Mutex<Vec<String>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    pub async fn build(fakes: &Fakes) -> anyhow::Result<Self> {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let strays = Arc::new(Mutex::new(Vec::new()));
        let store = Store { trouble: fakes.kv_trouble, ..Store::default() };
        for (name, values) in &fakes.kv {
            for (key, value) in values {
                store.memory.set(&space(name), key, value.to_string().into()).await?;
            }
        }
        let capabilities = Capabilities::builder().log(Kept(lines.clone())).kv(store).build();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let app = server(fakes.http.clone(), address.clone(), strays.clone());
        // It ends when the world is dropped; until then an error would mean the machine has no loopback.
        let server = tokio::spawn(async move { drop(axum::serve(listener, app).await) });
        Ok(Self { capabilities, address, lines, strays, server })
    }

    /// What a case is granted: what it says, or all that is faked.
    pub fn grants(&self, arguments: Option<&[String]>) -> anyhow::Result<loomwork_engine::Grants> {
        let grants = match arguments {
            Some(arguments) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|argument| argument.replace("{{http}}", &self.address)).collect();
                Grants::parse_args(arguments.iter().map(String::as_str))?
            }
            None => Grants::parse_args([format!("http:{}", self.address).as_str(), "http:private", "kv:*", "log"])?,
        };
        Ok(self.capabilities.grants(&grants))
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no one panics with the lines").clone()
    }

    pub fn strays(&self) -> Vec<String> {
        self.strays.lock().expect("no one panics with the strays").clone()
    }

    /// All that a store holds.
    pub async fn store(&self, name: &str) -> anyhow::Result<BTreeMap<String, Value>> {
        let (kv, space) = (self.capabilities.kv(), space(name));
        let mut values = BTreeMap::new();
        for key in kv.keys(&space, &KeyRange { limit: 1000, ..KeyRange::default() }).await? {
            if let Some(bytes) = kv.get(&space, &key).await? {
                values.insert(key, serde_json::from_slice(&bytes)?);
            }
        }
        Ok(values)
    }
}

fn space(store: &str) -> Space {
    Space { project: PROJECT.into(), store: store.into() }
}

struct Kept(Arc<Mutex<Vec<String>>>);

impl LogSink for Kept {
    fn line(&self, _context: &Context, level: Level, message: &str, fields: &str) {
        let line = format!("{level:?} {message} {fields}").trim_end().to_lowercase();
        self.0.lock().expect("no one panics with the lines").push(line);
    }
}

fn server(exchanges: Vec<Exchange>, address: String, strays: Arc<Mutex<Vec<String>>>) -> axum::Router {
    let shared = Arc::new((exchanges, address, strays));
    axum::Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let shared = shared.clone();
        async move {
            let (exchanges, address, strays) = &*shared;
            match exchanges.iter().find(|exchange| expects(&exchange.request, &method, &uri, &headers, &body)) {
                Some(exchange) => answer(&exchange.response, address).await,
                None => {
                    let stray = format!("{method} {uri} {headers:?} {}", String::from_utf8_lossy(&body));
                    strays.lock().expect("no one panics with the strays").push(stray);
                    StatusCode::NOT_IMPLEMENTED.into_response()
                }
            }
        }
    })
}

fn expects(request: &Request, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> bool {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    request.method.as_deref().is_none_or(|wanted| wanted == method.as_str())
        && request.path.as_deref().is_none_or(|wanted| wanted == path)
        && request.body.as_deref().is_none_or(|wanted| wanted.as_bytes() == body)
        && request.headers.iter().all(|(name, wanted)| headers.get(name).is_some_and(|value| value == wanted))
}

async fn answer(response: &crate::case::Response, address: &str) -> Response {
    if response.hangs {
        return std::future::pending().await;
    }
    let body = match (&response.body, &response.base64, response.bytes) {
        (Some(text), ..) => text.clone().into_bytes(),
        (_, Some(text), _) => base64::engine::general_purpose::STANDARD.decode(text).expect("the case's body is base64"),
        (.., Some(count)) => vec![b'x'; count],
        _ => Vec::new(),
    };
    let mut answer = Response::builder().status(response.status.unwrap_or(200));
    // Else the server would say what time it is.
    answer = answer.header("date", "Thu, 01 Jan 2026 00:00:00 GMT");
    for (name, value) in &response.headers {
        answer = answer.header(name, value.replace("{{http}}", address));
    }
    answer.body(body.into()).expect("the case's response is one")
}
