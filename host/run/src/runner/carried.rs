//! News of the store, on their way to whoever waits for them: within this process, and to others through what carries them.
//!
//! With a carrier, the store tells other processes nothing of runs: what it tells here happened here, and is passed on. Whatever is lost on
//! the way is found in the store, at which everybody who waits looks every few seconds.

use super::inner::Inner;
use crate::feed::Told;
use loomwork_dispatch::{About, Dispatch, Listener, News, Work};
use loomwork_journal::{Change, Changes, Kind, RunId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Sent at once.
const TOGETHER: usize = 128;
/// News that wait to be sent; what comes on top is left to those who look.
const WAITING: usize = 65_536;
/// Who waits looks at the store after this, whatever it was told.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

enum Parcel {
    Offer(Work),
    News(News),
}

/// The way out of this process, if there is one.
struct Outgoing {
    parcels: Option<mpsc::Sender<Parcel>>,
    worker: String,
    offers: u64,
}

impl Outgoing {
    fn tell(&self, news: News) {
        // Who does not hear of it looks by itself.
        self.parcels.as_ref().map(|parcels| parcels.try_send(Parcel::News(news)));
    }

    /// False if it cannot be offered to others.
    fn offer(&mut self, run: &RunId) -> bool {
        let Some(parcels) = &self.parcels else { return false };
        self.offers += 1;
        let key = format!("{}-{}", self.worker, self.offers);
        parcels.try_send(Parcel::Offer(Work::new(run.as_str(), key))).is_ok()
    }
}

impl Inner {
    /// Tells the store's news to those who wait for them, until this process has signed off.
    pub async fn pass_on(self: Arc<Self>, mut changes: Changes) {
        let (sender, parcels) = mpsc::channel(WAITING);
        let parcels_out = self.dispatch.is_some().then_some(sender);
        let mut outgoing = Outgoing { parcels: parcels_out, worker: self.worker.clone(), offers: 0 };
        let hear = async {
            loop {
                let change = tokio::select! {
                    biased;
                    change = changes.next() => change,
                    () = self.signed_off.cancelled() => None,
                };
                match change {
                    Some(change) => self.hear(change, &mut outgoing).await,
                    None => return drop(outgoing),
                }
            }
        };
        match &self.dispatch {
            Some(dispatch) => drop(tokio::join!(hear, self.send(&**dispatch, parcels))),
            None => hear.await,
        }
    }

    async fn hear(&self, change: Change, outgoing: &mut Outgoing) {
        match change {
            // Whoever is free gets it. Those who take up what is due later look by themselves, and are told that it is earlier.
            Change::Due { run, at } if at <= self.clock.now_ms() && outgoing.offer(&run) => {}
            Change::Due { .. } => self.stir.notify_one(),
            Change::Message { run, owner } if owner == self.worker => self.nudge(&run),
            Change::Message { run, owner } => outgoing.tell(News::Wake { worker: owner, run: run.to_string() }),
            Change::Answered { run } => {
                self.waiters.wake(&run);
                outgoing.tell(News::Answered { run: run.to_string() });
            }
            Change::Ended { run, state } => {
                self.platform.inner.feed.tell(|| Told::Ended { run: run.clone(), state });
                self.waiters.wake(&run);
                outgoing.tell(News::Ended { run: run.to_string() });
            }
            Change::Record { project, kind: Kind::Secret, name } if project == self.project => self.hide(&name).await,
            Change::Record { project, kind, name } if project == self.project => self.relearn(Some((kind, &name))).await,
            Change::Record { .. } => {}
            Change::Missed => {
                self.look_at_everything();
                self.relearn(None).await;
                self.hide_all().await;
            }
        }
    }

    async fn send(&self, dispatch: &dyn Dispatch, mut parcels: mpsc::Receiver<Parcel>) {
        let mut together = Vec::with_capacity(TOGETHER);
        while parcels.recv_many(&mut together, TOGETHER).await > 0 {
            let (mut offers, mut news) = (Vec::new(), Vec::new());
            for parcel in together.drain(..) {
                match parcel {
                    Parcel::Offer(work) => offers.push(work),
                    Parcel::News(told) => news.push(told),
                }
            }
            for told in &news {
                dispatch.tell(told).await.ok();
            }
            if !offers.is_empty()
                && let Err(error) = dispatch.offer(&offers).await
            {
                tracing::warn!(%error, runs = offers.len(), "runs could not be offered; they are found in the store");
                self.stir.notify_one();
            }
        }
    }

    /// What cannot be read now is read when the next change is told, or by the next start.
    async fn relearn(&self, what: Option<(Kind, &str)>) {
        let learned = match what {
            Some((kind, name)) => self.learn(kind, name).await,
            None => self.learn_all().await,
        };
        if let Err(error) = learned {
            tracing::warn!(%error, "changed records could not be read");
        }
    }

    /// Values that this process has never used are hidden too, wherever they stand.
    pub async fn hide_all(&self) {
        let platform = &self.platform.inner;
        match platform.capabilities.secrets().hide_all(&platform.project).await {
            Ok(closed) if closed.is_empty() => {}
            Ok(closed) => tracing::warn!(secrets = ?closed, "secrets that cannot be opened cannot be hidden either"),
            Err(error) => tracing::warn!(%error, "secrets are hidden from their first use on only"),
        }
    }

    async fn hide(&self, name: &str) {
        let platform = &self.platform.inner;
        if let Err(error) = platform.capabilities.secrets().hide(&platform.project, name).await {
            tracing::warn!(secret = name, %error, "a secret is hidden from its first use on only");
        }
    }

    pub(super) fn look_at_everything(&self) {
        self.stir.notify_one();
        self.waiters.wake_all();
        let live = self.live.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        live.values().for_each(|nudge| nudge.notify_one());
    }

    /// Hears of a run that others may have. First this, then a look at the store: nothing falls between.
    pub async fn listen_to(&self, run: &RunId) -> Elsewhere {
        let Some(dispatch) = &self.dispatch else { return Elsewhere { listener: None } };
        Elsewhere { listener: dispatch.listen(&About::Run(run.to_string())).await.ok() }
    }
}

/// What is told of a run in other processes.
pub(super) struct Elsewhere {
    listener: Option<Listener>,
}

impl Elsewhere {
    /// Completes when there may be something to see of the run, here or elsewhere.
    pub async fn or_here(&mut self, here: oneshot::Receiver<()>) {
        let elsewhere = async {
            match &mut self.listener {
                Some(listener) => drop(listener.next().await),
                None => std::future::pending().await,
            }
        };
        let either = async {
            tokio::select! {
                biased;
                _ = here => {}
                () = elsewhere => {}
            }
        };
        tokio::time::timeout(LOOK_AGAIN, either).await.ok();
    }
}
