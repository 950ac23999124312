//! What each write means, once for all stores.

mod create;
mod own;
mod progress;
mod records;
mod talk;

use crate::rows::{Done, Rows};
use crate::{Outcome, Write};

/// Does one write. After an error the caller takes back what the batch has done so far.
///
/// A write that is refused has changed nothing itself, so that a batch of one needs no taking back.
pub async fn apply<R: Rows>(rows: &mut R, at: u64, write: &Write) -> Done<Outcome> {
    match write {
        Write::Create(create) => create::create(rows, at, create).await,
        Write::Append(append) => progress::append(rows, at, append).await,
        Write::Signal(signal) => talk::signal(rows, at, signal).await,
        Write::Answer(answer) => talk::answer(rows, at, answer).await,
        Write::Cancel(run) => progress::cancel(rows, at, run).await,
        Write::Claim { worker, run } => own::claim(rows, at, worker, run).await,
        Write::ClaimDue { worker, limit, except } => own::claim_due(rows, at, worker, *limit, except).await,
        Write::Lease { worker, until } => rows.set_lease(worker, Some(*until)).await.map(|()| Outcome::Done),
        Write::Retire { worker } => rows.set_lease(worker, None).await.map(|()| Outcome::Done),
        Write::Put(put) => records::put(rows, at, put).await,
        Write::Add { project, kind, name, by } => records::add(rows, at, (project, *kind, name), *by).await,
        Write::Prune(prune) => records::prune(rows, at, prune).await,
    }
}
