//! The key file: made once, readable by one, replaced whole.

use loomwork_vault::{KeyError, Keys};
use std::os::unix::fs::PermissionsExt;

#[test]
fn the_first_start_makes_a_file_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data/key");
    let made = Keys::open_or_create(&path).expect("made");
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    assert_eq!(Keys::open_or_create(&path).expect("there").ids(), made.ids());
    assert_eq!(std::fs::read_dir(folder.path().join("data")).expect("a folder").count(), 1, "nothing is left beside it");
}

#[test]
fn many_first_starts_at_once_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    let starts: Vec<_> = (0..8)
        .map(|_| {
            std::thread::spawn({
                let path = path.clone();
                move || Keys::open_or_create(&path).expect("keys").sealing()
            })
        })
        .collect();
    let mut ids: Vec<_> = starts.into_iter().map(|start| start.join().expect("no panic")).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    Keys::open_or_create(&path).expect("made");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("changed");
    let error = Keys::open(&path).expect_err("exposed");
    assert!(matches!(error, KeyError::Exposed { .. }), "{error}");
    assert_eq!(error.code(), "vault.key_exposed");
}

#[test]
fn rotation_keeps_old_keys_until_they_are_retired() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    let first = Keys::open_or_create(&path).expect("made");
    let both = first.with_new().expect("random");
    both.save(&path).expect("saved");
    let read = Keys::open(&path).expect("read");
    assert_eq!(read.ids(), both.ids());
    assert_eq!(read.ids()[1], first.sealing());
    assert_ne!(read.sealing(), first.sealing());
    assert_eq!(read.without_old().ids(), [read.sealing()]);
}

#[test]
fn text_that_holds_no_keys_is_refused() {
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(Keys::parse(&format!("# mine\n{key} # first\n{key}\n")).expect("one key").ids().len(), 1);
    assert!(matches!(Keys::parse("\n # nothing\n"), Err(KeyError::Empty)));
    for (text, line) in [("AAAA", 1), (&*format!("{key}\nnot base64!"), 2), (&*format!("\n\n{}", &key[..40]), 3)] {
        assert!(matches!(Keys::parse(text), Err(KeyError::Syntax { line: at }) if at == line), "{text}");
    }
    let many: String = (0..33u8).map(|n| format!("{}=\n", base64_of(n))).collect();
    assert!(matches!(Keys::parse(&many), Err(KeyError::TooMany { .. })));
    assert!(!format!("{:?}", Keys::parse(key).expect("a key")).contains("AAAA"));
}

/// 43 letters of base64: 32 bytes that differ by `n`.
fn base64_of(n: u8) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    format!("{}{}", char::from(letters[usize::from(n)]), "A".repeat(42))
}
