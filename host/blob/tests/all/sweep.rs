//! Only what nobody refers to is deleted, and not before its time.

use crate::{HOUR, now};
use bytes::Bytes;
use loomwork_blob::{Blobs, Digest, Swept};
use loomwork_journal::{Batch, Expect, Kind, MemoryStore, Project, Put, Store, Write};

async fn refer(store: &MemoryStore, name: &str, digests: &[&Digest]) {
    let put = Put {
        project: Project::local(),
        kind: Kind::Setting,
        name: name.to_owned(),
        value: Some(Bytes::new()),
        expect: Expect::Any,
        blobs: digests.iter().map(|digest| digest.to_string()).collect(),
    };
    store.commit(Batch::new(now(), [Write::Put(put)])).await.expect("it is written");
}

#[tokio::test]
async fn what_is_referred_to_stays() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let (blobs, store) = (Blobs::folder(folder.path()).expect("it can be made"), MemoryStore::new());
    let mut digests = Vec::new();
    for number in 0..40 {
        digests.push(blobs.put(Bytes::from(format!("blob {number}")), now()).await.expect("it is kept"));
    }
    refer(&store, "even", &digests.iter().step_by(2).collect::<Vec<_>>()).await;
    let none = blobs.sweep(&store, now() + HOUR, 0).await.expect("it sweeps");
    assert_eq!(none, Swept { kept: 40, deleted: 0, bytes: 0 }, "they are too young");
    let half = blobs.sweep(&store, now() + 3 * HOUR, 0).await.expect("it sweeps");
    assert_eq!((half.kept, half.deleted), (20, 20));
    for (number, digest) in digests.iter().enumerate() {
        let there = blobs.size(digest).await.expect("it can be asked").is_some();
        assert_eq!(there, number % 2 == 0);
    }
}

/// What is brought again is young again: between being brought and being referred to it is safe.
#[tokio::test]
async fn what_is_brought_again_is_young() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let (blobs, store) = (Blobs::folder(folder.path()).expect("it can be made"), MemoryStore::new());
    let digest = blobs.put(Bytes::from("abc"), now()).await.expect("it is kept");
    let file = walk(folder.path());
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(5 * 3_600);
    std::fs::File::open(&file).and_then(|file| file.set_modified(old)).expect("its date can be set");
    blobs.put(Bytes::from("abc"), now()).await.expect("it is kept");
    let swept = blobs.sweep(&store, now() + HOUR, 0).await.expect("it sweeps");
    assert_eq!((swept.kept, swept.deleted), (1, 0));
    std::fs::File::open(&file).and_then(|file| file.set_modified(old)).expect("its date can be set");
    let swept = blobs.sweep(&store, now(), 0).await.expect("it sweeps");
    assert_eq!((swept.deleted, swept.bytes), (1, 3));
    assert_eq!(blobs.size(&digest).await.expect("it can be asked"), None);
}

/// The only file below a folder.
fn walk(folder: &std::path::Path) -> std::path::PathBuf {
    let entry = std::fs::read_dir(folder).expect("it is a folder").next().expect("it is not empty").expect("it can be read");
    if entry.path().is_dir() { walk(&entry.path()) } else { entry.path() }
}
