//! Questions and their statements.

mod list;

pub(crate) use list::runs;

use crate::chain;
use crate::error::{Done, Told, damaged};
use crate::numbers::read_state;
use crate::tables::{COLUMNS, read_row};
use bytes::Bytes;
use loomwork_journal::columns::{read_end, read_given, read_message, read_question, signed as int, unsigned};
use loomwork_journal::limits::PAGE;
use loomwork_journal::{
    Counts, Entry, Kind, Listening, Message, Project, Record, RecordPage, Run, RunId, RunRow, Snapshot, Worker,
};
use rusqlite::{Connection, OptionalExtension, Params, Row};

/// All rows of a question, each read by `read`.
fn all<T>(db: &Connection, sql: &str, params: impl Params, mut read: impl FnMut(&Row<'_>) -> Done<T>) -> Done<Vec<T>> {
    let mut statement = db.prepare_cached(sql).told()?;
    let mut rows = statement.query(params).told()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().told()? {
        found.push(read(row)?);
    }
    Ok(found)
}

pub(crate) fn run(db: &Connection, run: &RunId) -> Done<Option<Run>> {
    let row = all(db, &format!("SELECT {COLUMNS} WHERE r.id = ?1"), [run.as_str()], read_row)?.pop();
    row.map(|row| whole(db, row)).transpose()
}

/// Adds what the run was given and gave.
pub(crate) fn whole(db: &Connection, row: RunRow) -> Done<Run> {
    let sql = "SELECT input, answer, \"end\" FROM payloads WHERE run = ?1";
    let mut statement = db.prepare_cached(sql).told()?;
    let payload = statement.query_row([int(row.number)], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?)));
    let (input, answer, end) = payload.told()?;
    Ok(Run { row, input, answer, end: end.as_deref().map(read_end).transpose().map_err(damaged)? })
}

pub(crate) fn counts(db: &Connection, project: &Project, flow: Option<&str>) -> Done<Counts> {
    let sql = "SELECT t.state, sum(t.runs) FROM tallies t JOIN flows f ON f.id = t.flow JOIN projects p ON p.id = f.project \
        WHERE p.org = ?1 AND p.name = ?2 AND f.name = coalesce(?3, f.name) GROUP BY t.state HAVING sum(t.runs) > 0";
    let counted = all(db, sql, (&*project.org, &*project.name, flow), |row| {
        Ok((read_state(row.get(0).told()?)?, unsigned(row.get(1).told()?)))
    });
    Ok(counted?.into_iter().collect())
}

pub(crate) fn entries(db: &Connection, run: &RunId, from: u64, limit: usize) -> Done<Vec<Entry>> {
    let mut statement = db.prepare_cached("SELECT last FROM runs WHERE id = ?1").told()?;
    let last = statement.query_row([run.as_str()], |row| row.get(0)).optional().told()?.flatten();
    chain::entries(db, last, from, limit)
}

pub(crate) fn snapshot(db: &Connection, run: &RunId) -> Done<Option<Snapshot>> {
    let sql = "SELECT s.seq, s.state FROM snapshots s JOIN runs r ON r.number = s.run WHERE r.id = ?1";
    let found = all(db, sql, [run.as_str()], |row| {
        let state: Vec<u8> = row.get(1).told()?;
        Ok(Snapshot { seq: unsigned(row.get(0).told()?), state: Bytes::from(state) })
    });
    Ok(found?.pop())
}

pub(crate) fn inbox(db: &Connection, run: &RunId) -> Done<Vec<Message>> {
    let sql = "SELECT m.number, m.text FROM messages m JOIN runs r ON r.number = m.run WHERE r.id = ?1 ORDER BY m.number";
    all(db, sql, [run.as_str()], |row| {
        read_message(unsigned(row.get(0).told()?), row.get_ref(1).told()?.as_str().map_err(damaged)?).map_err(damaged)
    })
}

pub(crate) fn find_listening(db: &Connection, condition: &str, params: impl Params) -> Done<Vec<Listening>> {
    let sql = format!(
        "SELECT l.run, r.id, l.step, l.name, l.key, l.since, l.question, l.given \
        FROM listens l JOIN runs r ON r.number = l.run {condition}"
    );
    all(db, &sql, params, read_listening)
}

fn read_listening(row: &Row<'_>) -> Done<Listening> {
    let question: Option<String> = row.get(6).told()?;
    let given: String = row.get(7).told()?;
    Ok(Listening {
        number: unsigned(row.get(0).told()?),
        run: row.get::<_, String>(1).told()?.parse().map_err(damaged)?,
        step: row.get(2).told()?,
        name: row.get(3).told()?,
        key: row.get(4).told()?,
        since: unsigned(row.get(5).told()?),
        question: question.as_deref().map(read_question).transpose().map_err(damaged)?,
        given: read_given(&given).map_err(damaged)?,
    })
}

pub(crate) fn listening(db: &Connection, run: &RunId) -> Done<Vec<Listening>> {
    find_listening(db, "WHERE r.id = ?1 ORDER BY l.step", [run.as_str()])
}

pub(crate) fn questions(db: &Connection, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Done<Vec<Listening>> {
    let condition = "JOIN projects p ON p.id = l.project WHERE p.org = ?1 AND p.name = ?2 AND l.question IS NOT NULL \
        AND (l.run, l.step) > (?3, ?4) ORDER BY l.run, l.step LIMIT ?5";
    let (run, step) = after.map_or((-1, 0), |(run, step)| (int(run), step));
    find_listening(db, condition, (&*project.org, &*project.name, run, step, limit.min(PAGE) as i64))
}

/// For `json_each`: SQLite has no lists of its own.
pub(crate) fn json_list(texts: &[String]) -> String {
    let mut json = String::from("[");
    for text in texts {
        json.push_str(if json.len() > 1 { "," } else { "" });
        loomwork_types::writer::string(text, &mut json);
    }
    json.push(']');
    json
}

pub(crate) fn next_due(db: &Connection, except: &[String]) -> Done<Option<u64>> {
    let sql = "SELECT min(wake_at) FROM runs WHERE owner IS NULL AND wake_at IS NOT NULL";
    let next: Option<i64> = match except {
        [] => db.prepare_cached(sql).told()?.query_row([], |row| row.get(0)).told()?,
        _ => {
            let sql = format!("{sql} AND pin NOT IN (SELECT id FROM pins WHERE digest IN (SELECT value FROM json_each(?1)))");
            db.prepare_cached(&sql).told()?.query_row([json_list(except)], |row| row.get(0)).told()?
        }
    };
    Ok(next.map(unsigned))
}

pub(crate) fn workers(db: &Connection) -> Done<Vec<Worker>> {
    all(db, "SELECT name, until FROM workers ORDER BY name", [], |row| {
        Ok(Worker { name: row.get(0).told()?, until: unsigned(row.get(1).told()?) })
    })
}

fn read_record(row: &Row<'_>) -> Done<Record> {
    let value: Vec<u8> = row.get(1).told()?;
    Ok(Record { name: row.get(0).told()?, value: Bytes::from(value), updated: unsigned(row.get(2).told()?) })
}

const RECORD: &str = "SELECT d.name, d.value, d.updated FROM records d JOIN projects p ON p.id = d.project \
    WHERE p.org = ?1 AND p.name = ?2 AND d.kind = ?3";

pub(crate) fn record(db: &Connection, project: &Project, kind: Kind, name: &str) -> Done<Option<Record>> {
    let sql = format!("{RECORD} AND d.name = ?4");
    Ok(all(db, &sql, (&*project.org, &*project.name, kind.as_str(), name), read_record)?.pop())
}

pub(crate) fn records(db: &Connection, project: &Project, kind: Kind, page: &RecordPage) -> Done<Vec<Record>> {
    let (from, sign) = match &page.after {
        Some(after) if *after >= page.prefix => (after, ">"),
        _ => (&page.prefix, ">="),
    };
    let sql = format!("{RECORD} AND d.name {sign} ?4 ORDER BY d.name LIMIT ?5");
    let params = (&*project.org, &*project.name, kind.as_str(), from, page.limit.min(PAGE) as i64);
    let mut found = all(db, &sql, params, read_record)?;
    let inside = found.iter().take_while(|record| record.name.starts_with(&page.prefix)).count();
    found.truncate(inside);
    Ok(found)
}

pub(crate) fn projects(db: &Connection, kind: Kind) -> Done<Vec<Project>> {
    let sql = "SELECT p.org, p.name FROM projects p WHERE EXISTS (SELECT 1 FROM records d WHERE d.project = p.id AND d.kind = ?1) \
        ORDER BY p.org, p.name";
    all(db, sql, [kind.as_str()], |row| Ok(Project::new(row.get::<_, String>(0).told()?, row.get::<_, String>(1).told()?)))
}

pub(crate) fn blobs(db: &Connection, after: Option<&str>, limit: usize) -> Done<Vec<String>> {
    let sql = "SELECT digest FROM run_blobs WHERE digest > ?1 UNION SELECT digest FROM record_blobs WHERE digest > ?1 \
        ORDER BY digest LIMIT ?2";
    all(db, sql, (after.unwrap_or_default(), limit.min(PAGE) as i64), |row| row.get(0).told())
}
