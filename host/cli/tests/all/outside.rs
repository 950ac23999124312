//! Something outside that flows write to: it counts what it is told, and tells repetitions by their keys.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Answers `POST /PATH` with `true`, `/slow…` after two seconds.
#[derive(Clone)]
pub struct Outside {
    pub address: SocketAddr,
    told: Arc<Mutex<Told>>,
}

#[derive(Default)]
struct Told {
    /// How often each key came, by path.
    keys: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Outside {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let outside = Self { address: listener.local_addr().expect("an address"), told: Arc::default() };
        let heard = outside.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = heard.clone();
                std::thread::spawn(move || heard.serve(stream));
            }
        });
        outside
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let (path, key) = request(&mut reader)?;
            let slow = path.starts_with("/slow");
            {
                let mut told = self.told.lock().expect("nobody panics with it");
                *told.keys.entry(path).or_default().entry(key).or_default() += 1;
            }
            if slow {
                std::thread::sleep(Duration::from_secs(2));
            }
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\ntrue";
            reader.get_mut().write_all(answer.as_bytes()).ok()?;
        }
    }

    /// How many different things were done at a path.
    pub fn done(&self, path: &str) -> usize {
        self.told.lock().expect("nobody panics with it").keys.get(path).map_or(0, BTreeMap::len)
    }

    /// How often anything was asked for at a path, repetitions included.
    pub fn asked(&self, path: &str) -> usize {
        self.told.lock().expect("nobody panics with it").keys.get(path).map_or(0, |keys| keys.values().sum())
    }
}

/// The path and the idempotency key of the next request.
fn request(reader: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let (mut path, mut key, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim();
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("idempotency-key") => key = value.to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            _ if line.is_empty() => break,
            _ if path.is_empty() => path = line.split(' ').nth(1)?.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, key))
}
