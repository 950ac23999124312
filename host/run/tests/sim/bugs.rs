//! Mistakes planted between runner and store: the simulation must notice each.

use crate::world::World;
use futures::FutureExt;
use loomwork_journal::{Batch, Entry, Message, RunId, Store, Write};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A commit loses its last entry.
    LosesAnEntry,
    /// A commit is answered before it is done.
    AnswersTooEarly,
    /// Nobody remembers that a call has left, so that one made once is made again.
    ForgetsCalls,
    /// A message is not told.
    DropsAMessage,
    /// A worker that was taken for lost may go on writing.
    ForgetsTheFence,
    /// An event starts what it starts twice.
    TellsTwice,
    /// A message is told twice.
    HearsTwice,
    /// A signal for which nobody listens is not kept.
    KeepsNoSignal,
}

impl Bug {
    pub const ALL: [Self; 8] = [
        Self::LosesAnEntry,
        Self::AnswersTooEarly,
        Self::ForgetsCalls,
        Self::DropsAMessage,
        Self::ForgetsTheFence,
        Self::TellsTwice,
        Self::HearsTwice,
        Self::KeepsNoSignal,
    ];

    pub fn spoil(self, world: &World, batch: &mut Batch) {
        for write in &mut batch.writes {
            match (self, write) {
                (Self::LosesAnEntry, Write::Append(append)) => drop(append.progress.entries.pop()),
                (Self::ForgetsTheFence, Write::Append(append)) => {
                    if let Ok(Some(run)) = now(world.inner.run(&append.run)) {
                        (append.fence, append.seq) = (run.row.fence, run.row.next_seq);
                    }
                }
                (Self::KeepsNoSignal, Write::Signal(signal)) => signal.until = 0,
                _ => {}
            }
        }
        if self == Self::TellsTwice {
            let again: Vec<Write> = batch.writes.iter().filter_map(another).collect();
            batch.writes.extend(again);
        }
    }

    pub fn spoil_entries(self, entries: &mut Vec<Entry>) {
        if self == Self::ForgetsCalls {
            // Positions count, so that something must be there.
            for entry in entries {
                if let Entry::Called { step, .. } = entry {
                    *step = u32::MAX;
                }
            }
        }
    }

    pub fn spoil_inbox(self, inbox: &mut Vec<Message>) {
        if self == Self::DropsAMessage && inbox.len() > 1 {
            inbox.remove(0);
        }
        if self == Self::HearsTwice {
            inbox.extend(inbox.clone());
        }
    }
}

/// The same run once more, under another name.
fn another(write: &Write) -> Option<Write> {
    let Write::Create(create) = write else { return None };
    let key = create.idempotency.as_ref().filter(|key| key.starts_with("event/"))?;
    let mut twin = create.clone();
    twin.idempotency = Some(format!("{key}/again"));
    twin.id = RunId::new(create.id.created_ms(), 7);
    Some(Write::Create(twin))
}

fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("memory never waits")
}
