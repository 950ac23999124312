//! Dispatch within one process.

mod live;
mod queue;

use crate::{About, Dispatch, DispatchError, Follow, Lease, Listener, LiveEvent, News, Since, Topic, Work};
use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream;
use live::Live;
use queue::Queue;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// News that a slow listener may be behind before it is told that it missed some.
const NEWS: usize = 4096;

/// Keeps everything in memory, bounded. Clones are the same one.
#[derive(Clone)]
pub struct Local {
    queue: Arc<Queue>,
    live: Arc<Live>,
    news: broadcast::Sender<News>,
}

impl Local {
    /// `lease` is how long work may be held without a word.
    pub fn new(lease: Duration) -> Self {
        Self { queue: Arc::new(Queue::new(lease)), live: Arc::default(), news: broadcast::Sender::new(NEWS) }
    }
}

#[async_trait]
impl Dispatch for Local {
    async fn offer(&self, work: &[Work]) -> Result<(), DispatchError> {
        work.iter().try_for_each(Work::check)?;
        self.queue.offer(work)
    }

    async fn take(&self) -> Result<Lease, DispatchError> {
        Ok(self.queue.take().await)
    }

    async fn backlog(&self) -> Result<u64, DispatchError> {
        Ok(self.queue.backlog())
    }

    async fn tell(&self, news: &News) -> Result<(), DispatchError> {
        news.check()?;
        // Nobody listening is no mistake.
        let _ = self.news.send(news.clone());
        Ok(())
    }

    async fn listen(&self, about: &About) -> Result<Listener, DispatchError> {
        about.check()?;
        let (about, heard) = (about.clone(), self.news.subscribe());
        let news = stream::unfold(heard, |mut heard| async move {
            match heard.recv().await {
                Ok(news) => Some((news, heard)),
                Err(RecvError::Lagged(_)) => Some((News::Missed, heard)),
                Err(RecvError::Closed) => None,
            }
        });
        Ok(Listener::new(news.filter(move |news| std::future::ready(about.wants(news))).boxed()))
    }

    async fn publish(&self, events: &[LiveEvent]) -> Result<u64, DispatchError> {
        events.iter().try_for_each(LiveEvent::check)?;
        Ok(self.live.publish(events))
    }

    async fn follow(&self, topic: &Topic, since: Since) -> Result<Follow, DispatchError> {
        topic.check()?;
        Ok(Live::follow(&self.live, topic.clone(), since))
    }
}
