//! A run's row, as it is read.

use crate::error::{Done, Told, damaged};
use crate::numbers::read_state;
use loomwork_journal::columns::unsigned;
use loomwork_journal::{Concurrency, Parent, Pin, Project, RunId, RunRow};
use rusqlite::Row;

/// For [`read_row`].
pub(crate) const COLUMNS: &str = "r.number, r.id, p.org, p.name, f.name, v.version, v.digest, r.state, r.created, r.updated, \
    r.wake_at, r.owner, r.fence, r.lost, r.next_seq, r.messages, r.taken, r.slot, r.cancel, r.fault, r.cause, r.parent, r.step, \
    r.waits, r.concurrency, r.places, r.idempotency, r.debounce, r.origin, r.starter, r.trace \
    FROM runs r JOIN flows f ON f.id = r.flow JOIN projects p ON p.id = r.project JOIN pins v ON v.id = r.pin ";

/// Reads the columns of [`COLUMNS`].
pub(crate) fn read_row(row: &Row<'_>) -> Done<RunRow> {
    let text = |index| row.get::<_, Option<String>>(index).told();
    let number = |index| row.get::<_, i64>(index).told();
    let name = |index| row.get::<_, String>(index).told();
    let parent = match text(21)? {
        Some(run) => Some(Parent { run: run_id(&run)?, step: small(number(22)?)?, waits: number(23)? != 0 }),
        None => None,
    };
    let concurrency = match text(24)? {
        Some(key) => Some(Concurrency { key, limit: small(number(25)?)? }),
        None => None,
    };
    Ok(RunRow {
        number: unsigned(number(0)?),
        id: run_id(&name(1)?)?,
        project: Project::new(name(2)?, name(3)?),
        flow: name(4)?,
        pin: Pin { version: unsigned(number(5)?), digest: name(6)? },
        state: read_state(number(7)?)?,
        created: unsigned(number(8)?),
        updated: unsigned(number(9)?),
        wake_at: row.get::<_, Option<i64>>(10).told()?.map(unsigned),
        owner: text(11)?,
        fence: unsigned(number(12)?),
        lost: small(number(13)?)?,
        next_seq: unsigned(number(14)?),
        messages: unsigned(number(15)?),
        taken: unsigned(number(16)?),
        slot: number(17)? != 0,
        cancel: number(18)? != 0,
        fault: text(19)?,
        trigger: text(20)?,
        parent,
        concurrency,
        idempotency: text(26)?,
        debounce: text(27)?,
        origin: text(28)?.as_deref().map(run_id).transpose()?,
        starter: text(29)?,
        trace: text(30)?,
    })
}

fn run_id(text: &str) -> Done<RunId> {
    text.parse().map_err(damaged)
}

fn small(number: i64) -> Done<u32> {
    number.try_into().map_err(damaged)
}
