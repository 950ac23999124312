//! The same as in memory.

use loomwork_journal::testing::{CASES, differential};
use loomwork_store_sqlite::SqliteStore;

#[tokio::test]
async fn every_case_holds() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    for (name, case) in CASES {
        println!("{name}");
        let store = SqliteStore::open(folder.path().join(name)).await.expect("the store opens");
        case(&store).await;
    }
}

#[tokio::test]
async fn random_batches_have_the_same_outcome() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    for seed in 0..6 {
        let store = SqliteStore::open(folder.path().join(seed.to_string())).await.expect("the store opens");
        differential(&store, seed, 300).await;
    }
}
