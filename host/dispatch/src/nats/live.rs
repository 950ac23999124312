//! Live events: a stream that drops its oldest, read by as many as watch, each from where it likes.

use super::connection::Connection;
use super::publish::{Outgoing, publish as publish_all};
use super::subject::{name, part};
use crate::{DispatchError, Follow, Followed, LiveEvent, Since, Topic};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::{Context, Message};
use futures::StreamExt as _;
use futures::stream;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Events that are fetched ahead for one watcher.
const AHEAD: usize = 64;
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A watcher's consumer is forgotten by the server when nobody asked for so long.
const IDLE: Duration = Duration::from_secs(30);

pub(super) async fn publish(connection: &Connection, events: &[LiveEvent]) -> Result<u64, DispatchError> {
    events.iter().try_for_each(LiveEvent::check)?;
    let outgoing = |event: &LiveEvent| Outgoing {
        subject: connection.subject(&["live", &part(&event.project), &part(&event.run)]),
        id: format!("{}/{}", part(&event.run), part(&event.key)),
        body: event.body.clone(),
    };
    let messages: Vec<Outgoing> = events.iter().map(outgoing).collect();
    publish_all(connection, &messages).await
}

pub(super) async fn follow(connection: &Connection, topic: &Topic, since: Since) -> Result<Follow, DispatchError> {
    topic.check()?;
    let filter = match topic {
        Topic::Project(project) => connection.subject(&["live", &part(project), "*"]),
        Topic::Run { project, run } => connection.subject(&["live", &part(project), &part(run)]),
    };
    let stream = connection.stream("LIVE");
    let unavailable = DispatchError::Unavailable;
    let kept = kept(&connection.context, &stream).await.map_err(unavailable)?;
    let at = match since {
        Since::After(at) => at,
        Since::Now => kept.last,
    };
    let context = connection.context.clone();
    let watcher = Watcher { context, stream, filter, at, coming: None, lost: connection.lost.clone() };
    let events = stream::unfold(watcher, |mut watcher| async move { Some((watcher.next().await, watcher)) });
    Ok(Follow::new(kept.name, at, events.boxed()))
}

/// What the stream keeps.
struct Kept {
    /// When it was made: one that takes its place has another name.
    name: String,
    first: u64,
    last: u64,
}

async fn kept(context: &Context, stream: &str) -> Result<Kept, String> {
    let stream = context.get_stream(stream).await.map_err(|error| error.to_string())?;
    let info = stream.cached_info();
    let name = format!("{:x}", info.created.unix_timestamp_nanos());
    Ok(Kept { name, first: info.state.first_sequence, last: info.state.last_sequence })
}

struct Watcher {
    context: Context,
    stream: String,
    filter: String,
    /// The last sequence number that was given, or that the watcher began behind.
    at: u64,
    coming: Option<pull::Stream>,
    lost: watch::Receiver<u64>,
}

impl Watcher {
    async fn next(&mut self) -> Followed {
        let mut pause = Duration::from_millis(50);
        loop {
            if let Some(coming) = &mut self.coming {
                tokio::select! {
                    message = coming.next() => match message {
                        Some(Ok(message)) => match self.read(&message) {
                            Some(event) => return event,
                            None => continue,
                        },
                        Some(Err(error)) => tracing::debug!(%error, "following again"),
                        None => tracing::debug!("following again"),
                    },
                    _ = self.lost.changed() => {}
                }
                self.coming = None;
            }
            match self.begin().await {
                Ok(true) => return Followed::Gap,
                Ok(false) => pause = Duration::from_millis(50),
                Err(reason) => {
                    tracing::debug!(reason, "live events do not come just now");
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
            }
        }
    }

    /// Asks for what comes behind the last event; says whether something between is gone.
    async fn begin(&mut self) -> Result<bool, String> {
        self.lost.borrow_and_update();
        let Kept { first, last, .. } = kept(&self.context, &self.stream).await?;
        // Dropped because it was old, or a stream that was made anew and counts from the start.
        if self.at.saturating_add(1) < first || self.at > last {
            self.at = first.max(1) - 1;
            return Ok(true);
        }
        let config = pull::Config {
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: self.at + 1 },
            ack_policy: AckPolicy::None,
            filter_subject: self.filter.clone(),
            inactive_threshold: IDLE,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let consumer = self.context.create_consumer_on_stream(config, &*self.stream).await.map_err(|error| error.to_string())?;
        let coming = consumer.stream().max_messages_per_batch(AHEAD).heartbeat(HEARTBEAT).messages().await;
        self.coming = Some(coming.map_err(|error| error.to_string())?);
        Ok(false)
    }

    fn read(&mut self, message: &Message) -> Option<Followed> {
        let sequence = message.info().ok()?.stream_sequence;
        if sequence <= self.at {
            return None;
        }
        self.at = sequence;
        let run = name(message.subject.rsplit('.').next()?)?;
        Some(Followed::Event { sequence, run, body: message.payload.clone() })
    }
}
