//! A collector: a real HTTP server that decodes what it is sent.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// One request that came.
pub struct Export {
    pub path: String,
    pub key: Option<String>,
    pub kind: Option<String>,
    pub body: ExportTraceServiceRequest,
}

#[derive(Clone)]
pub struct Collector {
    pub url: String,
    exports: Arc<Mutex<Vec<Export>>>,
    /// Statuses of the next answers; 200 when there are none.
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Collector {
    pub async fn start(answers: impl IntoIterator<Item = u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let collector = Self { url, exports: Arc::default(), answers: Arc::new(Mutex::new(answers.into_iter().collect())) };
        let serving = collector.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let collector = serving.clone();
                let service = hyper::service::service_fn(move |request| {
                    let collector = collector.clone();
                    async move { Ok::<_, hyper::Error>(collector.answer(request).await) }
                });
                tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        collector
    }

    pub fn exports(&self) -> Vec<Export> {
        std::mem::take(&mut *self.exports.lock().expect("no panic"))
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (path, key, kind) = (request.uri().path().to_owned(), header("x-key"), header("content-type"));
        let body = request.into_body().collect().await.expect("a body").to_bytes();
        let body = ExportTraceServiceRequest::decode(body).expect("the protocol's message");
        let status = self.answers.lock().expect("no panic").pop_front().unwrap_or(200);
        self.exports.lock().expect("no panic").push(Export { path, key, kind, body });
        Response::builder().status(status).body(Full::default()).expect("a response")
    }
}
