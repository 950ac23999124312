//! Servers, resolvers and scopes for the tests.

pub mod resolver;
pub mod server;

use loomwork_caps::http::{Http, HttpError, HttpSettings, Request, Response};
use loomwork_caps::secret::{MemorySecrets, Secret, Secrets};
use loomwork_caps::{Grants, Rights, Scope};
use loomwork_catalog::Effect;
use std::sync::Arc;
use std::time::Duration;

/// The value that must never be seen outside a request to a bound host.
pub const VALUE: &str = "s3cr3t/värde+\"quoted\"";

/// Http over a resolver, with secret `key` (of [`VALUE`]) in the store.
pub struct Bench {
    pub http: Http,
    pub secrets: Arc<Secrets>,
}

impl Bench {
    pub fn new() -> Self {
        Self::with(HttpSettings::default())
    }

    pub fn with(settings: HttpSettings) -> Self {
        let secret = Secret::new(VALUE).expect("long enough");
        let plain = Secret::new("plain-token-1234").expect("long enough");
        let store = MemorySecrets::default().with("key", secret).with("token", plain);
        let secrets = Arc::new(Secrets::new(Arc::new(store)));
        Self { http: Http::new(settings, secrets.clone()), secrets }
    }

    pub async fn send(&self, grants: &str, request: Request) -> Result<Response, HttpError> {
        self.http.send(&scope(grants, Effect::Write), request).await
    }
}

/// A scope with operator policy "everything" and these grants in JSON.
pub fn scope(grants: &str, effect: Effect) -> Scope {
    let grants = Grants::from_json(grants).expect("the test's grants");
    Scope::new("shop", effect, Rights::of([Arc::new(Grants::everything()), Arc::new(grants)]))
}

pub fn get(url: impl Into<String>) -> Request {
    Request {
        method: "GET".to_owned(),
        url: url.into(),
        redirects: 5,
        timeout: Some(Duration::from_secs(5)),
        ..Request::default()
    }
}

pub fn post(url: impl Into<String>, content_type: &str, body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: body.as_bytes().to_vec(),
        ..get(url)
    }
}

/// Grants for these hosts alone.
pub fn allowing(hosts: &[&str]) -> String {
    let hosts: Vec<String> = hosts.iter().map(|host| format!("{host:?}")).collect();
    format!(r#"{{"http": {{"allow": [{}]}}}}"#, hosts.join(","))
}
