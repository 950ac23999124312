//! The tables as the writer's transaction sees them, with what it remembers of them between batches.

mod names;
mod row;
mod rows;

pub(crate) use row::{COLUMNS, read_row};

use crate::chain::{self, Head};
use crate::error::{Done, Told};
use crate::numbers::state_number;
use loomwork_journal::columns::unsigned;
use loomwork_journal::{Change, RunId, RunRow, State};
use names::Names;
use rusqlite::{Connection, Params};
use std::collections::HashMap;

/// Runs that are remembered; above it all are forgotten, and read again when they are needed.
const REMEMBERED: usize = 16_384;

pub(crate) struct Tables {
    db: Connection,
    names: Names,
    /// Open runs as they stand in the table.
    known: HashMap<RunId, RunRow>,
    /// Of open runs, by number.
    heads: HashMap<u64, Head>,
    last_run: u64,
    last_chunk: i64,
    /// What the transaction changes in the tallies, by flow and state.
    tallies: HashMap<(i64, i64), i64>,
    changes: Vec<Change>,
    /// The same for the batch that is being applied.
    batch_tallies: Vec<((i64, i64), i64)>,
    batch_changes: Vec<Change>,
}

impl Tables {
    pub fn new(db: Connection) -> Done<Self> {
        let last: Option<i64> = db.query_row("SELECT max(number) FROM runs", [], |row| row.get(0)).told()?;
        let last_chunk = chain::newest(&db)?;
        Ok(Self {
            db,
            names: Names::default(),
            known: HashMap::new(),
            heads: HashMap::new(),
            last_run: unsigned(last.unwrap_or_default()),
            last_chunk,
            tallies: HashMap::new(),
            changes: Vec::new(),
            batch_tallies: Vec::new(),
            batch_changes: Vec::new(),
        })
    }

    pub fn begin(&mut self) -> Done {
        if self.known.len().max(self.heads.len()) > REMEMBERED {
            self.known.clear();
            self.heads.clear();
        }
        self.execute("BEGIN IMMEDIATE", []).map(drop)
    }

    pub fn save_point(&mut self) -> Done {
        self.execute("SAVEPOINT batch", []).map(drop)
    }

    /// The batch has been applied. `alone`: without a save point.
    pub fn keep(&mut self, alone: bool) -> Done {
        if !alone {
            self.execute("RELEASE batch", [])?;
        }
        for (key, runs) in self.batch_tallies.drain(..) {
            *self.tallies.entry(key).or_default() += runs;
        }
        self.changes.append(&mut self.batch_changes);
        Ok(())
    }

    /// The batch has been refused. `alone`: without a save point, and so without having changed anything.
    pub fn take_back(&mut self, alone: bool) -> Done {
        self.batch_tallies.clear();
        self.batch_changes.clear();
        if !alone {
            self.forget_all();
            self.execute("ROLLBACK TO batch", [])?;
            self.execute("RELEASE batch", [])?;
        }
        Ok(())
    }

    /// All batches have been applied.
    pub fn finish(&mut self) -> Done {
        let tallies: Vec<_> = self.tallies.drain().filter(|(_, runs)| *runs != 0).collect();
        for ((flow, state), runs) in tallies {
            let sql = "INSERT INTO tallies VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET runs = runs + excluded.runs";
            self.execute(sql, (flow, state, runs))?;
        }
        Ok(())
    }

    pub fn commit(&mut self) -> Done<Vec<Change>> {
        self.execute("COMMIT", [])?;
        Ok(std::mem::take(&mut self.changes))
    }

    pub fn roll_back(&mut self) -> Done {
        self.forget_all();
        self.tallies.clear();
        self.changes.clear();
        self.batch_tallies.clear();
        self.batch_changes.clear();
        // After some failures SQLite has done it by itself.
        if self.db.is_autocommit() { Ok(()) } else { self.execute("ROLLBACK", []).map(drop) }
    }

    /// What is remembered may not be in the table any more.
    fn forget_all(&mut self) {
        self.known.clear();
        self.heads.clear();
        self.names = Names::default();
    }

    fn execute(&self, sql: &str, params: impl Params) -> Done<usize> {
        self.db.prepare_cached(sql).told()?.execute(params).told()
    }

    fn tally(&mut self, flow: i64, state: State, runs: i64) {
        self.batch_tallies.push(((flow, state_number(state)), runs));
    }
}
