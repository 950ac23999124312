//! A copy is made while the server works, and a server goes on from it.

use crate::loom::{Served, json, loom, serve_with};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const COUNTS: &str = r#"{"loomwork": 1, "id": "counts", "packages": {"kv": "loom:kv@0.1"}, "input": "json", "output": "json",
    "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/counts", "answer": "now"}],
    "nodes": [{"id": "count", "use": "kv#increment", "with": {"store": "jobs", "key": "n", "by": 1}},
              {"id": "nap", "use": "wait", "with": {"duration": "50ms"}},
              {"id": "answer", "use": "return", "with": {"value": "{{ nodes.count }}"}}],
    "wires": [{"from": "count", "to": "nap"}, {"from": "nap", "to": "answer"}]}"#;

fn serve(folder: &Path, data: &Path) -> Served {
    serve_with(folder, &["--data", data.to_str().expect("a plain path"), "--no-watch"])
}

fn ask(server: &Served, args: &[&str]) -> Value {
    let address = format!("http://{}", server.address);
    json(&[args, &["--server", &address, "--json"]].concat())
}

#[test]
fn a_copy_made_under_load_has_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let flows = folder.path().join("flows");
    std::fs::create_dir(&flows).expect("a folder");
    std::fs::write(flows.join("counts.flow.json"), COUNTS).expect("written");
    let server = Arc::new(serve(&flows, &folder.path().join("data")));
    let (begun, over) = (Arc::new(Mutex::new(Vec::<String>::new())), Arc::new(AtomicBool::new(false)));
    let load: Vec<_> = (0..4)
        .map(|_| {
            let (server, begun, over) = (server.clone(), begun.clone(), over.clone());
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let answer = server.post("/counts", "1");
                    assert_eq!(answer.status, 202, "{}", answer.body);
                    let run = answer.json()["run"].as_str().expect("an id").to_owned();
                    begun.lock().expect("nobody panics with it").push(run);
                }
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let acknowledged = begun.lock().expect("nobody panics with it").clone();
    assert!(acknowledged.len() > 10, "{}", acknowledged.len());
    let copy = ask(&server, &["backup"])["folder"].as_str().expect("a folder").to_owned();
    over.store(true, Ordering::Relaxed);
    load.into_iter().for_each(|thread| thread.join().expect("it ends well"));
    drop(Arc::into_inner(server).expect("nobody else has it"));

    let restored = folder.path().join("restored");
    let made = json(&["restore", &copy, "--data", restored.to_str().expect("a plain path"), "--json"]);
    assert_eq!(made["keys"], json!(false));
    let server = serve(&flows, &restored);
    let end = Instant::now() + Duration::from_secs(60);
    for run in acknowledged {
        while ask(&server, &["runs", "show", &run])["state"] != "finished" {
            assert!(Instant::now() < end, "{run} does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn what_is_no_backup_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    for name in ["empty", "copy", "used"] {
        std::fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    std::fs::write(path("copy") + "/loom.db", vec![7; 20_000]).expect("written");
    std::fs::write(path("used") + "/loom.db", "").expect("written");
    for (from, to, says) in
        [("empty", "new", "not a backup"), ("copy", "used", "has a database already"), ("copy", "new", "damaged")]
    {
        let ran = loom(&["restore", &path(from), "--data", &path(to)]);
        assert!(ran.code != 0 && ran.err.contains(says), "{}", ran.err);
    }
    assert!(!folder.path().join("new/loom.db").exists());
    let ran = loom(&["backup", "--data", &path("empty"), "--to", &path("x")]);
    assert!(ran.code == 2 && ran.err.contains("not a server's folder"), "{}", ran.err);
}
