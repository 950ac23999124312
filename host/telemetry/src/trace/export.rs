//! Spans on their way to a collector: gathered, sent together, dropped and counted when there are too many.

use super::otlp;
use super::send::Sender;
use super::span::Span;
use http::{HeaderMap, HeaderName, HeaderValue};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use url::Url;

/// Spans that wait at most.
const WAITING: usize = 8192;
/// Spans of one export.
const TOGETHER: usize = 512;
/// How long a span waits for others.
const GATHER: Duration = Duration::from_secs(2);

/// Where spans go.
#[derive(Clone)]
pub struct ExporterConfig {
    /// The collector: `http://127.0.0.1:4318` (to which `/v1/traces` is added) or the whole address of its traces.
    pub endpoint: String,
    /// Headers of each request, for collectors that ask for a key.
    pub headers: Vec<(String, String)>,
    /// What `service.name` is.
    pub service: String,
    /// Further attributes of this process: `service.instance.id`, `deployment.environment`.
    pub resource: Vec<(String, String)>,
    /// Of the traces that begin here, so many are kept: 0 to 1.
    pub share: f64,
}

impl ExporterConfig {
    pub fn new(endpoint: impl Into<String>) -> Self {
        let (headers, resource) = (Vec::new(), Vec::new());
        Self { endpoint: endpoint.into(), headers, service: "loomwork".to_owned(), resource, share: 1.0 }
    }
}

/// Headers may hold a key.
impl fmt::Debug for ExporterConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExporterConfig").field("service", &self.service).field("share", &self.share).finish_non_exhaustive()
    }
}

/// Why an exporter cannot be made. Holds no header's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error("the collector's address is not one: it begins with `http://` or `https://`")]
    Endpoint,
    #[error("`{0}` is not a header, or its value cannot be one")]
    Header(String),
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// Sends spans by a task on the runtime of whoever made it. Clones are the same one; when the last is dropped, what waits is sent.
#[derive(Clone)]
pub struct Exporter {
    to: mpsc::Sender<Order>,
    lost: Arc<AtomicU64>,
    share: f64,
}

enum Order {
    Span(Box<Span>),
    Flush(oneshot::Sender<()>),
}

impl Exporter {
    /// Must be called on a tokio runtime.
    pub fn start(config: ExporterConfig) -> Result<Self, ExportError> {
        let sender = Sender::new(address(&config.endpoint)?, headers(&config.headers)?).map_err(ExportError::Tls)?;
        let mut resource = vec![("service.name".to_owned(), config.service)];
        resource.extend(config.resource);
        let lost = Arc::new(AtomicU64::new(0));
        let (to, orders) = mpsc::channel(WAITING);
        let task = Task { orders, sender, resource, lost: lost.clone(), refused: false };
        tokio::spawn(task.run());
        Ok(Self { to, lost, share: config.share.clamp(0.0, 1.0) })
    }

    /// Spans that were dropped since the start.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Of the traces that begin here, so many are kept.
    pub fn share(&self) -> f64 {
        self.share
    }

    pub(crate) fn send(&self, span: Span) {
        if self.to.try_send(Order::Span(Box::new(span))).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until all spans so far are sent or given up.
    pub async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        if self.to.send(Order::Flush(done)).await.is_ok() {
            let _ = is_done.await;
        }
    }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").field("lost", &self.lost()).field("share", &self.share).finish_non_exhaustive()
    }
}

struct Task {
    orders: mpsc::Receiver<Order>,
    sender: Sender,
    resource: Vec<(String, String)>,
    lost: Arc<AtomicU64>,
    /// The last export failed, and that was said.
    refused: bool,
}

impl Task {
    async fn run(mut self) {
        while let Some(first) = self.orders.recv().await {
            let mut spans = Vec::new();
            let flushed = self.gather(first, &mut spans).await;
            self.export(&spans).await;
            if let Some(flushed) = flushed {
                let _ = flushed.send(());
            }
        }
    }

    /// Takes spans until there are enough, the first has waited long enough, or somebody wants them sent.
    async fn gather(&mut self, first: Order, spans: &mut Vec<Span>) -> Option<oneshot::Sender<()>> {
        let deadline = Instant::now() + GATHER;
        let mut order = first;
        loop {
            match order {
                Order::Span(span) => spans.push(*span),
                Order::Flush(done) => return Some(done),
            }
            if spans.len() == TOGETHER {
                return None;
            }
            order = match timeout_at(deadline, self.orders.recv()).await {
                Ok(Some(next)) => next,
                Ok(None) | Err(_) => return None,
            };
        }
    }

    async fn export(&mut self, spans: &[Span]) {
        if spans.is_empty() {
            return;
        }
        match self.sender.send(otlp::request(&self.resource, spans)).await {
            Ok(()) => self.refused = false,
            Err(reason) => {
                self.lost.fetch_add(spans.len() as u64, Ordering::Relaxed);
                // Once, and again after it worked: a collector that is down must not fill the log.
                if !std::mem::replace(&mut self.refused, true) {
                    tracing::warn!(reason, spans = spans.len(), "spans could not be exported and are dropped");
                }
            }
        }
    }
}

fn address(endpoint: &str) -> Result<Url, ExportError> {
    let mut url = Url::parse(endpoint).map_err(|_| ExportError::Endpoint)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(ExportError::Endpoint);
    }
    if url.path() == "/" {
        url.set_path("/v1/traces");
    }
    Ok(url)
}

fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, ExportError> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let parsed = name.parse::<HeaderName>().ok().zip(HeaderValue::from_str(value).ok());
        let (name, mut value) = parsed.ok_or_else(|| ExportError::Header(name.clone()))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}
