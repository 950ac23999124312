//! The work of the `http-memory` flow, hand-written in axum: what the platform's overhead is measured against.

use anyhow::Context;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What is posted.
#[derive(Deserialize)]
struct Input {
    name: String,
    numbers: Vec<f64>,
}

/// What is answered; its fields are in the order in which the flow writes them.
#[derive(Serialize)]
struct Output {
    name: String,
    source: &'static str,
    sum: f64,
    class: &'static str,
}

/// Serves on the address that is its only argument, until the process is ended.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address: SocketAddr = std::env::args().nth(1).context("it takes an address")?.parse()?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        stream.set_nodelay(true).ok();
    });
    axum::serve(listener, Router::new().route("/", post(answer))).await?;
    Ok(())
}

async fn answer(Json(input): Json<Input>) -> Json<Output> {
    let source = "bench";
    let sum = input.numbers.iter().sum();
    Json(Output { name: input.name, source, sum, class: classify(sum) })
}

fn classify(sum: f64) -> &'static str {
    match sum {
        sum if sum < 10.0 => "small",
        sum if sum < 100.0 => "medium",
        _ => "large",
    }
}
