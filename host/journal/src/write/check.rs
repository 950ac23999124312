//! The bounds of a batch, looked at by every store before it does anything.

use super::{Batch, Create, Progress, Write};
use crate::{Project, StoreError, limits};

impl Batch {
    /// Refuses what is above one of [`limits`].
    pub fn check(&self) -> Result<(), StoreError> {
        fits("a batch", self.writes.len(), limits::WRITES)?;
        self.writes.iter().try_for_each(write)
    }
}

fn fits(what: &'static str, size: usize, limit: usize) -> Result<(), StoreError> {
    if size <= limit { Ok(()) } else { Err(StoreError::TooLarge { what, limit }) }
}

fn name(text: &str) -> Result<(), StoreError> {
    bounded_name("a name", text, limits::NAME)
}

fn project(project: &Project) -> Result<(), StoreError> {
    name(&project.org).and_then(|()| name(&project.name))
}

fn record_name(text: &str) -> Result<(), StoreError> {
    bounded_name("a record's name", text, limits::RECORD_NAME)
}

fn bounded_name(what: &'static str, text: &str, limit: usize) -> Result<(), StoreError> {
    // Not every database can hold it.
    if text.contains('\0') {
        return Err(StoreError::NotAName);
    }
    fits(what, text.len(), limit)
}

fn payload(json: &str) -> Result<(), StoreError> {
    fits("a payload", json.len(), limits::PAYLOAD)
}

fn write(write: &Write) -> Result<(), StoreError> {
    match write {
        Write::Create(create) => self::create(create),
        Write::Append(append) => progress(&append.progress),
        Write::Signal(signal) => {
            project(&signal.project)?;
            name(&signal.name)?;
            name(signal.key.as_deref().unwrap_or_default())?;
            payload(&signal.payload)
        }
        Write::Answer(answer) => {
            name(&answer.who)?;
            fits("a form", answer.form.len(), limits::INLINE)
        }
        Write::Claim { worker, .. } | Write::Lease { worker, .. } | Write::Retire { worker } => name(worker),
        Write::ClaimDue { worker, limit, except } => {
            name(worker)?;
            fits("a list of versions", except.len(), limits::PAGE)?;
            except.iter().try_for_each(|digest| name(digest))?;
            fits("a claim", *limit, limits::PAGE)
        }
        Write::Put(put) => {
            project(&put.project)?;
            record_name(&put.name)?;
            fits("a record", put.value.as_ref().map_or(0, |value| value.len()), limits::RECORD)
        }
        Write::Add { project, name, .. } => self::project(project).and_then(|()| record_name(name)),
        Write::Prune(prune) => {
            project(&prune.project)?;
            name(prune.flow.as_deref().unwrap_or_default())?;
            fits("a slice", prune.limit, limits::PAGE)
        }
        Write::Cancel(_) => Ok(()),
    }
}

fn create(create: &Create) -> Result<(), StoreError> {
    let concurrency = create.concurrency.as_ref().map(|it| &it.key);
    let keys = [concurrency, create.idempotency.as_ref(), create.debounce.as_ref()];
    let names = [create.trigger.as_ref(), create.starter.as_ref(), create.trace.as_ref()].into_iter().chain(keys);
    project(&create.project)?;
    names.flatten().chain([&create.flow, &create.pin.digest]).try_for_each(|text| name(text))?;
    payload(&create.input)?;
    match &create.begin {
        Some((worker, begun)) => name(worker).and_then(|()| progress(begun)),
        None => Ok(()),
    }
}

fn progress(progress: &Progress) -> Result<(), StoreError> {
    fits("a batch of entries", progress.entries.len(), limits::WRITES)?;
    fits("a batch of listens", progress.listens.len(), limits::WRITES)?;
    for listen in &progress.listens {
        name(&listen.name)?;
        name(&listen.key)?;
        let form = listen.question.as_ref().map_or(0, |question| question.form.len());
        fits("a form", form, limits::INLINE)?;
    }
    fits("a snapshot", progress.snapshot.as_ref().map_or(0, |state| state.len()), limits::SNAPSHOT)?;
    payload(progress.answer.as_deref().unwrap_or_default())?;
    let size: usize = progress.entries.iter().map(crate::text::size).sum();
    fits("a batch of entries", size, limits::ENTRIES)
}
