//! A run is made, unless one stands for it already.

use super::{own, progress};
use crate::rows::{Done, Holder, Payload, Rows};
use crate::{Change, Create, Next, Outcome, Progress, RunId, RunRow, State};

pub(super) async fn create<R: Rows>(rows: &mut R, at: u64, create: &Create) -> Done<Outcome> {
    if let Some(before) = &create.after
        && !progress::known(rows, before).await?.state.ended()
    {
        return Ok(Outcome::Left);
    }
    if let Some(same) = same(rows, create).await? {
        return Ok(Outcome::Existing(same));
    }
    if let Some(row) = debounced(rows, create).await? {
        return debounce(rows, at, row, create).await;
    }
    let number = rows.number().await?;
    let mut row = row(at, number, create);
    let starts = create.start_at <= at || create.begin.is_some();
    let free = starts && own::room(rows, &row).await?;
    let begin =
        create.begin.as_ref().filter(|(_, progress)| free || !matches!(progress.next, Next::Running | Next::Waiting { .. }));
    match begin {
        None => wait(&mut row, starts, free),
        Some((worker, _)) => {
            row.state = State::Running;
            row.owner = Some(worker.clone());
            row.fence = 1;
            row.slot = free && row.concurrency.is_some();
        }
    }
    insert(rows, at, row, create, begin.map(|(_, progress)| (progress, free))).await
}

/// Nobody has it yet.
fn wait(row: &mut RunRow, starts: bool, free: bool) {
    row.slot = free && row.concurrency.is_some();
    if starts && !free {
        row.wake_at = None;
    }
}

/// `begun` is how far it has been brought, and whether it has a place to go on.
async fn insert<R: Rows>(
    rows: &mut R,
    at: u64,
    mut row: RunRow,
    create: &Create,
    begun: Option<(&Progress, bool)>,
) -> Done<Outcome> {
    let input = &*create.input;
    rows.hold(&Holder::Run(row.number), &create.blobs).await?;
    let Some((progress, free)) = begun else {
        if let Some(at) = row.wake_at {
            rows.tell(Change::Due { run: row.id.clone(), at });
        }
        rows.insert(&row, &Payload { input, answer: None, end: None }).await?;
        return Ok(Outcome::Created { fence: row.fence, state: row.state });
    };
    let answer = progress.answer.as_deref();
    let ending = progress::go_on(rows, at, &mut row, progress).await?;
    if !free && ending.is_none() {
        (row.state, row.fence, row.wake_at) = (State::Queued, 0, None);
    }
    if answer.is_some() {
        rows.tell(Change::Answered { run: row.id.clone() });
    }
    let end = ending.as_ref().map(|ending| ending.end);
    rows.insert(&row, &Payload { input, answer, end }).await?;
    if let Some(ending) = ending {
        progress::ended(rows, at, &row, &ending).await?;
    }
    Ok(Outcome::Created { fence: row.fence, state: row.state })
}

/// The run that is there already for the same reason.
async fn same<R: Rows>(rows: &mut R, create: &Create) -> Done<Option<RunId>> {
    let Create { project, flow, .. } = create;
    if rows.run(&create.id).await?.is_some() {
        return Ok(Some(create.id.clone()));
    }
    if let Some(key) = &create.idempotency {
        rows.lock(&["idempotency", &project.org, &project.name, flow, key]).await?;
        if let Some(run) = rows.idempotent(project, flow, key).await? {
            return Ok(Some(run));
        }
    }
    match &create.parent {
        None => Ok(None),
        Some(parent) => {
            rows.lock(&["step", parent.run.as_str(), &parent.step.to_string()]).await?;
            rows.child(&parent.run, parent.step).await
        }
    }
}

async fn debounced<R: Rows>(rows: &mut R, create: &Create) -> Done<Option<RunRow>> {
    let Create { project, flow, .. } = create;
    let Some(key) = &create.debounce else { return Ok(None) };
    rows.lock(&["debounce", &project.org, &project.name, flow, key]).await?;
    rows.debounced(project, flow, key).await
}

async fn debounce<R: Rows>(rows: &mut R, at: u64, mut row: RunRow, create: &Create) -> Done<Outcome> {
    let run = row.id.clone();
    row.pin = create.pin.clone();
    row.starter = create.starter.clone();
    row.trace = create.trace.clone();
    row.updated = at;
    if row.wake_at.is_some() {
        row.wake_at = Some(create.start_at);
        rows.tell(Change::Due { run: run.clone(), at: create.start_at });
    }
    rows.save(&row).await?;
    rows.set_input(row.number, &create.input).await?;
    rows.release(&Holder::Run(row.number)).await?;
    rows.hold(&Holder::Run(row.number), &create.blobs).await?;
    Ok(Outcome::Debounced(run))
}

fn row(at: u64, number: u64, create: &Create) -> RunRow {
    RunRow {
        number,
        id: create.id.clone(),
        project: create.project.clone(),
        flow: create.flow.clone(),
        pin: create.pin.clone(),
        state: State::Queued,
        created: at,
        updated: at,
        wake_at: Some(create.start_at),
        owner: None,
        fence: 0,
        lost: 0,
        next_seq: 0,
        trigger: create.trigger.clone(),
        parent: create.parent.clone(),
        concurrency: create.concurrency.clone(),
        idempotency: create.idempotency.clone(),
        debounce: create.debounce.clone(),
        starter: create.starter.clone(),
        trace: create.trace.clone(),
        origin: create.origin.clone(),
        slot: false,
        messages: 0,
        taken: 0,
        cancel: false,
        fault: None,
    }
}
