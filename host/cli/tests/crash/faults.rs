//! Disks that are full, torn or damaged.

use crate::server::World;
use serde_json::{Value, json};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Stops a server as service managers do, and waits until it has ended.
fn stop(mut server: crate::server::Server) {
    let sent = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let end = Instant::now() + Duration::from_secs(30);
    while !server.is_dead() {
        assert!(Instant::now() < end, "the server does not stop");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A small disk in memory, mounted at a folder.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// None where that needs rights that this user has not.
    fn mount(at: &'a Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(at).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(at))
    }

    fn grow(&self, size: &str) {
        let grown = Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(self.0).status().expect("mount runs");
        assert!(grown.success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.0).status().ok();
    }
}

#[test]
fn a_full_disk_stops_what_must_be_written_and_loses_nothing() {
    let world = World::new();
    let data = world.data.clone();
    let Some(disk) = SmallDisk::mount(&data, "3m") else {
        assert!(std::env::var_os("CI").is_none(), "a disk cannot be mounted, and CI needs that");
        return println!("not run: mounting a small disk needs root");
    };
    let server = world.start();
    let (mut begun, mut refused) = (Vec::new(), 0);
    let end = Instant::now() + Duration::from_secs(60);
    for number in 0.. {
        match world.begin(&format!("r{number}")) {
            Some(run) => begun.push(run),
            None => refused += 1,
        }
        assert!(Instant::now() < end, "the disk does not become full: {} runs", begun.len());
        if refused > 5 {
            break;
        }
    }
    assert!(!begun.is_empty());
    let (status, problem) =
        world.ask("POST", "/everything", "", &json!({ "id": "x", "url": "http://127.0.0.1:1" })).expect("it answers");
    assert_eq!((status, &problem["code"]), (503, &json!("store.unavailable")), "{problem}");
    assert!(world.ask("GET", "/healthz", "", &Value::Null).is_some_and(|(status, _)| status == 200), "it lives");
    disk.grow("200m");
    let end = Instant::now() + Duration::from_secs(60);
    for (number, run) in begun.iter().enumerate() {
        while world.state(run).is_none_or(|view| view["state"] != "finished") {
            assert!(Instant::now() < end, "{:?}", world.state(run));
            world.signal(&format!("r{number}"));
            world.approve_all();
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    drop(server);
}

#[test]
fn a_torn_last_write_is_as_if_it_had_never_been() {
    let world = World::new();
    let server = world.start();
    for number in 0..5 {
        world.begin(&format!("r{number}")).expect("it begins");
    }
    drop(server);
    let log = world.data.join("loom.db-wal");
    let file = std::fs::OpenOptions::new().write(true).open(&log).expect("there is a log");
    let length = file.metadata().expect("it has a length").len();
    assert!(length > 4_096, "{length}");
    file.set_len(length - 1_000).expect("it is cut");
    let server = world.start();
    for number in 0..5 {
        let key = format!("r{number}");
        let run = world.begin(&key).expect("it is there, or begins now");
        assert!(world.signal(&key));
        assert!(world.state(&run).is_some());
    }
    let runs = world.until_all_ended();
    assert!(runs.iter().all(|run| run["state"] == "finished"), "{runs:#?}");
    drop(server);
}

#[test]
fn a_damaged_database_keeps_nothing_and_is_left_as_it_is() {
    let world = World::new();
    let server = world.start();
    for number in 0..20 {
        world.begin(&format!("r{number}")).expect("it begins");
    }
    stop(server);
    let path = world.data.join("loom.db");
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).expect("it is there");
    let middle = file.metadata().expect("it has a length").len() / 2;
    file.seek(SeekFrom::Start(middle)).expect("it can be written");
    file.write_all(&[0xa5; 5_000]).expect("it can be written");
    drop(file);
    let before = std::fs::read(&path).expect("it can be read");
    let server = world.start();
    assert_eq!(world.begin("late"), None, "nothing is promised");
    let (status, answer) = world.ask("GET", "/api/runs", "", &json!(null)).expect("it answers");
    assert_eq!((status, &answer["code"]), (503, &json!("store.damaged")), "{answer}");
    stop(server);
    assert!(std::fs::read(&path).expect("it can be read") == before, "the file was changed");
}
