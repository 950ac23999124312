//! What a flow's output becomes: a response of the flow's own making if its type is `http-response`, else 200 and JSON.

use crate::problem::Problem;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use loomwork_types::Type;
use serde::Deserialize;
use serde_json::Value;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Headers that belong to the connection; the server sets them itself.
const NOT_ITS_OWN: [HeaderName; 6] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::TE, header::TRAILER, header::TRANSFER_ENCODING, header::UPGRADE];

/// The response for an output of this type.
pub(crate) fn of_output(output: String, ty: &Type) -> Result<Response, Problem> {
    if ty.is_http_response() {
        let made: Made = serde_json::from_str(&output).map_err(|_| wrong("is not of its type"))?;
        return made.response();
    }
    Ok(json(StatusCode::OK, output))
}

pub(crate) fn json(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// An output of type `http-response`, as its JSON is written.
#[derive(Deserialize)]
struct Made {
    status: u16,
    headers: Option<Vec<Header>>,
    body: Value,
    /// Base64.
    bytes: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl Made {
    fn response(self) -> Result<Response, Problem> {
        let status = StatusCode::from_u16(self.status).ok().filter(|status| status.as_u16() >= 200);
        let status = status.ok_or_else(|| wrong(&format!("has the status {}", self.status)))?;
        let headers = headers(self.headers.unwrap_or_default())?;
        let (body, kind) = content(self.body, self.bytes)?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        if let Some(kind) = kind {
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        // A content type of the flow's own takes the place of ours.
        response.headers_mut().extend(headers);
        Ok(response)
    }
}

fn content(body: Value, bytes: Option<String>) -> Result<(Body, Option<HeaderValue>), Problem> {
    match (body, bytes) {
        (Value::Null, None) => Ok((Body::empty(), None)),
        (Value::Null, Some(bytes)) => {
            let bytes = STANDARD.decode(bytes).map_err(|_| wrong("has `bytes` that are no base64"))?;
            Ok((bytes.into(), Some(BYTES)))
        }
        (_, Some(_)) => Err(wrong("has both `body` and `bytes`")),
        (Value::String(text), None) => Ok((text.into(), Some(TEXT))),
        (value, None) => Ok((value.to_string().into(), Some(JSON))),
    }
}

fn headers(given: Vec<Header>) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for Header { name, value } in given {
        let parsed = (HeaderName::try_from(&name), HeaderValue::try_from(&value));
        let (Ok(parsed), Ok(value)) = parsed else {
            return Err(wrong(&format!("has a header `{}` that is not one", name.escape_debug())));
        };
        if NOT_ITS_OWN.contains(&parsed) {
            return Err(wrong(&format!("sets the header `{parsed}`, which is the server's")));
        }
        headers.append(parsed, value);
    }
    Ok(headers)
}

fn wrong(what: &str) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "http.response", format!("the flow's response {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use loomwork_types::well_known;

    async fn answer(output: &str) -> (u16, HeaderMap, Vec<u8>) {
        let ty = well_known("http-response").expect("it is");
        let response = of_output(output.to_owned(), &ty).unwrap_or_else(IntoResponse::into_response);
        let (parts, body) = response.into_parts();
        (parts.status.as_u16(), parts.headers, body.collect().await.expect("whole").to_bytes().to_vec())
    }

    #[tokio::test]
    async fn a_body_says_what_it_is_unless_the_flow_does() {
        for (body, kind, sent) in [
            (r#""body": "hi""#, "text/plain; charset=utf-8", &b"hi"[..]),
            (r#""body": {"a": [1, null]}"#, "application/json", b"{\"a\":[1,null]}"),
            (r#""body": null, "bytes": "AP8=""#, "application/octet-stream", b"\0\xff"),
            (r#""body": "<b>", "headers": [{"name": "Content-Type", "value": "text/html"}]"#, "text/html", b"<b>"),
        ] {
            let (status, headers, got) = answer(&format!("{{\"status\": 201, {body}}}")).await;
            assert_eq!((status, &headers["content-type"], &*got), (201, &HeaderValue::from_static(kind), sent), "{body}");
        }
        let (status, headers, got) = answer(r#"{"status": 204, "headers": null, "body": null, "bytes": null}"#).await;
        assert_eq!((status, headers.len(), got.len()), (204, 0, 0));
    }

    #[tokio::test]
    async fn headers_may_repeat() {
        let cookies = r#"[{"name": "set-cookie", "value": "a=1"}, {"name": "set-cookie", "value": "b=2"}]"#;
        let (_, headers, _) = answer(&format!("{{\"status\": 200, \"body\": null, \"headers\": {cookies}}}")).await;
        assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
    }

    #[tokio::test]
    async fn a_response_that_is_none_is_a_problem_with_a_code() {
        for output in [
            r#""status": 99, "body": null"#,
            r#""status": 101, "body": null"#,
            r#""status": 200, "body": 1, "bytes": "AA==""#,
            r#""status": 200, "body": 1, "headers": [{"name": "a b", "value": "x"}]"#,
            r#""status": 200, "body": 1, "headers": [{"name": "x", "value": "a\r\nb: c"}]"#,
            r#""status": 200, "body": 1, "headers": [{"name": "Content-Length", "value": "9"}]"#,
        ] {
            let (status, _, body) = answer(&format!("{{{output}}}")).await;
            let body: Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!((status, &body["code"]), (500, &Value::from("http.response")), "{output}");
        }
    }
}
