//! Errors as clients see them: `application/problem+json` with a code, a message, a hint where there is one, and the request's id.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use loomwork_types::Fault;
use serde_json::{Value, json};

/// One answer that is not a result.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
    /// What a fault carries beside its message.
    pub data: Option<Value>,
    pub request_id: String,
    /// What HTTP wants beside the status, such as `Allow` beside 405.
    header: Option<(HeaderName, HeaderValue)>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let (code, message) = (code.to_owned(), message.into());
        Self { status, code, message, hint: None, data: None, request_id: String::new(), header: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A run's fault with the status that its trigger gives it. What went wrong inside (5xx) is named by its code; its data stays in the trace.
    pub fn of_fault(fault: &Fault, status: StatusCode) -> Self {
        let data = fault.data.as_deref().filter(|_| status.is_client_error());
        let data = data.and_then(|text| serde_json::from_str(text).ok());
        Self { data, ..Self::new(status, &fault.code, fault.message.clone()) }
    }

    pub fn request_id(mut self, id: &str) -> Self {
        self.request_id = id.to_owned();
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:loomwork:{}", self.code),
            "status": self.status.as_u16(),
            "code": self.code,
            "message": self.message,
            "request_id": self.request_id,
        });
        if let Some(hint) = self.hint {
            body["hint"] = hint.into();
        }
        if let Some(data) = self.data {
            body["data"] = data;
        }
        let mut response = (self.status, body.to_string()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
