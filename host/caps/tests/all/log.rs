//! Lines: cut, counted, cleaned, and handed to both logs.

use loomwork_caps::log::{Level, Lines, Log, LogSink};
use loomwork_caps::secret::{MemorySecrets, Secret};
use loomwork_caps::{Capabilities, Redactor};
use loomwork_engine::Context;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<(Level, String, String)>>>);

impl Kept {
    pub fn lines(&self) -> Vec<(Level, String, String)> {
        self.0.lock().expect("not poisoned").clone()
    }

    fn keep(&self, level: Level, message: &str, fields: &str) {
        self.0.lock().expect("not poisoned").push((level, message.to_owned(), fields.to_owned()));
    }
}

impl LogSink for Kept {
    fn line(&self, _: &Context, level: Level, message: &str, fields: &str) {
        self.keep(level, message, fields);
    }
}

impl Log for Kept {
    fn line(&self, _: &Context, level: Level, message: &str, fields: &str) {
        self.keep(level, message, fields);
    }
}

fn setup() -> (Lines, Kept, Redactor) {
    let (kept, redactor) = (Kept::default(), Redactor::default());
    (Lines::new(Arc::new(kept.clone()), redactor.clone()), kept, redactor)
}

#[tokio::test]
async fn a_line_goes_to_the_host_and_the_run() {
    let (host, run) = (Kept::default(), Kept::default());
    let capabilities = Capabilities::builder().log(host.clone()).build();
    let mut lines = Lines::new(Arc::new(host.clone()), Redactor::default());
    lines.write(&Context::default(), Level::Warn, "careful", r#"{"a":1}"#);
    let log = capabilities.call_log("shop", Some(Arc::new(run.clone())));
    lines.write(&Context { log: Some(log), ..Context::default() }, Level::Warn, "careful", r#"{"a":1}"#);
    let line = (Level::Warn, "careful".to_owned(), r#"{"a":1}"#.to_owned());
    assert_eq!(host.lines(), [line.clone(), line.clone()], "once for each");
    assert_eq!(run.lines(), [line]);
}

#[test]
fn long_lines_are_cut_between_characters() {
    let (mut lines, kept, _) = setup();
    lines.write(&Context::default(), Level::Info, &"ä".repeat(4096), "");
    lines.write(&Context::default(), Level::Info, &"ä".repeat(4097), "");
    lines.write(&Context::default(), Level::Info, &"ä".repeat(1 << 20), "");
    let got = kept.lines();
    assert_eq!(got[0].1.len(), 8192);
    assert!(got[1].1.len() <= 8192 && got[1].1.ends_with("ä… (8194 bytes)"));
    assert!(got[2].1.len() <= 8192 && got[2].1.ends_with("ä… (2097152 bytes)"));
}

#[test]
fn fields_are_an_object_or_dropped() {
    let (mut lines, kept, _) = setup();
    for fields in ["[]", "{", "1", &format!("{{\"a\":\"{}\"}}", "x".repeat(17_000)), &"[".repeat(10_000)] {
        lines.write(&Context::default(), Level::Info, "m", fields);
    }
    assert!(kept.lines().iter().all(|(_, _, fields)| fields.starts_with("{\"dropped\":")));
}

#[test]
fn a_call_has_a_thousand_lines_and_one_notice() {
    let (mut lines, kept, _) = setup();
    for n in 0..3000 {
        lines.write(&Context::default(), Level::Info, &n.to_string(), "");
    }
    let got = kept.lines();
    assert_eq!(got.len(), 1001);
    assert_eq!(got[1000], (Level::Warn, "more than 1000 lines in one call; the rest is dropped".to_owned(), String::new()));
}

#[test]
fn secrets_are_taken_out_even_where_a_line_is_cut() {
    let (mut lines, kept, redactor) = setup();
    redactor.learn("key", "hunter22-hunter22").expect("few");
    lines.write(&Context::default(), Level::Error, "is hunter22-hunter22", r#"{"hunter22-hunter22":"hunter22-hunter22"}"#);
    for at in 8140..8200 {
        lines.write(&Context::default(), Level::Info, &format!("{}hunter22-hunter22", "x".repeat(at)), "");
    }
    let got = kept.lines();
    assert_eq!(got[0].1, "is [secret:key]");
    assert_eq!(got[0].2, r#"{"[secret:key]":"[secret:key]"}"#);
    assert!(got.iter().all(|(_, message, _)| !message.contains("hunter")));
}

/// A guest's standard output takes this way.
#[tokio::test]
async fn what_is_written_past_the_capability_is_cleaned_too() {
    let (host, run) = (Kept::default(), Kept::default());
    let secrets = MemorySecrets::default().with("key", Secret::new("hunter22").expect("long enough"));
    let capabilities = Capabilities::builder().log(host.clone()).secrets(secrets).build();
    let log = capabilities.call_log("shop", Some(Arc::new(run.clone())));
    assert_eq!(capabilities.secrets().matches("shop", "key", "?").await, Ok(false));
    log.line(&Context::default(), Level::Info, "out: hunter22", r#"{"hunter22":1}"#);
    let cleaned = [(Level::Info, "out: [secret:key]".to_owned(), r#"{"[secret:key]":1}"#.to_owned())];
    assert_eq!(host.lines(), cleaned);
    assert_eq!(run.lines(), cleaned);
}
