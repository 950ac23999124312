//! A full disk is said, and over when there is space again. The test runs itself once more in a mount namespace of its own, with
//! a file system of 3 MiB that ends with the process.

use crate::short;
use loomwork_journal::{Project, Store, StoreError};
use loomwork_store_sqlite::SqliteStore;
use std::path::Path;
use std::process::Command;

const PLACE: &str = "LOOM_TEST_SMALL_DISK";

#[test]
fn a_full_disk_is_said_and_got_over() {
    if let Some(place) = std::env::var_os(PLACE) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        return runtime.block_on(fill(Path::new(&place)));
    }
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let script = r#"mount -t tmpfs -o size=3m tmpfs "$1" || exit 77; exec "$2" --exact full::a_full_disk_is_said_and_got_over --nocapture"#;
    let mut inside = Command::new("unshare");
    inside.args(["--map-root-user", "--mount", "sh", "-c", script, "sh"]).arg(folder.path());
    inside.arg(std::env::current_exe().expect("a test knows its program")).env(PLACE, folder.path());
    match inside.output() {
        Ok(output) if output.status.success() => {
            assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
        }
        Ok(output) if output.status.code() == Some(101) => panic!("{output:?}"),
        // Where a person may not mount, this cannot be shown; in CI it must be.
        other => assert!(std::env::var_os("CI").is_none(), "no small disk could be made: {other:?}"),
    }
}

async fn fill(place: &Path) {
    let ballast = place.join("ballast");
    std::fs::write(&ballast, vec![1; 1 << 20]).expect("there is some space");
    let store = SqliteStore::open(place.join("runs.db")).await.expect("the store opens");
    let mut acknowledged = 0;
    let refused = loop {
        match store.commit(short(acknowledged)).await {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
        assert!(acknowledged < 100_000, "the disk is small");
    };
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused}");
    assert_eq!(counted(&store).await, acknowledged, "what was acknowledged can be read");
    std::fs::remove_file(&ballast).expect("it can be removed");
    for number in 0..20 {
        store.commit(short(acknowledged + number)).await.expect("there is space again");
    }
    assert_eq!(counted(&store).await, acknowledged + 20);
}

async fn counted(store: &SqliteStore) -> u64 {
    store.counts(&Project::local(), None).await.expect("it can be read").into_values().sum()
}
