//! Forward only: each file of `migrations` takes the schema one version on.

use crate::error::{Done, Told};
use crate::link::{Link, first};
use crate::settings::Plan;
use loomwork_journal::StoreError;

const STEPS: [&str; 3] = [
    include_str!("../migrations/0001_runs.sql"),
    include_str!("../migrations/0002_starter.sql"),
    include_str!("../migrations/0003_trace.sql"),
];

/// Brings the schema to this version. Servers that start at the same time wait for one another.
pub(crate) async fn migrate(link: &Link, plan: &Plan) -> Done {
    let session = link.get().await?;
    let client = &session.client;
    let schema = &plan.schema;
    client.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(7812738612)").await.told()?;
    let schema_first = format!(
        "SET LOCAL client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS {schema}; \
         CREATE TABLE IF NOT EXISTS {schema}.schema_version (version INTEGER NOT NULL)"
    );
    let migrated = match client.batch_execute(&schema_first).await.told() {
        Ok(()) => steps(&session, schema).await,
        Err(error) => Err(error),
    };
    let end = if migrated.is_ok() { "COMMIT" } else { "ROLLBACK" };
    client.batch_execute(end).await.told()?;
    migrated
}

async fn steps(session: &crate::link::Session, schema: &str) -> Done {
    let rows = session.client.query("SELECT version FROM schema_version", &[]).await.told()?;
    let version = first::<i32>(&rows)?.unwrap_or_default();
    let known = STEPS.len();
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > known {
        return Err(StoreError::Refused(format!("schema {schema} has version {version}, this program knows up to {known}")));
    }
    for sql in &STEPS[version..] {
        session.client.batch_execute(sql).await.told()?;
    }
    let note = format!("DELETE FROM schema_version; INSERT INTO schema_version VALUES ({known})");
    session.client.batch_execute(&note).await.told()
}
