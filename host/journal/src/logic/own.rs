//! Workers take runs, and places of concurrency keys are given out.

use super::progress::known;
use crate::rows::{Done, Rows};
use crate::{Change, Outcome, Project, Run, RunId, RunRow, State, StoreError};

pub(super) async fn claim<R: Rows>(rows: &mut R, at: u64, worker: &str, run: &RunId) -> Done<Outcome> {
    leased(rows, at, worker).await?;
    let row = known(rows, run).await?;
    if row.state.ended() {
        return Err(StoreError::Ended { run: run.clone() });
    }
    let free = match &row.owner {
        Some(owner) => lost(rows, at, owner).await?,
        None => !row.blocked(),
    };
    let claimed = if free { take(rows, at, worker, row).await? } else { None };
    Ok(Outcome::Claimed(claimed.into_iter().collect()))
}

pub(super) async fn claim_due<R: Rows>(rows: &mut R, at: u64, worker: &str, limit: usize, except: &[String]) -> Done<Outcome> {
    leased(rows, at, worker).await?;
    let mut claimed = Vec::new();
    // Each round takes what it found or has it wait for a place, so that the next finds others.
    while claimed.len() < limit {
        let mut found = rows.due(at, limit - claimed.len(), except).await?;
        if found.is_empty() {
            found = rows.orphans(at, limit - claimed.len()).await?;
        }
        if found.is_empty() {
            break;
        }
        for row in found {
            claimed.extend(take(rows, at, worker, row).await?);
        }
    }
    Ok(Outcome::Claimed(claimed))
}

async fn leased<R: Rows>(rows: &mut R, at: u64, worker: &str) -> Done {
    if lost(rows, at, worker).await? { Err(StoreError::NoLease { worker: worker.to_owned() }) } else { Ok(()) }
}

/// Whether a worker keeps nothing any more. A lease holds until just before its end.
async fn lost<R: Rows>(rows: &mut R, at: u64, worker: &str) -> Done<bool> {
    Ok(rows.lease(worker).await?.is_none_or(|until| until <= at))
}

/// Makes the run this worker's, or has it wait for a place of its concurrency key.
async fn take<R: Rows>(rows: &mut R, at: u64, worker: &str, mut row: RunRow) -> Done<Option<Run>> {
    row.updated = at;
    row.wake_at = None;
    if row.concurrency.is_some() && !row.slot {
        if !room(rows, &row).await? {
            rows.save(&row).await?;
            return Ok(None);
        }
        row.slot = true;
    }
    if row.owner.replace(worker.to_owned()).is_some() {
        row.lost += 1;
    }
    row.fence += 1;
    if row.state == State::Queued {
        row.state = State::Running;
    }
    rows.save(&row).await?;
    rows.whole(row).await.map(Some)
}

/// Whether one more run of this one's key may go.
pub(super) async fn room<R: Rows>(rows: &mut R, row: &RunRow) -> Done<bool> {
    let Some(concurrency) = &row.concurrency else { return Ok(true) };
    lock(rows, &row.project, &concurrency.key).await?;
    Ok(rows.slots(&row.project, &concurrency.key).await? < u64::from(concurrency.limit))
}

async fn lock<R: Rows>(rows: &mut R, project: &Project, key: &str) -> Done {
    rows.lock(&["concurrency", &project.org, &project.name, key]).await
}

/// Gives places that are free to those who have waited longest for them.
pub(super) async fn promote<R: Rows>(rows: &mut R, at: u64, ended: &RunRow) -> Done {
    let Some(concurrency) = &ended.concurrency else { return Ok(()) };
    lock(rows, &ended.project, &concurrency.key).await?;
    while let Some(mut row) = rows.blocked(&ended.project, &concurrency.key).await? {
        if !room(rows, &row).await? {
            return Ok(());
        }
        row.slot = true;
        row.updated = at;
        row.wake_at = Some(at);
        rows.tell(Change::Due { run: row.id.clone(), at });
        rows.save(&row).await?;
    }
    Ok(())
}
