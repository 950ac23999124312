//! A run goes on, is asked to stop, and ends.

use super::{own, talk};
use crate::rows::{Done, Holder, Rows};
use crate::{Append, Change, End, Happened, Message, Next, Outcome, Progress, RunId, RunRow, State, StoreError};

/// How a run ends, and whether it had a place of its concurrency key.
pub(super) struct Ending<'a> {
    pub end: &'a End,
    slot: bool,
}

pub(super) async fn append<R: Rows>(rows: &mut R, at: u64, append: &Append) -> Done<Outcome> {
    let mut row = known(rows, &append.run).await?;
    if row.owner.is_none() || row.fence != append.fence {
        return Err(StoreError::Fenced { run: append.run.clone() });
    }
    if row.next_seq != append.seq {
        return Err(StoreError::Gap { run: append.run.clone(), expected: row.next_seq });
    }
    let ending = go_on(rows, at, &mut row, &append.progress).await?;
    if let Some(answer) = &append.progress.answer
        && rows.set_answer(row.number, answer).await?
    {
        rows.tell(Change::Answered { run: row.id.clone() });
    }
    rows.save(&row).await?;
    if let Some(ending) = ending {
        rows.clear(row.number).await?;
        rows.set_end(row.number, ending.end).await?;
        ended(rows, at, &row, &ending).await?;
    }
    for step in &append.progress.unlisten {
        give_up_child(rows, at, &row.id, *step).await?;
    }
    Ok(Outcome::Done)
}

/// The run that a step waits for no more is asked to stop.
async fn give_up_child<R: Rows>(rows: &mut R, at: u64, parent: &RunId, step: u32) -> Done {
    let Some(child) = rows.child(parent, step).await? else { return Ok(()) };
    let row = known(rows, &child).await?;
    if !row.state.ended() && row.parent.is_some_and(|parent| parent.waits) {
        cancel(rows, at, &child).await?;
    }
    Ok(())
}

pub(super) async fn known<R: Rows>(rows: &mut R, run: &RunId) -> Done<RunRow> {
    rows.run(run).await?.ok_or_else(|| StoreError::NoRun { run: run.clone() })
}

/// Does all but the answer, and changes the row, which the caller saves.
pub(super) async fn go_on<'a, R: Rows>(
    rows: &mut R,
    at: u64,
    row: &mut RunRow,
    progress: &'a Progress,
) -> Done<Option<Ending<'a>>> {
    let number = row.number;
    row.updated = at;
    if !progress.entries.is_empty() {
        rows.push(number, row.next_seq, &progress.entries).await?;
        row.next_seq += progress.entries.len() as u64;
        row.lost = 0;
    }
    if let Some(through) = progress.taken.map(|through| through.min(row.messages)).filter(|through| *through > row.taken) {
        rows.take(number, through).await?;
        row.taken = through;
    }
    for step in &progress.unlisten {
        rows.unlisten(number, *step).await?;
    }
    // A run that ends listens no more and is not taken up again.
    if !matches!(progress.next, Next::Ended(_)) {
        for listen in &progress.listens {
            talk::listen(rows, at, row, listen).await?;
        }
        if let Some(state) = &progress.snapshot {
            rows.set_snapshot(number, row.next_seq, state).await?;
        }
    }
    if let Some(pin) = &progress.pin {
        row.pin = pin.clone();
    }
    rows.hold(&Holder::Run(number), &progress.blobs).await?;
    Ok(next(rows, at, row, &progress.next))
}

fn next<'a, R: Rows>(rows: &mut R, at: u64, row: &mut RunRow, next: &'a Next) -> Option<Ending<'a>> {
    match next {
        Next::Running => (row.state, row.wake_at) = (State::Running, None),
        Next::Waiting { until } => (row.state, row.wake_at) = (State::Waiting, *until),
        Next::Released { until } => {
            (row.state, row.owner) = (State::Waiting, None);
            row.wake_at = if row.messages > row.taken { Some(sooner(*until, at)) } else { *until };
            if let Some(at) = row.wake_at {
                rows.tell(Change::Due { run: row.id.clone(), at });
            }
        }
        Next::Ended(end) => return Some(ending(at, row, end)),
    }
    None
}

fn sooner(until: Option<u64>, at: u64) -> u64 {
    until.map_or(at, |until| until.min(at))
}

/// The row as it stays.
fn ending<'a>(at: u64, row: &mut RunRow, end: &'a End) -> Ending<'a> {
    row.state = end.state();
    row.updated = at;
    // A flow may call its fault what it likes, and not every database can hold that.
    row.fault = end.fault().map(|fault| fault.code.replace('\0', "\u{fffd}"));
    (row.owner, row.wake_at) = (None, None);
    row.idempotency = row.idempotency.take().filter(|key| !key.starts_with(crate::INSTANCE));
    row.taken = row.messages;
    Ending { end, slot: std::mem::replace(&mut row.slot, false) }
}

/// Tells those who wait for it. The row has been saved.
pub(super) async fn ended<R: Rows>(rows: &mut R, at: u64, row: &RunRow, ending: &Ending<'_>) -> Done {
    rows.tell(Change::Ended { run: row.id.clone(), state: row.state });
    if ending.slot {
        own::promote(rows, at, row).await?;
    }
    let Some(parent) = row.parent.as_ref().filter(|parent| parent.waits) else { return Ok(()) };
    if let Some(mut waiting) = rows.run(&parent.run).await?.filter(|waiting| !waiting.state.ended()) {
        deliver(rows, at, &mut waiting, ending.end.told(parent.step)).await?;
        rows.save(&waiting).await?;
    }
    Ok(())
}

/// Puts something into a run's inbox and sees that it is fetched. The caller saves the row.
pub(super) async fn deliver<R: Rows>(rows: &mut R, at: u64, row: &mut RunRow, what: Happened) -> Done {
    row.messages += 1;
    row.updated = at;
    rows.post(row.number, &Message { number: row.messages, at, what }).await?;
    let run = row.id.clone();
    match row.owner.clone() {
        Some(owner) => rows.tell(Change::Message { run, owner }),
        None => {
            let at = sooner(row.wake_at, at);
            row.wake_at = Some(at);
            rows.tell(Change::Due { run, at });
        }
    }
    Ok(())
}

pub(super) async fn cancel<R: Rows>(rows: &mut R, at: u64, run: &RunId) -> Done<Outcome> {
    let mut row = known(rows, run).await?;
    if row.state.ended() {
        return Err(StoreError::Ended { run: run.clone() });
    }
    let first = !std::mem::replace(&mut row.cancel, true);
    if row.unbegun() {
        let end = End::unbegun();
        let ending = ending(at, &mut row, &end);
        rows.save(&row).await?;
        // It may have taken over what another run listened for.
        rows.clear(row.number).await?;
        rows.set_end(row.number, ending.end).await?;
        ended(rows, at, &row, &ending).await?;
        return Ok(Outcome::Cancelled { ended: true });
    }
    if first {
        deliver(rows, at, &mut row, Happened::Stop).await?;
        rows.save(&row).await?;
    }
    Ok(Outcome::Cancelled { ended: false })
}
