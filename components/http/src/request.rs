//! A request as it is put together, and sent.

use crate::response::Answer;
use crate::{Body, Error, Method, Options, Pair, address, body, expect, host};

/// As browsers do.
const REDIRECTS: u32 = 10;

pub struct Call {
    method: Method,
    url: String,
    query: Vec<Pair>,
    headers: Vec<host::Header>,
    body: host::Body,
    timeout: Option<String>,
    redirects: u32,
    expect: String,
}

impl Call {
    pub fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            query: Vec::new(),
            headers: Vec::new(),
            body: host::Body::Empty,
            timeout: None,
            redirects: REDIRECTS,
            expect: "2xx".to_owned(),
        }
    }

    pub fn query(mut self, query: Option<Vec<Pair>>) -> Self {
        self.query = query.unwrap_or_default();
        self
    }

    pub fn headers(mut self, headers: Option<Vec<Pair>>) -> Self {
        self.headers.extend(headers.into_iter().flatten().map(|pair| host::Header { name: pair.name, value: pair.value }));
        self
    }

    pub fn accept(self, media_type: &str) -> Self {
        self.header_by_default("accept", media_type)
    }

    pub fn options(mut self, options: Option<Options>) -> Self {
        let Some(options) = options else { return self };
        self.timeout = options.timeout;
        self.redirects = options.redirects.unwrap_or(self.redirects);
        self.expect = options.expect.unwrap_or(self.expect);
        self
    }

    pub fn any_status(mut self) -> Self {
        self.expect = "any".to_owned();
        self
    }

    pub fn body(mut self, content: Option<Body>) -> Result<Self, Error> {
        let Some(content) = content else { return Ok(self) };
        let (content_type, body) = body::encode(content)?;
        self.body = body;
        Ok(self.header_by_default("content-type", content_type))
    }

    pub fn bytes(mut self, content_type: String, bytes: Vec<u8>) -> Self {
        self.body = host::Body::Bytes(bytes);
        self.header_by_default("content-type", &content_type)
    }

    fn header_by_default(mut self, name: &str, value: &str) -> Self {
        if !self.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name)) {
            self.headers.push(host::Header { name: name.to_owned(), value: value.to_owned() });
        }
        self
    }

    /// Sends it; a status that is not expected is an error.
    pub fn send(self) -> Result<Answer, Error> {
        let expected = expect::Statuses::parse(&self.expect)?;
        let request = host::Request {
            method: name(self.method).to_owned(),
            url: address::with_query(self.url, &self.query)?,
            headers: self.headers,
            body: self.body,
            timeout: self.timeout.as_deref().map(milliseconds).transpose()?,
            redirects: self.redirects,
        };
        let answer = Answer::new(host::send(&request).map_err(refused)?);
        if expected.hold(answer.status()) { Ok(answer) } else { Err(answer.unexpected()) }
    }
}

fn name(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
        Method::Options => "OPTIONS",
    }
}

/// Whole milliseconds, at least one, so that a tiny limit does not become none.
fn milliseconds(text: &str) -> Result<u32, Error> {
    let nanos = loomwork_duration::parse(text).map_err(Error::Invalid)?;
    if nanos <= 0 {
        return Err(Error::Invalid("`timeout` has to be longer than nothing".into()));
    }
    Ok(u32::try_from((nanos / 1_000_000).max(1)).unwrap_or(u32::MAX))
}

fn refused(error: host::Error) -> Error {
    match error {
        host::Error::Denied(message) => Error::Denied(message),
        host::Error::Invalid(message) => Error::Invalid(message),
        host::Error::Unreachable(message) => Error::Unreachable(message),
        host::Error::Timeout(message) => Error::Timeout(message),
        host::Error::TooLarge(message) => Error::TooLarge(message),
        host::Error::TooManyRedirects(message) => Error::TooManyRedirects(message),
    }
}
