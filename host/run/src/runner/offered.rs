//! Work that other processes offer, and their messages for runs that are here.

use super::inner::Inner;
use loomwork_dispatch::{About, Dispatch, DispatchError, Lease, News};
use loomwork_journal::{Batch, Outcome, RunId, StoreError, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// After a carrier or a store was away.
const PAUSE: Duration = Duration::from_secs(1);

impl Inner {
    /// Takes what is offered, as long as there are places, for as long as the process is to.
    pub async fn take_offered(self: Arc<Self>, dispatch: Arc<dyn Dispatch>) {
        let next = async || {
            let place = self.places.clone().acquire_owned().await.ok();
            (place, dispatch.take().await)
        };
        loop {
            let (place, taken) = tokio::select! {
                () = self.halt.cancelled() => return,
                next = next() => next,
            };
            match (place, taken) {
                (Some(place), Ok(lease)) => drop(self.tasks.spawn(self.clone().claim_offered(lease, place))),
                (None, _) => return,
                (_, Err(error)) => {
                    tracing::warn!(%error, "offered runs cannot be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// The store says whose it is: offers may come twice, and late.
    async fn claim_offered(self: Arc<Self>, lease: Lease, place: OwnedSemaphorePermit) {
        let ended = match self.claim(&lease.work().run).await {
            Ok(claimed) => {
                if let Some(run) = claimed {
                    self.take_up(run, place);
                }
                lease.done().await
            }
            Err(error) => {
                tracing::warn!(run = lease.work().run, %error, "an offered run could not be claimed; it is offered again");
                lease.again(PAUSE).await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "an offer is not known to be taken; it comes again, and the store refuses it");
        }
    }

    async fn claim(&self, run: &str) -> Result<Option<loomwork_journal::Run>, StoreError> {
        let Ok(run) = run.parse::<RunId>() else { return Ok(None) };
        let claim = Write::Claim { worker: self.worker.clone(), run };
        match self.store.commit(Batch::new(self.clock.now_ms(), [claim])).await {
            Ok(outcomes) => match outcomes.into_iter().next() {
                Some(Outcome::Claimed(runs)) => Ok(runs.into_iter().next()),
                _ => Ok(None),
            },
            Err(StoreError::Ended { .. } | StoreError::NoRun { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Passes messages on to runs under way here, for as long as the process is to.
    pub async fn hear_of_messages(self: Arc<Self>, dispatch: Arc<dyn Dispatch>) {
        while !self.halt.is_cancelled() {
            if let Err(error) = self.hear_until_lost(&*dispatch).await {
                tracing::warn!(%error, "messages for runs that are here are not heard of");
            }
            tokio::select! {
                () = self.halt.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => self.look_at_everything(),
            }
        }
    }

    async fn hear_until_lost(&self, dispatch: &dyn Dispatch) -> Result<(), DispatchError> {
        let mut listener = dispatch.listen(&About::Worker(self.worker.clone())).await?;
        loop {
            let news = tokio::select! {
                () = self.halt.cancelled() => return Ok(()),
                news = listener.next() => news,
            };
            match news {
                Some(News::Wake { run, .. }) => drop(run.parse().map(|run| self.nudge(&run))),
                Some(News::Missed) => self.look_at_everything(),
                Some(News::Answered { .. } | News::Ended { .. } | News::Watched) => {}
                None => return Ok(()),
            }
        }
    }
}
