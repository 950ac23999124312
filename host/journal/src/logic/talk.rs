//! Signals and answers find the steps that wait for them.

use super::progress::{deliver, known};
use crate::rows::{Done, Rows, Wanted};
use crate::{Answer, Happened, Listen, Listening, Outcome, Project, RunRow, Signal, StoreError, limits};

/// A step begins to listen. The caller saves the row.
pub(super) async fn listen<R: Rows>(rows: &mut R, at: u64, row: &mut RunRow, listen: &Listen) -> Done {
    let Listen { step, name, key, question } = listen.clone();
    if question.is_none() {
        lock(rows, &row.project, &name).await?;
        let wanted = Wanted { project: &row.project, run: &row.id, name: &name, key: &key };
        if let Some(payload) = rows.early(at, &wanted).await? {
            return deliver(rows, at, row, Happened::Heard(step, payload)).await;
        }
    }
    let (number, run) = (row.number, row.id.clone());
    let listening = Listening { number, run, step, name, key, since: at, question, given: Vec::new() };
    rows.listen(&row.project, &listening).await
}

async fn lock<R: Rows>(rows: &mut R, project: &Project, name: &str) -> Done {
    rows.lock(&["signal", &project.org, &project.name, name]).await
}

pub(super) async fn signal<R: Rows>(rows: &mut R, at: u64, signal: &Signal) -> Done<Outcome> {
    if let Some(run) = &signal.run {
        let row = known(rows, run).await?;
        if row.project != signal.project {
            return Err(StoreError::NoRun { run: run.clone() });
        }
        if row.state.ended() {
            return Err(StoreError::Ended { run: run.clone() });
        }
    }
    lock(rows, &signal.project, &signal.name).await?;
    let heard = rows.listeners(signal).await?;
    for listening in &heard {
        hear(rows, at, listening, signal.payload.clone()).await?;
    }
    if heard.is_empty() && signal.until > at && !rows.keep(at, signal, limits::EARLY).await? {
        return Err(StoreError::TooLarge { what: "the number of signals that nobody has heard", limit: limits::EARLY });
    }
    Ok(Outcome::Delivered(heard.len() as u32))
}

/// The step has what it waited for.
async fn hear<R: Rows>(rows: &mut R, at: u64, listening: &Listening, payload: String) -> Done {
    rows.unlisten(listening.number, listening.step).await?;
    let mut row = known(rows, &listening.run).await?;
    deliver(rows, at, &mut row, Happened::Heard(listening.step, payload)).await?;
    rows.save(&row).await
}

pub(super) async fn answer<R: Rows>(rows: &mut R, at: u64, answer: &Answer) -> Done<Outcome> {
    let row = known(rows, &answer.run).await?;
    if row.state.ended() {
        return Err(StoreError::Ended { run: answer.run.clone() });
    }
    let closed = || StoreError::Closed { run: answer.run.clone(), step: answer.step };
    let mut listening = rows.listening(row.number, answer.step).await?.ok_or_else(closed)?;
    let question = listening.question.take().ok_or_else(closed)?;
    let complete = question.take(&mut listening.given, answer, row.starter.as_deref(), at)?;
    if let Some(payload) = complete {
        hear(rows, at, &listening, payload).await?;
        return Ok(Outcome::Answered { complete: true });
    }
    if let Some(last) = listening.given.last() {
        rows.give(row.number, answer.step, listening.given.len() - 1, last).await?;
    }
    Ok(Outcome::Answered { complete: false })
}
