//! A load generator that costs little beside what it measures: keep-alive connections, one prepared request, counted answers.

use crate::stats::Figures;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What one round of load gave.
#[derive(Clone, Debug)]
pub struct Load {
    /// Answers a second.
    pub rate: f64,
    pub answers: usize,
    /// Microseconds from request to answer.
    pub latency: Figures,
}

/// A POST of JSON, as sent.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// A GET, as sent.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes()
}

/// Sends `request` once, over a connection of its own, and gives the answer, which must be as `drive` wants it.
pub async fn once(address: SocketAddr, request: &[u8], expected: &[u8]) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let mut buffer = Vec::new();
    stream.write_all(request).await?;
    answer(&mut stream, &mut buffer, expected).await?;
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}

/// Sends `request` over `connections` connections for `time`; every answer must be a 200 with `expected` in its body.
pub async fn drive(
    address: SocketAddr,
    request: &[u8],
    expected: &[u8],
    connections: usize,
    time: Duration,
) -> anyhow::Result<Load> {
    let start = Instant::now();
    let until = start + time;
    let workers = (0..connections).map(|_| tokio::spawn(connection(address, request.to_vec(), expected.to_vec(), until)));
    let mut latencies = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        latencies.extend(worker.await??);
    }
    let rate = latencies.len() as f64 / start.elapsed().as_secs_f64();
    Ok(Load { rate, answers: latencies.len(), latency: Figures::new(latencies) })
}

async fn connection(address: SocketAddr, request: Vec<u8>, expected: Vec<u8>, until: Instant) -> anyhow::Result<Vec<f64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let sent = Instant::now();
        stream.write_all(&request).await?;
        answer(&mut stream, &mut buffer, &expected).await?;
        latencies.push(sent.elapsed().as_secs_f64() * 1e6);
    }
    Ok(latencies)
}

/// Reads one answer, by its content length or its chunks.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>, expected: &[u8]) -> anyhow::Result<()> {
    buffer.clear();
    loop {
        anyhow::ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
        let Some(head) = find(buffer, b"\r\n\r\n") else { continue };
        anyhow::ensure!(buffer.starts_with(b"HTTP/1.1 200"), "not a 200: {}", String::from_utf8_lossy(buffer));
        let body = &buffer[head + 4..];
        let whole = match content_length(&buffer[..head]) {
            Some(length) => body.len() >= length,
            None => body.ends_with(b"0\r\n\r\n"),
        };
        if whole {
            anyhow::ensure!(find(body, expected).is_some(), "not the expected answer: {}", String::from_utf8_lossy(buffer));
            return Ok(());
        }
    }
}

fn content_length(head: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(head).ok()?;
    let line = text.lines().find(|line| line.to_ascii_lowercase().starts_with("content-length:"))?;
    line.split(':').nth(1)?.trim().parse().ok()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
