//! Whether two stores say the same about everything. Numbers are a store's own; only their order must agree.

use crate::{Filter, Kind, Listening, Order, Outcome, Project, RecordPage, Run, RunId, RunRow, Store, StoreError};
use std::fmt::Debug;

/// An outcome without the numbers that are a store's own.
pub(super) fn plain(outcome: Result<Vec<Outcome>, StoreError>) -> Result<Vec<Outcome>, StoreError> {
    let plain = |outcome| match outcome {
        Outcome::Claimed(runs) => Outcome::Claimed(runs.into_iter().map(plain_run).collect()),
        other => other,
    };
    outcome.map(|outcomes| outcomes.into_iter().map(plain).collect())
}

fn plain_run(run: Run) -> Run {
    Run { row: plain_row(run.row), ..run }
}

fn plain_row(row: RunRow) -> RunRow {
    RunRow { number: 0, ..row }
}

fn plain_listening(listening: Listening) -> Listening {
    Listening { number: 0, ..listening }
}

/// Panics where they differ.
pub(super) async fn compare(left: &dyn Store, right: &dyn Store, runs: &[RunId], projects: &[Project]) {
    for run in runs {
        let parts = (left.run(run).await, right.run(run).await);
        same(run, parts.0.map(|run| run.map(plain_run)), parts.1.map(|run| run.map(plain_run)));
        same(run, left.entries(run, 0, 1_000).await, right.entries(run, 0, 1_000).await);
        same(run, left.entries(run, 2, 2).await, right.entries(run, 2, 2).await);
        same(run, left.snapshot(run).await, right.snapshot(run).await);
        same(run, left.inbox(run).await, right.inbox(run).await);
        same(run, listened(left.listening(run).await), listened(right.listening(run).await));
    }
    for project in projects {
        for filter in filters(project) {
            same(&filter, rows(left.runs(&filter).await), rows(right.runs(&filter).await));
        }
        for flow in [None, Some("a"), Some("b")] {
            same(project, left.counts(project, flow).await, right.counts(project, flow).await);
        }
        for kind in [Kind::Variable, Kind::Value] {
            let page = RecordPage { prefix: String::new(), after: None, limit: 100 };
            same(project, left.records(project, kind, &page).await, right.records(project, kind, &page).await);
        }
        same(project, listened(left.questions(project, None, 100).await), listened(right.questions(project, None, 100).await));
    }
    let one = ["sha256:1".to_owned()];
    same(&"due of others", left.next_due(&one).await, right.next_due(&one).await);
    same(&"due", left.next_due(&[]).await, right.next_due(&[]).await);
    same(&"workers", left.workers().await, right.workers().await);
    same(&"blobs", left.blobs(None, 100).await, right.blobs(None, 100).await);
}

fn filters(project: &Project) -> Vec<Filter> {
    let all = Filter::of(project.clone());
    let states = vec![crate::State::Finished, crate::State::Failed];
    vec![
        Filter { order: Order::OldestFirst, flow: Some("a".to_owned()), ..all.clone() },
        Filter { states, limit: 5, ..all.clone() },
        Filter { states: vec![crate::State::Waiting], ..all.clone() },
        all,
    ]
}

fn rows(rows: Result<Vec<RunRow>, StoreError>) -> Result<Vec<RunRow>, StoreError> {
    rows.map(|rows| rows.into_iter().map(plain_row).collect())
}

fn listened(listening: Result<Vec<Listening>, StoreError>) -> Result<Vec<Listening>, StoreError> {
    listening.map(|all| all.into_iter().map(plain_listening).collect())
}

#[track_caller]
fn same<T: PartialEq + Debug>(what: &dyn Debug, left: T, right: T) {
    assert_eq!(left, right, "the stores differ on {what:?}");
}
