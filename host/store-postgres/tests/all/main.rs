//! What this store promises beyond its statements. Each test has a server of its own.

mod conformance;
mod contention;
mod migrations;
mod restart;
mod tls;

use loomwork_journal::{Batch, Create, End, Next, Pin, Progress, Project, RunId, Write};
use loomwork_store_postgres::{PostgresStore, Settings};
use loomwork_testbed::PostgresServer;

pub const T: u64 = 1_700_000_000_000;

/// A store that nobody has used.
pub async fn fresh(server: &PostgresServer) -> (PostgresStore, Settings) {
    let mut settings = Settings::new(server.url());
    settings.schema = server.schema();
    (PostgresStore::connect(&settings).await.expect("the store can be reached"), settings)
}

pub fn new(number: u64) -> Create {
    let pin = Pin { version: 1, digest: "sha256:one".to_owned() };
    Create { start_at: T, ..Create::new(RunId::new(T, u128::from(number)), Project::local(), "orders", pin, r#"{"total": 120}"#) }
}

pub fn create(create: Create) -> Batch {
    Batch::new(T, [Write::Create(Box::new(create))])
}

/// A short run, written whole.
pub fn short(number: u64) -> Batch {
    let progress = Progress { next: Next::Ended(End::Finished("true".to_owned())), ..Progress::default() };
    create(Create { begin: Some(("w".to_owned(), progress)), ..new(number) })
}
