//! One export over HTTP, tried a few times.

use bytes::Bytes;
use http::StatusCode;
use reqwest::Client;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use url::Url;

/// How long one try may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How often an export is tried.
const TRIES: u32 = 3;

#[derive(Clone)]
pub(super) struct Sender {
    client: Client,
    url: Url,
    headers: http::HeaderMap,
}

impl Sender {
    /// A client that follows nothing and installs nothing; the collector is the operator's own choice, so its address is not judged.
    pub(super) fn new(url: Url, headers: http::HeaderMap) -> Result<Self, String> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { client, url, headers })
    }

    /// Whether the collector took it.
    pub(super) async fn send(&self, body: Vec<u8>) -> Result<(), String> {
        let body = Bytes::from(body);
        let mut pause = Duration::from_millis(200);
        let mut tries = 1;
        loop {
            let reason = match self.try_once(body.clone()).await {
                Ok(()) => return Ok(()),
                Err(Failed::ForGood(reason)) => return Err(reason),
                Err(Failed::ForNow(reason)) => reason,
            };
            if tries == TRIES {
                return Err(reason);
            }
            tries += 1;
            sleep(pause).await;
            pause *= 3;
        }
    }

    async fn try_once(&self, body: Bytes) -> Result<(), Failed> {
        let request = self.client.post(self.url.clone()).headers(self.headers.clone());
        let request = request.header(http::header::CONTENT_TYPE, "application/x-protobuf").body(body);
        // Without the address: it may hold a key.
        let response = request.send().await.map_err(|error| Failed::ForNow(error.without_url().to_string()))?;
        let status = response.status();
        let reason = format!("the collector answered {}", status.as_u16());
        match status {
            status if status.is_success() => Ok(()),
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Err(Failed::ForNow(reason)),
            _ => Err(Failed::ForGood(reason)),
        }
    }
}

enum Failed {
    ForNow(String),
    ForGood(String),
}

fn tls() -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(versions.map_err(|error| error.to_string())?.with_root_certificates(roots).with_no_client_auth())
}
