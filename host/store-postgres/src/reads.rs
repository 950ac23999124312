//! Questions and their statements.

mod list;

pub(crate) use list::runs;

use crate::error::{Done, Told, damaged};
use crate::link::{Session, first, text};
use crate::tables::columns;
use crate::tables::{int, read_row};
use bytes::Bytes;
use loomwork_journal::columns::{read_end, read_given, read_message, read_question, read_state, unsigned};
use loomwork_journal::limits::PAGE;
use loomwork_journal::{
    Counts, Entry, Kind, Listening, Message, Project, Record, RecordPage, Run, RunId, RunRow, Snapshot, Worker, decode,
};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

fn get<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Done<T> {
    row.try_get(column).told()
}

fn number(row: &Row, column: usize) -> Done<u64> {
    get(row, column).map(unsigned)
}

fn utf8(bytes: &[u8]) -> Done<&str> {
    std::str::from_utf8(bytes).map_err(damaged)
}

pub(crate) async fn run(session: &Session, run: &RunId) -> Done<Option<Run>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM runs WHERE id = $1");
    match session.query(SQL, &[&run.as_str()]).await?.first() {
        Some(row) => whole(session, read_row(row)?).await.map(Some),
        None => Ok(None),
    }
}

/// Adds what the run was given and gave.
pub(crate) async fn whole(session: &Session, row: RunRow) -> Done<Run> {
    let rows = session.query("SELECT input, answer, ending FROM payloads WHERE run = $1", &[&int(row.number)]).await?;
    let payload = rows.first().ok_or_else(|| damaged(format!("run {} has no input", row.id)))?;
    let answer: Option<Vec<u8>> = get(payload, 1)?;
    let end: Option<&[u8]> = get(payload, 2)?;
    let end = end.map(|end| read_end(utf8(end)?).map_err(damaged)).transpose()?;
    Ok(Run { row, input: text(get(payload, 0)?)?, answer: answer.map(text).transpose()?, end })
}

pub(crate) async fn counts(session: &Session, project: &Project, flow: Option<&str>) -> Done<Counts> {
    const SQL: &str = "SELECT state, sum(runs)::bigint FROM tallies WHERE org = $1 AND project = $2 \
        AND ($3::text IS NULL OR flow = $3) GROUP BY state HAVING sum(runs) > 0";
    let rows = session.query(SQL, &[&&*project.org, &&*project.name, &flow]).await?;
    let read = |row: &Row| Ok((read_state(get(row, 0)?).ok_or_else(|| damaged("a state is none"))?, number(row, 1)?));
    rows.iter().map(read).collect()
}

pub(crate) async fn entries(session: &Session, run: &RunId, from: u64, limit: usize) -> Done<Vec<Entry>> {
    // The chunk that holds the first entry may begin before it.
    const SQL: &str = "SELECT j.seq, j.text FROM journal j JOIN runs r ON r.number = j.run WHERE r.id = $1 AND j.seq >= \
        coalesce((SELECT max(b.seq) FROM journal b WHERE b.run = r.number AND b.seq <= $2), $2) ORDER BY j.seq LIMIT $3";
    let rows = session.query(SQL, &[&run.as_str(), &int(from), &(limit.min(1 << 20) as i64)]).await?;
    let mut found = Vec::new();
    for row in &rows {
        let chunk = decode(utf8(get(row, 1)?)?).map_err(damaged)?;
        let skipped = usize::try_from(from.saturating_sub(number(row, 0)?)).unwrap_or(usize::MAX);
        let room = limit - found.len();
        found.extend(chunk.into_iter().skip(skipped).take(room));
        if found.len() == limit {
            break;
        }
    }
    Ok(found)
}

pub(crate) async fn snapshot(session: &Session, run: &RunId) -> Done<Option<Snapshot>> {
    const SQL: &str = "SELECT s.seq, s.state FROM snapshots s JOIN runs r ON r.number = s.run WHERE r.id = $1";
    let rows = session.query(SQL, &[&run.as_str()]).await?;
    let read = |row: &Row| Ok(Snapshot { seq: number(row, 0)?, state: Bytes::from(get::<Vec<u8>>(row, 1)?) });
    rows.first().map(read).transpose()
}

pub(crate) async fn inbox(session: &Session, run: &RunId) -> Done<Vec<Message>> {
    const SQL: &str = "SELECT m.number, m.text FROM messages m JOIN runs r ON r.number = m.run WHERE r.id = $1 ORDER BY m.number";
    let rows = session.query(SQL, &[&run.as_str()]).await?;
    rows.iter().map(|row| read_message(number(row, 0)?, utf8(get(row, 1)?)?).map_err(damaged)).collect()
}

pub(crate) fn read_listening(row: &Row) -> Done<Listening> {
    let question: Option<&[u8]> = get(row, 6)?;
    let question = question.map(|question| read_question(utf8(question)?).map_err(damaged)).transpose()?;
    Ok(Listening {
        number: number(row, 0)?,
        run: get::<&str>(row, 1)?.parse().map_err(damaged)?,
        step: get::<i64>(row, 2)?.try_into().map_err(damaged)?,
        name: get(row, 3)?,
        key: get(row, 4)?,
        since: number(row, 5)?,
        question,
        given: read_given(utf8(get(row, 7)?)?).map_err(damaged)?,
    })
}

pub(crate) async fn listening(session: &Session, run: &RunId) -> Done<Vec<Listening>> {
    const SQL: &str = "SELECT l.run, l.id, l.step, l.name, l.key, l.since, l.question, l.given FROM listens l \
        JOIN runs r ON r.number = l.run WHERE r.id = $1 ORDER BY l.step";
    session.query(SQL, &[&run.as_str()]).await?.iter().map(read_listening).collect()
}

pub(crate) async fn questions(
    session: &Session,
    project: &Project,
    after: Option<(u64, u32)>,
    limit: usize,
) -> Done<Vec<Listening>> {
    const SQL: &str = "SELECT run, id, step, name, key, since, question, given FROM listens WHERE org = $1 AND project = $2 \
        AND question IS NOT NULL AND (run, step) > ($3, $4) ORDER BY run, step LIMIT $5";
    let (run, step) = after.map_or((-1, 0), |(run, step)| (int(run), i64::from(step)));
    let rows = session.query(SQL, &[&&*project.org, &&*project.name, &run, &step, &(limit.min(PAGE) as i64)]).await?;
    rows.iter().map(read_listening).collect()
}

pub(crate) async fn next_due(session: &Session, except: &[String]) -> Done<Option<u64>> {
    const ANY: &str = "SELECT min(wake_at) FROM runs WHERE owner IS NULL AND wake_at IS NOT NULL";
    const OTHERS: &str = "SELECT min(wake_at) FROM runs WHERE owner IS NULL AND wake_at IS NOT NULL AND digest <> ALL($1)";
    let rows = match except {
        [] => session.query(ANY, &[]).await?,
        _ => session.query(OTHERS, &[&except]).await?,
    };
    Ok(first::<Option<i64>>(&rows)?.flatten().map(unsigned))
}

pub(crate) async fn workers(session: &Session) -> Done<Vec<Worker>> {
    let rows = session.query("SELECT name, until FROM workers ORDER BY name", &[]).await?;
    rows.iter().map(|row| Ok(Worker { name: get(row, 0)?, until: number(row, 1)? })).collect()
}

fn read_record(row: &Row) -> Done<Record> {
    Ok(Record { name: get(row, 0)?, value: Bytes::from(get::<Vec<u8>>(row, 1)?), updated: number(row, 2)? })
}

pub(crate) async fn record(session: &Session, project: &Project, kind: Kind, name: &str) -> Done<Option<Record>> {
    // A name that cannot be kept is not there.
    if name.contains('\0') {
        return Ok(None);
    }
    const SQL: &str = "SELECT name, value, updated FROM records WHERE org = $1 AND project = $2 AND kind = $3 AND name = $4";
    let rows = session.query(SQL, &[&&*project.org, &&*project.name, &kind.as_str(), &name]).await?;
    rows.first().map(read_record).transpose()
}

pub(crate) async fn records(session: &Session, project: &Project, kind: Kind, page: &RecordPage) -> Done<Vec<Record>> {
    const FROM: &str = "SELECT name, value, updated FROM records WHERE org = $1 AND project = $2 AND kind = $3 AND name >= $4 \
        ORDER BY name LIMIT $5";
    const BEHIND: &str = "SELECT name, value, updated FROM records WHERE org = $1 AND project = $2 AND kind = $3 AND name > $4 \
        ORDER BY name LIMIT $5";
    let (sql, from) = match &page.after {
        Some(after) if *after >= page.prefix => (BEHIND, after),
        _ => (FROM, &page.prefix),
    };
    let limit = page.limit.min(PAGE) as i64;
    let rows = session.query(sql, &[&&*project.org, &&*project.name, &kind.as_str(), from, &limit]).await?;
    let mut found = rows.iter().map(read_record).collect::<Done<Vec<_>>>()?;
    let inside = found.iter().take_while(|record| record.name.starts_with(&page.prefix)).count();
    found.truncate(inside);
    Ok(found)
}

pub(crate) async fn projects(session: &Session, kind: Kind) -> Done<Vec<Project>> {
    let rows =
        session.query("SELECT DISTINCT org, project FROM records WHERE kind = $1 ORDER BY 1, 2", &[&kind.as_str()]).await?;
    rows.iter().map(|row| Ok(Project::new(get::<&str>(row, 0)?, get::<&str>(row, 1)?))).collect()
}

pub(crate) async fn blobs(session: &Session, after: Option<&str>, limit: usize) -> Done<Vec<String>> {
    const SQL: &str = "SELECT digest FROM run_blobs WHERE digest > $1 UNION SELECT digest FROM record_blobs WHERE digest > $1 \
        ORDER BY 1 LIMIT $2";
    let rows = session.query(SQL, &[&after.unwrap_or_default(), &(limit.min(PAGE) as i64)]).await?;
    rows.iter().map(|row| get(row, 0)).collect()
}
