//! The connection, the streams on it, and how often it was lost.

use super::config::NatsConfig;
use crate::DispatchError;
use crate::dispatch::SAME;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::context::ContextBuilder;
use async_nats::jetstream::stream::{self, DiscardPolicy, RetentionPolicy, StorageType};
use async_nats::jetstream::{Context, consumer::PullConsumer};
use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long one answer of a server may take.
const ANSWER: Duration = Duration::from_secs(2);
/// Offers that are kept at once.
const MOST_WORK: i64 = 1_000_000;
/// The consumer that all workers share.
const WORKERS: &str = "workers";

pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) context: Context,
    pub(super) config: NatsConfig,
    /// Counts the times at which messages may have been lost: the connection, or a subscriber that was too slow.
    pub(super) lost: watch::Receiver<u64>,
}

impl Connection {
    pub(super) async fn open(config: NatsConfig) -> Result<Self, DispatchError> {
        let failed = |reason: String| DispatchError::Connect { servers: config.shown(), reason };
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if config.prefix.is_empty() || config.prefix.len() > 64 || !config.prefix.bytes().all(good) {
            return Err(failed(format!("`{}` cannot begin subjects", config.prefix.escape_default())));
        }
        let servers: Result<Vec<ServerAddr>, _> = config.servers.split(',').map(|server| server.trim().parse()).collect();
        let servers = servers.map_err(|error: std::io::Error| failed(error.to_string()))?;
        let (counter, lost) = watch::channel(0);
        let client = options(counter).connect(servers).await.map_err(|error| failed(error.to_string()))?;
        let context = ContextBuilder::new().timeout(ANSWER).ack_timeout(ANSWER).build(client.clone());
        let connection = Self { client, context, config, lost };
        connection.ensure().await.map_err(|reason| DispatchError::Connect { servers: connection.config.shown(), reason })?;
        Ok(connection)
    }

    pub(super) async fn close(&self) {
        if let Err(error) = self.client.drain().await {
            tracing::debug!(%error, "the connection to NATS was closed already");
        }
    }

    /// Makes the streams and the consumer that are missing, and sets them as they should be.
    pub(super) async fn ensure(&self) -> Result<(), String> {
        for stream in [self.work_stream(), self.live_stream()] {
            self.context.create_or_update_stream(stream).await.map_err(|error| error.to_string())?;
        }
        self.workers().await.map(drop)
    }

    /// The consumer of work.
    pub(super) async fn workers(&self) -> Result<PullConsumer, String> {
        let consumer = pull::Config {
            durable_name: Some(WORKERS.to_owned()),
            ack_policy: AckPolicy::Explicit,
            ack_wait: self.config.lease,
            max_deliver: -1,
            max_ack_pending: MOST_WORK,
            ..pull::Config::default()
        };
        self.context.create_consumer_on_stream(consumer, self.stream("WORK")).await.map_err(|error| error.to_string())
    }

    pub(super) fn stream(&self, what: &str) -> String {
        format!("{}_{what}", self.config.prefix.to_ascii_uppercase())
    }

    pub(super) fn subject(&self, parts: &[&str]) -> String {
        std::iter::once(self.config.prefix.as_str()).chain(parts.iter().copied()).collect::<Vec<_>>().join(".")
    }

    fn work_stream(&self) -> stream::Config {
        stream::Config {
            name: self.stream("WORK"),
            subjects: vec![self.subject(&["work", ">"])],
            retention: RetentionPolicy::WorkQueue,
            max_messages: MOST_WORK,
            discard: DiscardPolicy::New,
            storage: StorageType::File,
            num_replicas: self.config.replicas,
            duplicate_window: SAME,
            ..stream::Config::default()
        }
    }

    fn live_stream(&self) -> stream::Config {
        stream::Config {
            name: self.stream("LIVE"),
            subjects: vec![self.subject(&["live", ">"])],
            retention: RetentionPolicy::Limits,
            max_age: self.config.live_age,
            max_bytes: i64::try_from(self.config.live_bytes).unwrap_or(i64::MAX),
            discard: DiscardPolicy::Old,
            storage: StorageType::File,
            num_replicas: self.config.replicas,
            duplicate_window: SAME.min(self.config.live_age),
            ..stream::Config::default()
        }
    }
}

fn options(lost: watch::Sender<u64>) -> ConnectOptions {
    let lost = Arc::new(lost);
    ConnectOptions::new()
        .name("loomwork")
        .connection_timeout(Duration::from_secs(5))
        .max_reconnects(None)
        .reconnect_delay_callback(|attempt| Duration::from_millis(50).saturating_mul(attempt as u32).min(Duration::from_secs(2)))
        .event_callback(move |event| {
            let lost = lost.clone();
            async move {
                match event {
                    Event::Connected => {
                        tracing::info!("connected to NATS");
                        lost.send_modify(|count| *count += 1);
                    }
                    Event::SlowConsumer(_) => lost.send_modify(|count| *count += 1),
                    Event::Disconnected => tracing::warn!("the connection to NATS is lost; connecting again"),
                    other => tracing::debug!(event = %other, "NATS"),
                }
            }
        })
}
