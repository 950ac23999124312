//! Records, and what is no longer kept.

use crate::rows::{Done, Holder, RecordKey, Rows};
use crate::{Change, Expect, Kind, Outcome, Project, Prune, Put, StoreError};

pub(super) async fn put<R: Rows>(rows: &mut R, at: u64, put: &Put) -> Done<Outcome> {
    let Put { project, kind, name, value, expect, blobs } = put;
    lock(rows, project, *kind, name).await?;
    let present = rows.record(project, *kind, name).await?;
    if let Expect::Is(expected) = expect
        && present != *expected
    {
        return Err(StoreError::Conflict { name: name.clone() });
    }
    rows.set_record(at, &RecordKey { project, kind: *kind, name }, value.as_ref()).await?;
    let holder = Holder::Record(project.clone(), *kind, name.clone());
    rows.release(&holder).await?;
    if value.is_some() {
        rows.hold(&holder, blobs).await?;
    }
    if kind.is_kept_in_mind() {
        rows.tell(Change::Record { project: project.clone(), kind: *kind, name: name.clone() });
    }
    Ok(Outcome::Put { existed: present.is_some() })
}

pub(super) async fn add<R: Rows>(rows: &mut R, at: u64, key: (&Project, Kind, &str), by: i64) -> Done<Outcome> {
    let (project, kind, name) = key;
    lock(rows, project, kind, name).await?;
    let present = rows.record(project, kind, name).await?;
    let sum = present.map_or(Some(0), |value| integer(&value)).and_then(|number| number.checked_add(by));
    let sum = sum.ok_or_else(|| StoreError::NotANumber { name: name.to_owned() })?;
    rows.set_record(at, &RecordKey { project, kind, name }, Some(&sum.to_string().into())).await?;
    Ok(Outcome::Sum(sum))
}

fn integer(value: &[u8]) -> Option<i64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

async fn lock<R: Rows>(rows: &mut R, project: &Project, kind: Kind, name: &str) -> Done {
    rows.lock(&["record", &project.org, &project.name, kind.as_str(), name]).await
}

pub(super) async fn prune<R: Rows>(rows: &mut R, at: u64, prune: &Prune) -> Done<Outcome> {
    rows.expire(at, prune.limit).await?;
    let outdated = rows.outdated(prune).await?;
    for number in &outdated {
        rows.forget(*number).await?;
    }
    Ok(Outcome::Pruned(outdated.len()))
}
