//! Dispatch on NATS: JetStream streams for work and live events, plain messages for news.
//!
//! Streams and the consumer are made when they are missing, at the start and whenever a server turns out to have lost them. The client
//! connects again by itself; what was not acknowledged is sent again under the same message id, so that it counts once.

mod config;
mod connection;
mod live;
mod news;
mod publish;
mod subject;
mod work;

use crate::{About, Dispatch, DispatchError, Follow, Lease, Listener, LiveEvent, News, Since, Topic, Work};
use async_trait::async_trait;
pub use config::NatsConfig;
use connection::Connection;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A connection to NATS. Clones share it.
#[derive(Clone)]
pub struct Nats {
    connection: Arc<Connection>,
    /// Work on its way to this process; one taker at a time waits on it.
    incoming: Arc<Mutex<Option<work::Incoming>>>,
}

impl Nats {
    /// Connects and makes what is missing. Fails if no server answers now; later it waits for one.
    pub async fn connect(config: NatsConfig) -> Result<Self, DispatchError> {
        let connection = Connection::open(config).await?;
        Ok(Self { connection: Arc::new(connection), incoming: Arc::default() })
    }

    /// Sends what is still on its way, and closes. Who waits for work must be dropped: there will be none.
    pub async fn close(&self) {
        // Whoever waits for work holds it.
        if let Ok(mut incoming) = self.incoming.try_lock() {
            incoming.take();
        }
        self.connection.close().await;
    }
}

#[async_trait]
impl Dispatch for Nats {
    async fn offer(&self, work: &[Work]) -> Result<(), DispatchError> {
        work::offer(&self.connection, work).await
    }

    async fn take(&self) -> Result<Lease, DispatchError> {
        Ok(work::take(&self.connection, &self.incoming).await)
    }

    async fn backlog(&self) -> Result<u64, DispatchError> {
        work::backlog(&self.connection).await
    }

    async fn tell(&self, news: &News) -> Result<(), DispatchError> {
        news::tell(&self.connection, news).await
    }

    async fn listen(&self, about: &About) -> Result<Listener, DispatchError> {
        news::listen(&self.connection, about).await
    }

    async fn publish(&self, events: &[LiveEvent]) -> Result<u64, DispatchError> {
        live::publish(&self.connection, events).await
    }

    async fn follow(&self, topic: &Topic, since: Since) -> Result<Follow, DispatchError> {
        live::follow(&self.connection, topic, since).await
    }
}
