//! What a process answers that takes no requests for flows: how it is, and its numbers.

use crate::api::{Token, guarded};
use crate::host::Host;
use crate::serve::{HEALTH, METRICS, ServeError, numbers};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Listens for those who look after a worker.
pub struct Numbers {
    listener: TcpListener,
    router: Router,
}

impl Numbers {
    pub async fn listen(address: SocketAddr, host: impl Into<Host>, token: Option<Token>) -> Result<Self, ServeError> {
        let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?;
        let host = host.into();
        let (told, platform) = (host.clone(), host.platform().clone());
        let metrics = get(async move || -> Response { numbers(&told).await });
        let health =
            get(async move || Json(serde_json::json!({ "status": "ok", "instances": platform.engine().instances_made() })));
        let router = guarded(Router::new().route(METRICS, metrics), token).route(HEALTH, health);
        Ok(Self { listener, router })
    }

    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` completes.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        axum::serve(self.listener, self.router).with_graceful_shutdown(stop).await.map_err(ServeError::Serve)
    }
}
