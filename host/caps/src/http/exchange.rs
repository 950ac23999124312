//! An exchange from the guest's request to the answer: judge, fill in secrets, send, follow redirects, read.

use super::headers;
use super::hop::Hop;
use super::{Http, HttpError, Reach, Request, Response, body};
use crate::grants::{HttpLimits, Refusal};
use crate::scope::Scope;
use crate::secret::{Fill, Filler, Place};
use loomwork_catalog::Effect;
use std::borrow::Cow;
use std::time::{Duration, Instant};
use url::Url;

const MAX_REDIRECTS: u32 = 20;

pub(super) async fn send(http: &Http, scope: &Scope, request: Request) -> Result<Response, HttpError> {
    let limits = scope.rights.http_limits();
    let timeout = request.timeout.unwrap_or(limits.timeout).min(limits.timeout);
    let exchange = Exchange { http, scope, limits };
    match tokio::time::timeout(timeout, exchange.run(request)).await {
        Ok(result) => result,
        Err(_) => Err(HttpError::Timeout(format!("no whole answer within {}", Shown(timeout)))),
    }
}

struct Exchange<'a> {
    http: &'a Http,
    scope: &'a Scope,
    limits: HttpLimits,
}

impl Exchange<'_> {
    async fn run(&self, request: Request) -> Result<Response, HttpError> {
        let allowed = request.redirects.min(MAX_REDIRECTS);
        let follows = allowed > 0;
        let mut left = allowed;
        let mut hop = Hop::first(request)?;
        self.judge(&hop)?;
        if let Some(key) = &self.scope.idempotency_key {
            hop.once(key, self.scope.requests.so_far());
        }
        if let Some(trace) = &self.scope.trace {
            hop.traced(trace);
        }
        // Before it takes a turn, which others need meanwhile.
        self.paced(&hop).await;
        let gate = self.http.pools.gate(&self.scope.project);
        let _turn = gate.acquire().await.map_err(|_| HttpError::Unreachable("the host is stopping".to_owned()))?;
        loop {
            let answer = self.ask(&hop).await?;
            let next = if follows { self.next(&hop, &answer)? } else { None };
            match next {
                None => return self.response(answer).await,
                Some(_) if left == 0 => {
                    return Err(HttpError::TooManyRedirects(format!("more than {allowed} redirects")));
                }
                Some(next) => {
                    self.paced(&next).await;
                    hop = next;
                }
            }
            left -= 1;
        }
    }

    /// Waits until a request may go there, where a rate is granted.
    async fn paced(&self, hop: &Hop) {
        if let Some(rate) = self.scope.rights.rate(&hop.target) {
            let at = self.http.paces.reserve(&self.scope.project, &hop.target, rate, Instant::now());
            tokio::time::sleep_until(at.into()).await;
        }
    }

    /// Whether this hop may be made, and how far its name may lead. Everything here is asked again on every redirect.
    fn judge(&self, hop: &Hop) -> Result<Reach, HttpError> {
        let method = hop.method.as_str();
        match self.scope.effect {
            Effect::Pure => {
                return Err(HttpError::Denied("a function declared pure may not send requests".to_owned()));
            }
            Effect::Read if !matches!(method, "GET" | "HEAD") => {
                return Err(HttpError::Denied(format!("a function that only reads may not send {method}")));
            }
            _ => {}
        }
        let target = &hop.target;
        let reach = self.scope.rights.request(method, target).map_err(|refusal| match refusal {
            Refusal::Capability => HttpError::Denied("http is not granted".to_owned()),
            Refusal::Host => HttpError::Denied(format!("requests to {target} are not granted")),
            Refusal::Method => HttpError::Denied(format!("{method} to {target} is not granted")),
        })?;
        match target.ip() {
            Some(ip) if !reach.admits(ip) => {
                Err(HttpError::Denied(format!("{target} is a private or reserved address, which is not granted")))
            }
            _ => Ok(reach),
        }
    }

    async fn ask(&self, hop: &Hop) -> Result<reqwest::Response, HttpError> {
        let reach = self.judge(hop)?;
        if self.scope.requests.next() >= self.limits.max_requests {
            let most = self.limits.max_requests;
            return Err(HttpError::Denied(format!("a call may send at most {most} requests")));
        }
        let request = self.filled(hop).await?;
        let client = self.http.pools.client(&self.scope.project, reach).await?;
        Ok(client.execute(request).await?)
    }

    async fn filled(&self, hop: &Hop) -> Result<reqwest::Request, HttpError> {
        let filler = Filler { secrets: &self.http.secrets, scope: self.scope, target: &hop.target };
        let url = if hop.own_url { filled_url(&filler, &hop.url).await? } else { hop.url.clone() };
        let mut request = reqwest::Request::new(hop.method.clone(), url);
        let mut size = request.url().as_str().len() + hop.body.len();
        for header in &hop.headers {
            let value = filler.fill(header.value.as_bytes(), Place::Header, Fill::Plain).await?;
            size += header.name.as_str().len() + value.len();
            request.headers_mut().append(header.name.clone(), headers::value(&header.name, &value)?);
        }
        let body = match filler.fill(&hop.body, Place::Body, body_fill(hop)).await? {
            Cow::Borrowed(_) => hop.body.clone(),
            Cow::Owned(filled) => filled.into(),
        };
        size += body.len().saturating_sub(hop.body.len());
        if size as u64 > self.limits.max_request {
            return Err(HttpError::TooLarge(format!("the request is larger than {} bytes", self.limits.max_request)));
        }
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        Ok(request)
    }

    fn next(&self, hop: &Hop, answer: &reqwest::Response) -> Result<Option<Hop>, HttpError> {
        let location = answer.headers().get(http::header::LOCATION);
        let location = location.map(|value| String::from_utf8_lossy(value.as_bytes()));
        let Some(next) = hop.after(answer.status(), location.as_deref())? else {
            return Ok(None);
        };
        let moved = next.target != hop.target;
        if moved && self.http.secrets.redactor(&self.scope.project).finds(next.url.as_str()) {
            return Err(HttpError::Denied(format!("a redirect would carry a secret to {}", next.target)));
        }
        self.judge(&next)?;
        Ok(Some(next))
    }

    async fn response(&self, answer: reqwest::Response) -> Result<Response, HttpError> {
        let redactor = self.http.secrets.redactor(&self.scope.project);
        let status = answer.status().as_u16();
        let url = redactor.text(answer.url().as_str()).into_owned();
        let mut headers = headers::handed_back(answer.headers(), &redactor)?;
        let body = body::read(answer, self.limits.max_response).await?;
        let body = match redactor.bytes(&body) {
            Cow::Borrowed(_) => body,
            Cow::Owned(clean) => {
                headers.retain(|(name, _)| name != "content-length");
                clean
            }
        };
        Ok(Response { status, headers, url, body })
    }
}

/// Secrets go into path and query, percent-encoded; the host is settled before any is read.
async fn filled_url(filler: &Filler<'_>, url: &Url) -> Result<Url, HttpError> {
    let mut filled = url.clone();
    let invalid = || HttpError::Invalid("the address with its secrets is not valid".to_owned());
    if let Cow::Owned(path) = filler.fill(url.path().as_bytes(), Place::Url, Fill::Percent).await? {
        filled.set_path(std::str::from_utf8(&path).map_err(|_| invalid())?);
    }
    if let Some(query) = url.query()
        && let Cow::Owned(query) = filler.fill(query.as_bytes(), Place::Url, Fill::Percent).await?
    {
        filled.set_query(Some(std::str::from_utf8(&query).map_err(|_| invalid())?));
    }
    Ok(filled)
}

fn body_fill(hop: &Hop) -> Fill {
    let content_type = hop.headers.iter().find(|header| header.name == http::header::CONTENT_TYPE);
    let essence = content_type.map(|header| header.value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match essence.as_deref() {
        Some("application/x-www-form-urlencoded") => Fill::Percent,
        Some(json) if json == "application/json" || json.ends_with("+json") => Fill::Json,
        _ => Fill::Plain,
    }
}

/// A time limit as a person reads it.
struct Shown(Duration);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ms", self.0.as_millis())
    }
}
