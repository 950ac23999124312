//! A schema of each earlier version is brought to this one when it is opened.

use crate::short;
use loomwork_journal::Store;
use loomwork_journal::testing::differential;
use loomwork_store_postgres::{PostgresStore, Settings};
use loomwork_testbed::PostgresServer;
use tokio_postgres::NoTls;

/// The steps, in order of their names.
fn steps() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("it is there").map(|file| file.expect("it can be read").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).expect("it can be read")).collect()
}

#[tokio::test]
async fn every_earlier_version_is_brought_to_this_one() {
    let Some(server) = PostgresServer::start_or_say_why() else { return };
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.expect("the server answers");
    tokio::spawn(connection);
    let steps = steps();
    for version in 0..=steps.len() {
        let schema = format!("of_version_{version}_{}", std::process::id());
        let old = format!(
            "CREATE SCHEMA {schema}; SET search_path TO {schema}; CREATE TABLE schema_version (version INTEGER NOT NULL); \
             INSERT INTO schema_version VALUES ({version}); {}",
            steps[..version].concat()
        );
        client.batch_execute(&old).await.expect("the step is right");
        let settings = Settings { schema: schema.clone(), ..Settings::new(server.url()) };
        let store = PostgresStore::connect(&settings).await.expect("it is brought on");
        differential(&store, version as u64, 60).await;
        drop(store);
        let store = PostgresStore::connect(&settings).await.expect("it opens as it is");
        store.commit(short(1 << 40)).await.expect("it goes on");
        let row = client.query_one(&format!("SELECT version FROM {schema}.schema_version"), &[]).await.expect("it is noted");
        assert_eq!(row.get::<_, i32>(0) as usize, steps.len(), "all steps are counted");
    }
}
