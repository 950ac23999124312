//! The tables as one transaction sees them.

mod row;
mod rows;

pub(crate) use row::{COLUMNS, columns, read_row};

use crate::error::{Done, Told};
use crate::link::{Param, Session};
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;
use futures::{FutureExt, StreamExt};
use loomwork_journal::columns::{signed, state_number, unsigned};
use loomwork_journal::{Batch, Change, Next, Project, RunId, RunRow, State, StoreError, Write};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

type Tally = (Project, String, State);

pub(crate) struct Tables {
    session: Arc<Session>,
    /// Statements that have been sent and not been answered.
    sent: FuturesOrdered<BoxFuture<'static, Result<u64, Error>>>,
    /// Runs that this transaction has locked, as they stand now; none: there is none.
    known: HashMap<RunId, Option<RunRow>>,
    numbers: VecDeque<u64>,
    tallies: HashMap<Tally, i64>,
    changes: Vec<Change>,
    /// The same for the batch that is being applied.
    batch_tallies: Vec<(Tally, i64)>,
    batch_changes: Vec<Change>,
}

impl Tables {
    /// Begins a transaction and, in the same round trip, locks the runs that the batches name and fetches numbers for new ones.
    pub async fn begin(session: Arc<Session>, batches: &[Batch]) -> Done<Self> {
        let mut tables = Self {
            session,
            sent: FuturesOrdered::new(),
            known: HashMap::new(),
            numbers: VecDeque::new(),
            tallies: HashMap::new(),
            changes: Vec::new(),
            batch_tallies: Vec::new(),
            batch_changes: Vec::new(),
        };
        let (runs, created) = named(batches);
        // All statements of a connection are prepared once; what comes behind `BEGIN` must not fail for that.
        tables.session.statement(rows::NAMED).await?;
        tables.session.statement(rows::NUMBERS).await?;
        tables.simple("BEGIN");
        let ids: Vec<&str> = runs.iter().map(|run| run.as_str()).collect();
        let session = tables.session.clone();
        let count = created as i64;
        let locked = async { if ids.is_empty() { Ok(Vec::new()) } else { session.query(rows::NAMED, &[&ids]).await } };
        let numbers = async { if count == 0 { Ok(Vec::new()) } else { session.query(rows::NUMBERS, &[&count]).await } };
        let (locked, numbers) = futures::join!(locked, numbers);
        for row in &locked? {
            let row = read_row(row)?;
            tables.known.insert(row.id.clone(), Some(row));
        }
        for run in runs {
            tables.known.entry(run).or_insert(None);
        }
        for row in &numbers? {
            tables.numbers.push_back(unsigned(row.try_get(0).told()?));
        }
        Ok(tables)
    }

    pub fn save_point(&mut self) {
        self.simple("SAVEPOINT batch");
    }

    /// The batch has been applied.
    pub fn keep(&mut self, alone: bool) {
        if !alone {
            self.simple("RELEASE batch");
        }
        for (tally, runs) in self.batch_tallies.drain(..) {
            *self.tallies.entry(tally).or_default() += runs;
        }
        self.changes.append(&mut self.batch_changes);
    }

    /// The batch has been refused. `alone`: without a save point, and so without having changed anything.
    pub fn take_back(&mut self, alone: bool) {
        self.batch_tallies.clear();
        self.batch_changes.clear();
        if !alone {
            self.known.clear();
            self.simple("ROLLBACK TO batch");
            self.simple("RELEASE batch");
        }
    }

    pub async fn commit(mut self) -> Done<Vec<Change>> {
        let tallies: Vec<_> = self.tallies.drain().filter(|(_, runs)| *runs != 0).collect();
        for ((project, flow, state), runs) in tallies {
            let sql = "INSERT INTO tallies VALUES ($1, $2, $3, $4, $5)";
            let names = [project.org.to_string(), project.name.to_string(), flow];
            let [org, project, flow] = names.map(|name| Box::new(name) as Param);
            self.send(sql, vec![org, project, flow, Box::new(state_number(state)), Box::new(runs)]).await?;
        }
        self.simple("COMMIT");
        // If a statement failed then `COMMIT` has taken everything back.
        match self.answers().await {
            Ok(()) => Ok(self.changes),
            Err(error) => Err(error),
        }
    }

    /// Gives the first failure of a statement, which is the cause of those behind it.
    pub async fn roll_back(mut self) -> Option<StoreError> {
        self.simple("ROLLBACK");
        self.answers().await.err()
    }

    async fn answers(&mut self) -> Done {
        let mut first = Ok(());
        while let Some(answer) = self.sent.next().await {
            if first.is_ok() {
                first = answer.told().map(drop);
            }
        }
        first
    }

    /// Sends a statement without waiting for its answer; it happens before everything that is sent later.
    async fn send(&mut self, sql: &'static str, params: Vec<Param>) -> Done {
        let statement = self.session.statement(sql).await?;
        let session = self.session.clone();
        self.enqueue(Box::pin(async move { session.client.execute_raw(&statement, params).await }));
        Ok(())
    }

    fn simple(&mut self, sql: &'static str) {
        let session = self.session.clone();
        self.enqueue(Box::pin(async move { session.client.batch_execute(sql).await.map(|()| 0) }));
    }

    /// The first look at a future is what sends its statement.
    fn enqueue(&mut self, mut statement: BoxFuture<'static, Result<u64, Error>>) {
        let answer: BoxFuture<'static, Result<u64, Error>> = match (&mut statement).now_or_never() {
            Some(answer) => Box::pin(std::future::ready(answer)),
            None => statement,
        };
        self.sent.push_back(answer);
    }

    async fn ask(&mut self, sql: &'static str, params: &[&(dyn ToSql + Sync)]) -> Done<Vec<tokio_postgres::Row>> {
        self.session.query(sql, params).await
    }

    fn tally(&mut self, row: &RunRow, state: State, runs: i64) {
        self.batch_tallies.push(((row.project.clone(), row.flow.clone(), state), runs));
    }
}

/// The runs that the batches name, and how many they may make.
fn named(batches: &[Batch]) -> (BTreeSet<RunId>, usize) {
    let (mut runs, mut created) = (BTreeSet::new(), 0);
    for write in batches.iter().flat_map(|batch| &batch.writes) {
        match write {
            Write::Create(create) => {
                created += 1;
                runs.insert(create.id.clone());
                runs.extend(create.after.clone());
                let ended = create.begin.as_ref().is_some_and(|(_, progress)| matches!(progress.next, Next::Ended(_)));
                runs.extend(create.parent.as_ref().filter(|_| ended).map(|parent| parent.run.clone()));
            }
            Write::Append(append) => {
                runs.insert(append.run.clone());
            }
            Write::Cancel(run) | Write::Claim { run, .. } => {
                runs.insert(run.clone());
            }
            Write::Answer(answer) => {
                runs.insert(answer.run.clone());
            }
            Write::Signal(signal) => runs.extend(signal.run.clone()),
            _ => {}
        }
    }
    (runs, created)
}

/// As Postgres counts.
pub(crate) fn int(number: u64) -> i64 {
    signed(number)
}
