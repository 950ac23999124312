//! Log lines carry the ids of run and step, and no secret.

use crate::traces::Hide;
use loomwork_telemetry::log;
use serde_json::Value;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn lines_carry_ids_and_no_secret() {
    let lines = Lines::default();
    let writer = log::Redacted::new(Arc::new(Hide("hunter2")), lines.clone());
    let subscriber = tracing_subscriber::fmt().json().with_writer(writer).finish();
    tracing::subscriber::with_default(subscriber, || {
        let _run = log::run("shop", "orders", "r1").entered();
        let _step = log::step("price", 3, 2).entered();
        tracing::info!(header = "Bearer hunter2", "calling with hunter2");
    });
    let text = String::from_utf8(lines.0.lock().expect("no panic").clone()).expect("text");
    let line: Value = serde_json::from_str(text.trim()).expect("one line of JSON");
    let (run, step) = (&line["spans"][0], &line["span"]);
    assert_eq!(run["run"], "r1");
    assert_eq!(run["flow"], "orders");
    assert_eq!(run["project"], "shop");
    assert_eq!(step["node"], "price");
    assert_eq!(step["step"], 3);
    assert_eq!(step["attempt"], 2);
    assert_eq!(line["fields"]["header"], "Bearer [secret:token]");
    assert!(!text.contains("hunter"), "{text}");
}
