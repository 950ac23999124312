//! A connection that is made again when it is lost.

use crate::error::{Done, Told};
use crate::settings::Plan;
use loomwork_journal::StoreError;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex as Plain, PoisonError};
use tokio::sync::Mutex;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};

/// Makes connections as they are needed.
pub(crate) struct Link {
    plan: Arc<Plan>,
    session: Mutex<Option<Arc<Session>>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("schema", &self.plan.schema).finish_non_exhaustive()
    }
}

impl Link {
    pub fn new(plan: Arc<Plan>) -> Self {
        Self { plan, session: Mutex::new(None) }
    }

    /// The connection, new if the one before has been lost.
    pub async fn get(&self) -> Done<Arc<Session>> {
        let mut session = self.session.lock().await;
        if let Some(session) = session.as_ref().filter(|session| !session.client.is_closed()) {
            return Ok(session.clone());
        }
        let client = connect(&self.plan).await?;
        let made = Arc::new(Session { client, statements: Plain::default() });
        *session = Some(made.clone());
        Ok(made)
    }
}

async fn connect(plan: &Plan) -> Done<Client> {
    // The task ends when the client is dropped, or the server goes away.
    match &plan.connector {
        Some(connector) => {
            let (client, connection) = plan.config.connect(connector.clone()).await.told()?;
            tokio::spawn(connection);
            Ok(client)
        }
        None => {
            let (client, connection) = plan.config.connect(NoTls).await.told()?;
            tokio::spawn(connection);
            Ok(client)
        }
    }
}

/// One connection with its prepared statements.
pub(crate) struct Session {
    pub client: Client,
    statements: Plain<HashMap<&'static str, Statement>>,
}

/// A value that may be sent later.
pub(crate) type Param = Box<dyn ToSql + Sync + Send>;

impl Session {
    /// Prepares a statement once.
    pub async fn statement(&self, sql: &'static str) -> Done<Statement> {
        let known = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.client.prepare(sql).await.told()?;
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql, statement.clone());
        Ok(statement)
    }

    pub async fn query(&self, sql: &'static str, params: &[&(dyn ToSql + Sync)]) -> Done<Vec<Row>> {
        let statement = self.statement(sql).await?;
        self.client.query(&statement, params).await.told()
    }

    /// For statements that are put together as they are needed.
    pub async fn query_once(&self, sql: &str, params: Vec<Param>) -> Done<Vec<Row>> {
        use futures::TryStreamExt;
        let rows = self.client.query_raw(sql, params).await.told()?;
        rows.try_collect().await.told()
    }
}

/// The first column of the first row.
pub(crate) fn first<'r, T: tokio_postgres::types::FromSql<'r>>(rows: &'r [Row]) -> Done<Option<T>> {
    rows.first().map(|row| row.try_get(0).told()).transpose()
}

/// Text that is kept as bytes.
pub(crate) fn text(bytes: Vec<u8>) -> Done<String> {
    String::from_utf8(bytes).map_err(|error| StoreError::Damaged(error.to_string()))
}
