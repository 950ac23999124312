//! One request to an HTTP trigger: its input is built by the flow's type, the flow runs, its end becomes a response.

use crate::problem::Problem;
use crate::routes::percent_decode;
use crate::status;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use loomwork_flow::{Answer, HttpInput, HttpTrigger};
use loomwork_run::{Deployment, RunOptions};
use loomwork_types::{Fault, Type};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Bytes of a request's body; more is refused with 413.
pub const MAX_BODY: usize = 8 * 1024 * 1024;
/// How long a client may take to send its body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A route's target: a deployed flow and the trigger of it that answers here.
#[derive(Clone)]
pub struct Target {
    pub deployment: Deployment,
    pub trigger: HttpTrigger,
}

/// Answers one request.
pub async fn answer(target: &Target, parameters: &[(&str, String)], request: Request<Body>) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = read_body(body).await?;
    let request = Incoming {
        method: &parts.method,
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        parameters,
        body: &bytes,
    };
    let input = match target.trigger.input {
        HttpInput::Body => request.input_by_type(target.deployment.input())?,
        HttpInput::Request => request.whole(target.deployment.input()).to_string(),
    };
    match target.trigger.answer {
        Answer::Result | Answer::Respond => run_and_answer(target, &input).await,
        Answer::Now => start_and_answer(target, input),
    }
}

async fn run_and_answer(target: &Target, input: &str) -> Result<Response, Problem> {
    let outcome = target.deployment.run(input, RunOptions::default()).await;
    match outcome.result {
        Ok(output) if is_http_response(target.deployment.output()) => shaped(&output),
        Ok(output) => Ok(json_response(StatusCode::OK, output)),
        Err(fault) => Err(problem(&fault, &target.trigger)),
    }
}

fn start_and_answer(target: &Target, input: String) -> Result<Response, Problem> {
    let run = target.deployment.start(input, RunOptions::default()).map_err(|fault| problem(&fault, &target.trigger))?;
    Ok(json_response(StatusCode::ACCEPTED, json!({ "run": run.as_str() }).to_string()))
}

fn problem(fault: &Fault, trigger: &HttpTrigger) -> Problem {
    Problem::of_fault(fault, status::of(&fault.code, &trigger.faults))
}

async fn read_body(body: Body) -> Result<Bytes, Problem> {
    let collected = tokio::time::timeout(BODY_TIME, Limited::new(body, MAX_BODY).collect()).await;
    match collected {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let problem =
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "limit.input", format!("the body is larger than {MAX_BODY} bytes"));
            Err(problem.hint("Send large data to blob storage and pass a reference."))
        }
        Ok(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, "http.body", "the body ended before it was complete")),
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "http.body", "the body did not arrive in 30 seconds")),
    }
}

struct Incoming<'a> {
    method: &'a Method,
    path: &'a str,
    query: &'a str,
    headers: &'a HeaderMap,
    parameters: &'a [(&'a str, String)],
    body: &'a [u8],
}

impl Incoming<'_> {
    /// The JSON body; without one, the query's and the path's parameters as fields of the flow's input record.
    fn input_by_type(&self, input: &Type) -> Result<String, Problem> {
        let text = self.text()?;
        if !text.trim().is_empty() && self.parameters.is_empty() {
            return Ok(text.to_owned());
        }
        let mut fields = if text.trim().is_empty() { Map::new() } else { self.json_object(text)? };
        let pairs = query_pairs(self.query)?;
        let parameters = self.parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        for (name, value) in pairs.into_iter().chain(parameters) {
            let value = by_type(field_type(input, &name), value);
            fields.insert(name, value);
        }
        if fields.is_empty() && !matches!(input, Type::Record(_)) {
            return Ok("null".to_owned());
        }
        Ok(Value::Object(fields).to_string())
    }

    fn json_object(&self, text: &str) -> Result<Map<String, Value>, Problem> {
        let wrong = |error: String| Problem::new(StatusCode::BAD_REQUEST, "json.syntax", error);
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(wrong("the body must be a JSON object, because the path has parameters".into())),
            Err(error) => Err(wrong(format!("the body is not JSON: {error}"))),
        }
    }

    /// Of `{method, path, query, params, headers, body, text}` what the flow's input has: the body parsed if it is JSON, else null; its
    /// text as it came.
    fn whole(&self, input: &Type) -> Value {
        let text = String::from_utf8_lossy(self.body);
        let headers: Map<String, Value> =
            self.headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.into()))).collect();
        let query: Map<String, Value> =
            query_pairs(self.query).unwrap_or_default().into_iter().map(|(name, value)| (name, value.into())).collect();
        let params: Map<String, Value> =
            self.parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let mut whole = json!({ "method": self.method.as_str(), "path": self.path, "query": query, "params": params, "headers": headers, "body": body, "text": text });
        if let (Type::Record(record), Value::Object(fields)) = (input, &mut whole) {
            fields.retain(|name, _| record.fields.iter().any(|field| *field.json == **name));
        }
        whole
    }

    fn text(&self) -> Result<&str, Problem> {
        let problem = |_| Problem::new(StatusCode::BAD_REQUEST, "json.utf8", "the body is not UTF-8 text");
        std::str::from_utf8(self.body).map_err(problem)
    }
}

fn query_pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let decode = |text: &str| percent_decode(&text.replace('+', " "));
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decode(name)?, decode(value)?))
    };
    let pairs: Option<Vec<_>> = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    pairs.ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "http.query", "the query is not UTF-8 text"))
}

fn field_type<'a>(input: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Record(record) = input else { return None };
    let field = record.fields.iter().find(|field| &*field.json == name)?;
    match &field.ty {
        Type::Option(inner) => Some(inner),
        ty => Some(ty),
    }
}

/// Text from an address as the JSON that its field expects; what does not fit stays text, for the type check to name.
fn by_type(ty: Option<&Type>, text: String) -> Value {
    let wants_text =
        matches!(ty, None | Some(Type::String | Type::Char | Type::Datetime | Type::Duration | Type::Enum(_) | Type::Json));
    let parsed = serde_json::from_str::<Value>(&text).ok().filter(|value| value.is_number() || value.is_boolean());
    match parsed {
        Some(value) if !wants_text => value,
        _ => text.into(),
    }
}

/// `loom:http`'s `response` record, recognised by its name.
fn is_http_response(output: &Type) -> bool {
    matches!(output, Type::Record(record) if record.name.as_deref() == Some("http-response"))
}

/// `{status, headers: [{name, value}], body}`: a text body goes out as it is, any other as JSON.
fn shaped(output: &str) -> Result<Response, Problem> {
    let wrong =
        |what: &str| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "http.response", format!("the flow's response has {what}"));
    let value: Value = serde_json::from_str(output).map_err(|_| wrong("no JSON"))?;
    let status =
        value["status"].as_u64().and_then(|status| StatusCode::from_u16(status as u16).ok()).ok_or_else(|| wrong("no status"))?;
    let (body, kind) = match &value["body"] {
        Value::Null => (String::new(), "text/plain; charset=utf-8"),
        Value::String(text) => (text.clone(), "text/plain; charset=utf-8"),
        other => (other.to_string(), "application/json"),
    };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    for field in value["headers"].as_array().into_iter().flatten() {
        let name = field["name"].as_str().and_then(|name| name.parse::<header::HeaderName>().ok());
        let text = field["value"].as_str().and_then(|value| HeaderValue::from_str(value).ok());
        let (Some(name), Some(text)) = (name, text) else { return Err(wrong("a header that is not one")) };
        response.headers_mut().insert(name, text);
    }
    Ok(response)
}

pub(crate) fn json_response(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
