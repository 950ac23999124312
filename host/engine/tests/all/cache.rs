//! Native code on disk: used again, and never when anything about it is wrong.

use crate::guest::*;
use loomwork_engine::{Call, Engine, Settings};
use std::fs;
use std::path::{Path, PathBuf};

async fn echoes(dir: &Path) {
    let engine = start(dir, 1 << 30);
    let component = load(&engine, &echo()).await;
    assert_eq!(component.call("#echo", r#"{"text":"a"}"#, Call::default()).await.as_deref(), Ok("\"a\""));
}

fn start(dir: &Path, cache_bytes: u64) -> Engine {
    Engine::new(Settings { cache: Some(dir.to_owned()), cache_bytes, ..Settings::default() }).expect("the engine starts")
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("an entry").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "bin")).collect()
}

#[tokio::test]
async fn code_is_kept_and_damage_is_noticed() {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path().join("native");
    echoes(&dir).await;
    let [entry] = &entries(&dir)[..] else { panic!("one entry") };
    let whole = fs::read(entry).expect("the entry");
    echoes(&dir).await;

    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    for damaged in [&altered[..], &whole[..whole.len() / 2], b"", b"\x7fELF"] {
        fs::write(entry, damaged).expect("written");
        echoes(&dir).await;
        assert!(fs::read(entry).expect("the entry").len() > 1000, "it was compiled and kept again");
    }
    fs::remove_file(entry.with_extension("mac")).expect("removed");
    echoes(&dir).await;
    assert!(entry.with_extension("mac").exists());
}

/// What another host made, or an attacker left, is sealed with another key.
#[tokio::test]
async fn code_from_elsewhere_is_not_trusted() {
    let dir = tempfile::tempdir().expect("a directory");
    let (ours, theirs) = (dir.path().join("ours"), dir.path().join("theirs"));
    echoes(&theirs).await;
    drop(start(&ours, 1 << 30));
    for file in fs::read_dir(&theirs).expect("a directory").map(|entry| entry.expect("an entry").path()) {
        if file.file_name().is_some_and(|name| name != "key") {
            fs::copy(&file, ours.join(file.file_name().expect("a name"))).expect("copied");
        }
    }
    let [entry] = &entries(&ours)[..] else { panic!("one entry") };
    let seal = fs::read(entry.with_extension("mac")).expect("a seal");
    echoes(&ours).await;
    assert_ne!(seal, fs::read(entry.with_extension("mac")).expect("a seal"), "compiled again, under our own seal");
}

#[cfg(unix)]
#[tokio::test]
async fn the_directory_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path().join("native");
    fs::create_dir(&dir).expect("made");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o777)).expect("set");
    echoes(&dir).await;
    assert_eq!(fs::metadata(&dir).expect("there").permissions().mode() & 0o777, 0o700);
    for file in fs::read_dir(&dir).expect("a directory") {
        let mode = file.expect("an entry").metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[tokio::test]
async fn a_directory_that_is_none_is_an_error() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    assert!(Engine::new(Settings { cache: Some(file.path().to_owned()), ..Settings::default() }).is_err());
}

#[tokio::test]
async fn the_cache_is_bounded() {
    let dir = tempfile::tempdir().expect("a directory");
    let engine = start(dir.path(), 40_000);
    for n in 0..4 {
        let core = format!(r#"(func (export "run") (result i32) (i32.const {n}))"#);
        load(&engine, &build("export run: func() -> u32;", &core)).await;
    }
    let kept = entries(dir.path());
    let total: u64 = kept.iter().map(|path| fs::metadata(path).expect("there").len()).sum();
    assert!(!kept.is_empty() && (kept.len() == 1 || total <= 40_000), "{} entries of {total} bytes", kept.len());
}
