//! A run's row, as it is read.

use crate::error::{Done, Told, damaged};
use loomwork_journal::columns::{read_state, unsigned};
use loomwork_journal::{Concurrency, Parent, Pin, Project, RunId, RunRow};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// For [`read_row`].
macro_rules! columns {
    () => {
        "number, id, org, project, flow, version, digest, state, created, updated, wake_at, owner, fence, lost, next_seq, messages, \
         taken, slot, cancel, fault, cause, parent, step, waits, concurrency, places, idempotency, debounce, origin, starter, trace"
    };
}
pub(crate) use columns;

pub(crate) const COLUMNS: &str = columns!();

/// Reads the columns of [`COLUMNS`].
pub(crate) fn read_row(row: &Row) -> Done<RunRow> {
    let parent = match text(row, 21)? {
        Some(run) => Some(Parent { run: run_id(&run)?, step: small(get(row, 22)?)?, waits: get(row, 23)? }),
        None => None,
    };
    let concurrency = match text(row, 24)? {
        Some(key) => Some(Concurrency { key, limit: small(get(row, 25)?)? }),
        None => None,
    };
    let state: i16 = get(row, 7)?;
    let wake_at: Option<i64> = get(row, 10)?;
    let lost: i32 = get(row, 13)?;
    Ok(RunRow {
        number: number(row, 0)?,
        id: run_id(get(row, 1)?)?,
        project: Project::new(get::<&str>(row, 2)?, get::<&str>(row, 3)?),
        flow: get(row, 4)?,
        pin: Pin { version: number(row, 5)?, digest: get(row, 6)? },
        state: read_state(state).ok_or_else(|| damaged(format!("no state has the number {state}")))?,
        created: number(row, 8)?,
        updated: number(row, 9)?,
        wake_at: wake_at.map(unsigned),
        owner: text(row, 11)?,
        fence: number(row, 12)?,
        lost: lost.try_into().map_err(damaged)?,
        next_seq: number(row, 14)?,
        messages: number(row, 15)?,
        taken: number(row, 16)?,
        slot: get(row, 17)?,
        cancel: get(row, 18)?,
        fault: text(row, 19)?,
        trigger: text(row, 20)?,
        parent,
        concurrency,
        idempotency: text(row, 26)?,
        debounce: text(row, 27)?,
        origin: text(row, 28)?.as_deref().map(run_id).transpose()?,
        starter: text(row, 29)?,
        trace: text(row, 30)?,
    })
}

fn get<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Done<T> {
    row.try_get(column).told()
}

fn text(row: &Row, column: usize) -> Done<Option<String>> {
    get(row, column)
}

fn number(row: &Row, column: usize) -> Done<u64> {
    get(row, column).map(unsigned)
}

fn run_id(text: &str) -> Done<RunId> {
    text.parse().map_err(damaged)
}

fn small(number: i64) -> Done<u32> {
    number.try_into().map_err(damaged)
}
