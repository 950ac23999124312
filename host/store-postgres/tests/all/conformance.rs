//! The same as in memory.

use crate::fresh;
use loomwork_journal::testing::{CASES, differential};
use loomwork_testbed::PostgresServer;

#[tokio::test]
async fn every_case_holds() {
    let Some(server) = PostgresServer::any_or_say_why() else { return };
    for (name, case) in CASES {
        println!("{name}");
        let (store, _) = fresh(&server).await;
        case(&store).await;
    }
}

#[tokio::test]
async fn random_batches_have_the_same_outcome() {
    let Some(server) = PostgresServer::any_or_say_why() else { return };
    for seed in 0..3 {
        let (store, _) = fresh(&server).await;
        differential(&store, seed, 250).await;
    }
}
