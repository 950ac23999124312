//! Asks a running server, and says in words why it did not answer.

use crate::args::Remote;
use crate::events::Events;
use crate::exit::Failure;
use loomwork_api::ProblemView;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// A server may wait so long for a run; then it is the client that gives up.
const PATIENCE: Duration = Duration::from_secs(300);
/// What goes on as long as somebody looks has no time limit.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 86_400);

pub struct Client {
    http: reqwest::Client,
    server: String,
    token: Option<HeaderValue>,
}

impl Client {
    pub fn new(remote: &Remote) -> Result<Self, Failure> {
        let tls = rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Unavailable(error.to_string()))?
            .with_root_certificates(roots())
            .with_no_client_auth();
        let http = reqwest::Client::builder().tls_backend_preconfigured(tls).timeout(PATIENCE).no_proxy().build();
        let http = http.map_err(|error| Failure::Unavailable(error.to_string()))?;
        Ok(Self { http, server: remote.address(), token: token(remote)? })
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T, Failure> {
        let url =
            reqwest::Url::parse_with_params(&self.url(path), query).map_err(|error| self.not_an_address(&error.to_string()))?;
        self.send(self.http.get(url)).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        self.post_keyed(path, None, body).await
    }

    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::usage(error.to_string()))?;
        self.send(self.http.put(self.url(path)).header(CONTENT_TYPE, "application/json").body(body)).await
    }

    pub async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(self.http.delete(self.url(path))).await
    }

    pub async fn post_keyed<T: DeserializeOwned>(
        &self,
        path: &str,
        key: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::usage(error.to_string()))?;
        let request = self.http.post(self.url(path)).header(CONTENT_TYPE, "application/json").body(body);
        self.send(match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        })
        .await
    }

    /// A stream of events, from now on or behind the event with this id.
    pub async fn events(&self, path: &str, query: &[(&str, String)], after: Option<&str>) -> Result<Events, Failure> {
        let url =
            reqwest::Url::parse_with_params(&self.url(path), query).map_err(|error| self.not_an_address(&error.to_string()))?;
        let request = self.http.get(url).timeout(FOR_EVER).header(ACCEPT, "text/event-stream");
        let request = match after {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        self.answered(request).await.map(Events::new)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api{path}", self.server)
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, Failure> {
        let response = self.answered(request).await?;
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        serde_json::from_slice(&body).map_err(|_| {
            Failure::Unavailable(format!("{} does not answer like a Loomwork server; is it one, of this version?", self.server))
        })
    }

    /// What the server answered, if it did what it was asked for.
    async fn answered(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Failure> {
        let request = match &self.token {
            Some(token) => request.header(AUTHORIZATION, token),
            None => request,
        };
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        match serde_json::from_slice::<ProblemView>(&body) {
            Ok(problem) => Err(Failure::Refused(Box::new(problem))),
            Err(_) => Err(Failure::Unavailable(format!("{} answered {status}", self.server))),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        if error.is_builder() {
            return self.not_an_address(&error.to_string());
        }
        Failure::Unavailable(format!(
            "no server answers at {}; start one with `loom serve DIR`, or name another with --server",
            self.server
        ))
    }

    fn not_an_address(&self, why: &str) -> Failure {
        Failure::usage(format!("`{}` is not a server's address: {why}", self.server)).hint("Write it like http://127.0.0.1:7420.")
    }
}

fn roots() -> rustls::RootCertStore {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn token(remote: &Remote) -> Result<Option<HeaderValue>, Failure> {
    let text = match &remote.token_file {
        Some(file) => {
            let read = std::fs::read_to_string(file);
            Some(read.map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?)
        }
        None => std::env::var("LOOM_TOKEN").ok(),
    };
    let Some(text) = text else { return Ok(None) };
    let mut value = HeaderValue::from_str(&format!("Bearer {}", text.trim()))
        .map_err(|_| Failure::usage("the token has characters that a token cannot have"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}
