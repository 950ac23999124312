//! The world outside: an HTTP server that counts what it is asked to do, and outlives every server of flows.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One request that arrived.
#[derive(Clone, Debug)]
pub struct Effect {
    pub path: String,
    /// `run/step`, of calls that write.
    pub key: Option<String>,
}

#[derive(Clone)]
pub struct Outside {
    pub url: String,
    effects: Arc<Mutex<Vec<Effect>>>,
}

impl Outside {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let outside = Self { url, effects: Arc::default() };
        let heard = outside.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = heard.clone();
                std::thread::spawn(move || heard.answer(stream));
            }
        });
        outside
    }

    pub fn effects(&self) -> Vec<Effect> {
        self.effects.lock().expect("nobody panics with it").clone()
    }

    /// How often each key was asked for; without those of calls that are tried again, whose attempts share one.
    pub fn by_key(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        let effects = self.effects().into_iter().filter(|effect| !effect.path.starts_with("/flaky"));
        for key in effects.filter_map(|effect| effect.key) {
            *counts.entry(key).or_default() += 1;
        }
        counts
    }

    /// Answers requests until the connection ends. `/flaky` fails the first time.
    fn answer(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some(effect) = read(&mut stream) {
            let first = {
                let mut effects = self.effects.lock().expect("nobody panics with it");
                let first = effects.iter().all(|other| other.path != effect.path);
                effects.push(effect.clone());
                first
            };
            std::thread::sleep(Duration::from_millis(3));
            let status = if first && effect.path.starts_with("/flaky") { "503 Service Unavailable" } else { "200 OK" };
            let answer = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}");
            if stream.get_mut().write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Effect> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut key, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "idempotency-key" => key = Some(value.to_owned()),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(Effect { path, key })
}
