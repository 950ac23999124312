//! The HTTP node: `loom:http/http` on the host's `loom:host/http`.

mod address;
mod body;
mod expect;
mod request;
mod response;
mod retry;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "../../wit/host", "wit"], world: "loom:http/node", generate_all });

use exports::loom::http::http::{Address, Body, Encoding, Error, Guest, Method, Options, Pair, Response, StatusError};
use loom::host::http as host;
use request::Call;

type Pairs = Option<Vec<Pair>>;

struct Node;
export!(Node);

impl Guest for Node {
    fn send(
        method: Method,
        url: String,
        query: Pairs,
        headers: Pairs,
        body: Option<Body>,
        options: Option<Options>,
    ) -> Result<Response, Error> {
        Call::new(method, url).query(query).headers(headers).options(options).body(body)?.send()?.read()
    }
    fn send_bytes(
        method: Method,
        url: String,
        content_type: String,
        body: Vec<u8>,
        headers: Pairs,
        options: Option<Options>,
    ) -> Result<Response, Error> {
        Call::new(method, url).headers(headers).options(options).bytes(content_type, body).send()?.read()
    }
    fn get(url: String, query: Pairs, headers: Pairs, options: Option<Options>) -> Result<Response, Error> {
        Call::new(Method::Get, url).query(query).headers(headers).options(options).send()?.read()
    }
    fn get_json(url: String, query: Pairs, headers: Pairs) -> Result<String, Error> {
        Call::new(Method::Get, url).query(query).headers(headers).accept("application/json").send()?.json()
    }
    fn get_text(url: String, query: Pairs, headers: Pairs) -> Result<String, Error> {
        Call::new(Method::Get, url).query(query).headers(headers).send()?.text()
    }
    fn get_bytes(url: String, query: Pairs, headers: Pairs) -> Result<Vec<u8>, Error> {
        Ok(Call::new(Method::Get, url).query(query).headers(headers).send()?.bytes())
    }
    fn head(url: String, headers: Pairs) -> Result<Response, Error> {
        Call::new(Method::Head, url).headers(headers).any_status().send()?.read()
    }
    fn post_json(url: String, body: String, headers: Pairs) -> Result<String, Error> {
        Call::new(Method::Post, url).headers(headers).accept("application/json").body(Some(Body::Json(body)))?.send()?.json()
    }
    fn post_form(url: String, fields: Vec<Pair>, headers: Pairs) -> Result<Response, Error> {
        Call::new(Method::Post, url).headers(headers).body(Some(Body::Form(fields)))?.send()?.read()
    }
    fn header(headers: Vec<Pair>, name: String) -> Option<String> {
        headers.into_iter().find(|header| header.name.eq_ignore_ascii_case(&name)).map(|header| header.value)
    }
    fn parse_url(url: String) -> Result<Address, Error> {
        address::parse(&url)
    }
    fn build_url(base: String, path: Option<String>, query: Pairs) -> Result<String, Error> {
        address::build(&base, path.as_deref(), &query.unwrap_or_default())
    }
}
