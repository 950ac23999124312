//! The reference for `wasmtime serve`: the work of the `http-memory` flow, hand-written in one `wasi:http` component.

use serde::Deserialize;
use std::io::{Read, Write};
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};

#[derive(Deserialize)]
struct Input {
    name: String,
    numbers: Vec<f64>,
}

struct Proxy;

impl Guest for Proxy {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let incoming = request.consume().expect("a body");
        let mut text = Vec::new();
        incoming.stream().expect("a stream").read_to_end(&mut text).expect("a whole body");
        let input: Input = serde_json::from_slice(&text).expect("the input");
        let body = answer(&input).to_string();
        let headers = Fields::from_list(&[("content-type".to_owned(), b"application/json".to_vec())]).expect("headers");
        let response = OutgoingResponse::new(headers);
        let outgoing = response.body().expect("a body");
        ResponseOutparam::set(out, Ok(response));
        let mut stream = outgoing.write().expect("a stream");
        stream.write_all(body.as_bytes()).expect("written");
        drop(stream);
        OutgoingBody::finish(outgoing, None).expect("finished");
    }
}

fn answer(input: &Input) -> serde_json::Value {
    let sum: f64 = input.numbers.iter().sum();
    let class = if sum < 10.0 { "small" } else if sum < 100.0 { "medium" } else { "large" };
    serde_json::json!({ "name": input.name, "source": "bench", "sum": sum, "class": class })
}

wasip2::http::proxy::export!(Proxy);
