//! What happens in runs, on its way from the feed to whoever carries it to those who watch.

use super::inner::Inner;
use super::watching::PAUSE;
use crate::feed::Told;
use bytes::Bytes;
use loomwork_api::{Happening, RunEvent, RunState};
use loomwork_dispatch::{DispatchError, LiveEvent};
use loomwork_journal::State;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Published at once.
const TOGETHER: usize = 256;
/// The body of an event that stands for those that were dropped.
pub(super) const DROPPED: &[u8] = b"dropped";

impl Inner {
    /// Publishes what is told, until everything has been told.
    pub async fn publish_events(self: Arc<Self>, mut told: mpsc::Receiver<Told>) {
        let (mut together, mut number, mut failed) = (Vec::with_capacity(TOGETHER), 0, false);
        loop {
            let again = async {
                match failed {
                    true => tokio::time::sleep(PAUSE).await,
                    false => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                count = told.recv_many(&mut together, TOGETHER) => if count == 0 { return },
                () = self.signed_off.cancelled() => return,
                () = again => {}
            }
            let mut events = Vec::with_capacity(together.len());
            for told in together.drain(..) {
                events.extend(self.event(told).await);
            }
            let dropped = self.platform.inner.feed.take_dropped();
            events.extend(dropped.into_iter().map(|run| (run, Bytes::from_static(DROPPED))));
            failed = self.publish(events, &mut number).await.is_err();
        }
    }

    /// What is published of it.
    async fn event(&self, told: Told) -> Option<(String, Bytes)> {
        let event = match told {
            Told::Event(event) => event,
            Told::Ended { run, state } => match self.store.run(&run).await {
                Ok(found) => {
                    let row = found?.row;
                    let what = Happening::Ended { state: shown(state)?, fault: row.fault };
                    RunEvent { run: run.to_string(), flow: row.flow, at: row.updated, what }
                }
                Err(_) => {
                    self.platform.inner.feed.dropped(run.to_string());
                    return None;
                }
            },
        };
        let body = serde_json::to_vec(&event).ok()?;
        Some((event.run, body.into()))
    }

    async fn publish(&self, events: Vec<(String, Bytes)>, number: &mut u64) -> Result<(), DispatchError> {
        if events.is_empty() {
            return Ok(());
        }
        let project = self.project.to_string();
        let event = |(run, body): (String, Bytes)| {
            *number += 1;
            LiveEvent { project: project.clone(), run, key: format!("{}-{number}", self.worker), body }
        };
        let events: Vec<LiveEvent> = events.into_iter().map(event).collect();
        let published = self.events.publish(&events).await;
        if let Err(error) = &published {
            tracing::debug!(%error, "what happens in runs is not told to those who watch");
            events.into_iter().for_each(|event| self.platform.inner.feed.dropped(event.run));
        }
        published.map(drop)
    }
}

/// None for one that has not ended.
fn shown(state: State) -> Option<RunState> {
    match state {
        State::Finished => Some(RunState::Finished),
        State::Failed => Some(RunState::Failed),
        State::Cancelled => Some(RunState::Cancelled),
        State::Queued | State::Running | State::Waiting => None,
    }
}
