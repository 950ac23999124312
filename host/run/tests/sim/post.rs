//! What became of every signal that reached the store: kept, or put into the inbox of each step that it was for. Seen from outside, commit by
//! commit; what the journals say of it is for the judge.

use crate::actor::runs;
use crate::world::World;
use futures::FutureExt;
use loomwork_journal::{
    Batch, Create, Happened, Listen, Next, Outcome, Pin, Progress, Project, RunId, Signal, Store, StoreError, Write,
};
use std::collections::{BTreeMap, BTreeSet};

/// A signal in the store. No two have the same payload.
#[derive(Clone, Debug)]
pub struct Sent {
    pub signal: Signal,
    /// How many steps heard it at once; with none it is kept.
    pub heard: u32,
}

/// A signal in an inbox.
#[derive(Clone, Debug)]
pub struct Posted {
    pub run: RunId,
    pub step: u32,
    pub payload: String,
    /// When, as the wall's clock had it.
    pub at: u64,
}

#[derive(Debug, Default)]
pub struct Post {
    pub sent: Vec<Sent>,
    pub posted: Vec<Posted>,
    seen: BTreeSet<(RunId, u64)>,
}

/// The keys that steps listen with, before a commit.
pub type Listeners = BTreeMap<(RunId, u32), String>;

impl Post {
    /// Signals that are kept for whoever listens next.
    pub fn kept(&self) -> impl Iterator<Item = &Sent> {
        let posted = |sent: &&Sent| !self.posted.iter().any(|posted| posted.payload == sent.signal.payload);
        self.sent.iter().filter(|sent| sent.heard == 0).filter(posted)
    }

    /// One that should have been taken as the step began to listen.
    fn passed_over(&self, run: &RunId, key: &str) -> Option<&Sent> {
        self.kept().find(|Sent { signal, .. }| {
            signal.run.as_ref().is_none_or(|of| of == run) && signal.key.as_deref().is_none_or(|of| of == key)
        })
    }
}

/// Who listens for signals, if there is one in the batch.
pub fn listeners(world: &World, batch: &Batch) -> Listeners {
    if !batch.writes.iter().any(|write| matches!(write, Write::Signal(_))) {
        return Listeners::new();
    }
    let open = runs(world).into_iter().filter(|row| !row.state.ended());
    let listening = open.flat_map(|row| now(world.inner.listening(&row.id)));
    listening.filter(|it| it.question.is_none()).map(|it| ((it.run, it.step), it.key)).collect()
}

/// Notes what a commit did to signals.
pub fn note(world: &World, batch: &Batch, before: &Listeners, done: &Result<Vec<Outcome>, StoreError>) {
    let Ok(outcomes) = done else { return };
    let at = world.now();
    let arrived: Vec<Posted> = new_in_inboxes(world).map(|(run, step, payload)| Posted { run, step, payload, at }).collect();
    let mut wrong = Vec::new();
    {
        let post = &mut world.state().post;
        for posted in &arrived {
            let key = before.get(&(posted.run.clone(), posted.step));
            if let Some(kept) = key.and_then(|key| post.passed_over(&posted.run, key)) {
                wrong.push(format!("step {} of {} waits, and {:?} is kept for it", posted.step, posted.run, kept.signal));
            }
        }
        for (write, outcome) in batch.writes.iter().zip(outcomes) {
            if let (Write::Signal(signal), Outcome::Delivered(heard)) = (write, outcome) {
                post.sent.push(Sent { signal: signal.clone(), heard: *heard });
            }
        }
        post.posted.extend(arrived);
    }
    wrong.into_iter().for_each(|wrong| world.wrong(wrong));
}

/// Signals that are in the inboxes for the first time.
fn new_in_inboxes(world: &World) -> impl Iterator<Item = (RunId, u32, String)> {
    let open = runs(world).into_iter().filter(|row| row.messages > row.taken);
    let messages = open.flat_map(|row| now(world.inner.inbox(&row.id)).into_iter().map(move |message| (row.id.clone(), message)));
    messages.filter_map(|(run, message)| {
        let new = world.state().post.seen.insert((run.clone(), message.number));
        match message.what {
            Happened::Heard(step, payload) if new && is_signal(&payload) => Some((run, step, payload)),
            _ => None,
        }
    })
}

/// What people decide is heard too.
pub fn is_signal(payload: &str) -> bool {
    payload.starts_with("\"signal ")
}

/// Takes out, with steps of its own, all that is kept for no run in particular.
pub fn take_kept(world: &World) -> BTreeSet<String> {
    let mut taken = BTreeSet::new();
    for key in ["0", "1"] {
        for number in 0.. {
            let listen = Listen { step: 1, name: "go".to_owned(), key: key.to_owned(), question: None };
            let progress = Progress { listens: vec![listen], next: Next::Waiting { until: None }, ..Progress::default() };
            let id = RunId::new(1, number << 1 | u128::from(key == "1"));
            let probe = Write::Create(Box::new(probe(id.clone(), progress)));
            world.inner.commit(Batch::new(world.now(), [probe])).now_or_never().expect("memory never waits").expect("it is made");
            let heard = now(world.inner.inbox(&id)).pop();
            let Some(Happened::Heard(_, payload)) = heard.map(|message| message.what) else { break };
            taken.insert(payload);
        }
    }
    taken
}

fn probe(id: RunId, progress: Progress) -> Create {
    Create {
        begin: Some(("probe".to_owned(), progress)),
        ..Create::new(id, Project::local(), "probe", Pin { version: 1, digest: "none".to_owned() }, "null")
    }
}

fn now<T>(answer: impl Future<Output = Result<Vec<T>, StoreError>>) -> Vec<T> {
    answer.now_or_never().expect("memory never waits").unwrap_or_default()
}
