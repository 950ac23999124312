use super::*;
use http::{HeaderName, HeaderValue};
use loomwork_types::{Names, canonical, parse};

fn ty(text: &str) -> Type {
    parse(text, &Names::default()).expect("the test's type")
}

/// A request as it would be typed: `(address after the host, content type, body)`.
struct Sent<'a>(&'a str, &'a str, &'a [u8]);

impl Sent<'_> {
    fn to(&self, ty: &Type, parameters: &[(&str, String)], read: fn(&Incoming<'_>, &Type) -> Result<String, Problem>) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in [("content-type", self.1), ("x-tag", "a"), ("x-tag", "b"), ("cookie", "c=1"), ("cookie", "d=2")] {
            if !value.is_empty() {
                headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
            }
        }
        let (path, query) = self.0.split_once('?').unwrap_or((self.0, ""));
        let request = Incoming { method: &Method::POST, path, query, headers: &headers, parameters, body: self.2 };
        let input = match read(&request, ty) {
            Ok(input) => input,
            Err(problem) => return format!("{} {}", problem.status.as_u16(), problem.code),
        };
        // Runs begin so: what is wrong with an input is said there.
        canonical(ty, &input).unwrap_or_else(|mismatch| format!("{} {}", mismatch.code, mismatch.path))
    }
}

#[track_caller]
fn body(of: &str, sent: Sent<'_>, expected: &str) {
    assert_eq!(sent.to(&ty(of), &[], from_body), expected);
}

#[test]
fn json_is_the_input_as_it_came() {
    let number = br#"{"n": 18446744073709551615}"#;
    for media in ["application/json", "application/json; charset=utf-8", "application/problem+json", "", "text/plain"] {
        body("record { n: u64 }", Sent("/", media, number), r#"{"n":18446744073709551615}"#);
    }
    body("record { n: u64 }", Sent("/", "application/x-www-form-urlencoded", number), r#"{"n":18446744073709551615}"#);
    body("json", Sent("/", "application/json", b"[1, \"x\"]"), "[1,\"x\"]");
    body("json", Sent("/?a=1", "application/json", b"7"), "7");
    body("string", Sent("/", "application/json", b"\"x\""), "\"x\"");
    body("record { n: u64 }", Sent("/", "application/json", b"{\"n\": 1"), "json.syntax $");
    body("json", Sent("/", "", b"\xff"), "400 json.utf8");
    body("json", Sent("/", "", b"{\"a\": 1, \"a\": 2}"), "json.duplicate_key $");
}

#[test]
fn forms_give_fields() {
    let of = "record { name: string, age: option<u32>, tags: list<string>, vip: bool }";
    let form = "application/x-www-form-urlencoded";
    let whole = r#"{"name":"Ada L.","age":36,"tags":["a","b"],"vip":true}"#;
    body(of, Sent("/", form, b"name=Ada+L%2e&age=36&tags=a&tags=b&vip=true"), whole);
    body(of, Sent("/?vip=true", form, b"name=Ada+L%2e&age=36&tags%5B%5D=a&tags[]=b"), whole);
    body(of, Sent("/", form, b"name=x&age=&tags=7&vip=false"), r#"{"name":"x","age":null,"tags":["7"],"vip":false}"#);
    body(of, Sent("/?vip=true", form, b"name=x"), r#"{"name":"x","age":null,"tags":[],"vip":true}"#);
    body(of, Sent("/", form, b"name=x&age=old&tags=7&vip=false"), "type.mismatch $.age");
    body(of, Sent("/", form, b"name=x&name=y&tags=7&vip=true"), "type.mismatch $.name");
    body(of, Sent("/?vip=true", form, b"name=x&tags=7&vip=true"), "json.duplicate_key $");
    body("json", Sent("/", form, b"a=1&b=2&b=3&c[]=4"), r#"{"a":"1","b":["2","3"],"c":["4"]}"#);
    body("json", Sent("/", form, b"a=%ff"), "400 http.query");
}

#[test]
fn text_and_bytes_are_taken_by_inputs_that_are_such() {
    body("string", Sent("/", "text/csv", b"a,b\n1,2"), r#""a,b\n1,2""#);
    body("string", Sent("/", "application/x-www-form-urlencoded", b"a,b"), r#""a,b""#);
    body("json", Sent("/", "text/plain", b"5"), "\"5\"");
    body("list<u8>", Sent("/", "image/png", b"\x89P"), "\"iVA=\"");
    body("record { n: u8 }", Sent("/", "image/png", b"\x89P"), "415 http.media_type");
    body("json", Sent("/", "multipart/form-data; boundary=x", b"--x"), "415 http.media_type");
}

#[test]
fn the_query_and_the_path_give_fields_too() {
    let of = ty("record { id: u32, limit: option<u8>, note: option<string> }");
    let id = [("id", "7".to_owned())];
    let given = |address, media, body: &[u8]| Sent(address, media, body).to(&of, &id, from_body);
    let whole = r#"{"id":7,"limit":5,"note":"x"}"#;
    assert_eq!(given("/7?limit=5&note=x&utm_source=mail", "", b""), whole);
    assert_eq!(given("/7?limit=5", "application/json", br#" { "note": "x" }"#), whole);
    assert_eq!(given("/7", "application/json", b"{ }"), r#"{"id":7,"limit":null,"note":null}"#);
    assert_eq!(given("/7", "application/json", br#"{"id": 8}"#), "json.duplicate_key $");
    assert_eq!(given("/7?id=8", "", b""), "json.duplicate_key $");
    assert_eq!(given("/7", "application/json", b"[]"), "400 http.body");
    assert_eq!(given("/7", "application/json", br#"{"note": "x"}, "id": 9"#), "json.syntax $");
    body("json", Sent("/?a=1&b=x", "", b""), r#"{"a":"1","b":"x"}"#);
    body("json", Sent("/", "", b""), "null");
    body("record { n: option<u8>, tags: list<string> }", Sent("/", "", b""), r#"{"n":null,"tags":[]}"#);
    body("record { tags: list<string> }", Sent("/", "", b"{}"), "type.missing_field $");
}

#[track_caller]
fn request(of: &str, sent: Sent<'_>, expected: &str) {
    assert_eq!(sent.to(&ty(of), &[("id", "7".to_owned())], whole), expected);
}

#[test]
fn the_whole_request() {
    let sent = || Sent("/orders/7?a=1&a=2&b=x", "application/json", br#"{"n": 1.50}"#);
    request(
        "json",
        sent(),
        concat!(
            r#"{"body":{"n":1.5},"headers":{"content-type":"application/json","cookie":"c=1; d=2","x-tag":"a, b"},"#,
            r#""method":"POST","params":{"id":"7"},"path":"/orders/7","query":{"a":["1","2"],"b":"x"}}"#
        ),
    );
    let of = "record { params: record { id: u32 }, query: record { a: list<u16> }, headers: record { x-tag: string } }";
    request(of, sent(), r#"{"params":{"id":7},"query":{"a":[1,2]},"headers":{"x_tag":"a, b"}}"#);
    request("record { raw: string }", sent(), r#"{"raw":"{\"n\": 1.50}"}"#);
    request("record { raw: list<u8> }", Sent("/", "", b"\xff"), r#"{"raw":"/w=="}"#);
    request("record { raw: string }", Sent("/", "", b"\xff"), "400 json.utf8");
}

#[test]
fn the_body_of_a_whole_request_is_what_it_says_it_is() {
    let of = "record { body: json }";
    request(of, Sent("/", "application/json", b" [1] "), r#"{"body":[1]}"#);
    request(of, Sent("/", "application/json", b"{\"a\": 1}, \"method\": 2"), "400 json.syntax");
    request(of, Sent("/", "application/x-www-form-urlencoded", b"a=1"), r#"{"body":{"a":"1"}}"#);
    request(of, Sent("/", "text/plain", b"1"), r#"{"body":"1"}"#);
    request(of, Sent("/", "", b"1"), r#"{"body":1}"#);
    request(of, Sent("/", "", b"one"), r#"{"body":"one"}"#);
    request(of, Sent("/", "image/png", b"\x89"), r#"{"body":null}"#);
    request(of, Sent("/", "", b""), r#"{"body":null}"#);
    request("record { body: record { n: u8 } }", Sent("/", "application/x-www-form-urlencoded", b"n=1"), r#"{"body":{"n":1}}"#);
}
