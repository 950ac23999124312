//! The queue of work: a work-queue stream, and one durable consumer that all workers share.

use super::connection::Connection;
use super::publish::{Outgoing, publish};
use super::subject::part;
use crate::lease::{End, Holding};
use crate::{DispatchError, Lease, Work};
use async_nats::jetstream::consumer::pull;
use async_nats::jetstream::{AckKind, Message};
use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::sleep;

/// How long a request for work stays with the server.
const ASK: Duration = Duration::from_secs(20);
/// How often the server shows that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// Work on its way here, and what tells that it may not arrive.
pub(super) struct Incoming {
    messages: pull::Stream,
    lost: watch::Receiver<u64>,
}

pub(super) async fn offer(connection: &Connection, work: &[Work]) -> Result<(), DispatchError> {
    work.iter().try_for_each(Work::check)?;
    let outgoing = |work: &Work| Outgoing {
        subject: connection.subject(&["work", &part(&work.run)]),
        id: format!("{}/{}", part(&work.run), part(&work.key)),
        body: Bytes::from(format!("{}\n{}", work.run, work.key)),
    };
    let messages: Vec<Outgoing> = work.iter().map(outgoing).collect();
    publish(connection, &messages).await.map(drop)
}

/// The next work, however long it takes and however often the server goes away meanwhile.
pub(super) async fn take(connection: &Connection, incoming: &Mutex<Option<Incoming>>) -> Lease {
    let mut incoming = incoming.lock().await;
    let mut pause = Duration::from_millis(50);
    loop {
        if let Some(Incoming { messages, lost }) = incoming.as_mut() {
            tokio::select! {
                message = messages.next() => match message {
                    Some(Ok(message)) => match lease(message).await {
                        Some(lease) => return lease,
                        None => continue,
                    },
                    Some(Err(error)) => tracing::debug!(%error, "asking NATS for work again"),
                    None => tracing::debug!("asking NATS for work again"),
                },
                // A request that a server held when it went away is not known to the one that came.
                _ = lost.changed() => {}
            }
            *incoming = None;
        }
        match ask(connection).await {
            Ok(asked) => *incoming = Some(asked),
            Err(reason) => {
                tracing::debug!(reason, "NATS gives no work just now");
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
                // Made again if a server lost them; if not, the next round tells.
                let _ = connection.ensure().await;
            }
        }
    }
}

/// Asks for one message at a time: what waited here would be kept from others.
async fn ask(connection: &Connection) -> Result<Incoming, String> {
    let mut lost = connection.lost.clone();
    lost.borrow_and_update();
    let consumer = connection.workers().await?;
    let messages = consumer.stream().max_messages_per_batch(1).expires(ASK).heartbeat(HEARTBEAT).messages().await;
    Ok(Incoming { messages: messages.map_err(|error| error.to_string())?, lost })
}

/// What is not ours is thrown away.
async fn lease(message: Message) -> Option<Lease> {
    let text = std::str::from_utf8(&message.payload).ok();
    let work = text.and_then(|text| text.split_once('\n')).map(|(run, key)| Work::new(run, key));
    let Some(work) = work.filter(|work| work.check().is_ok()) else {
        tracing::warn!(subject = %message.subject, "a message that is no work was thrown away");
        let _ = message.ack_with(AckKind::Term).await;
        return None;
    };
    let given = message.info().map_or(1, |info| u64::try_from(info.delivered).unwrap_or(1));
    Some(Lease::new(work, given, Box::new(Held { message })))
}

pub(super) async fn backlog(connection: &Connection) -> Result<u64, DispatchError> {
    let stream = connection.context.get_stream(connection.stream("WORK")).await;
    stream.map(|stream| stream.cached_info().state.messages).map_err(|error| DispatchError::Unavailable(error.to_string()))
}

struct Held {
    message: Message,
}

#[async_trait]
impl Holding for Held {
    async fn end(&self, how: End) -> Result<(), DispatchError> {
        let kind = match how {
            End::Done => AckKind::Ack,
            End::Again(after) => AckKind::Nak((!after.is_zero()).then_some(after)),
            End::Keep => AckKind::Progress,
        };
        // Not waited for: an acknowledgement that is lost makes the work come again, and the store refuses it.
        self.message.ack_with(kind).await.map_err(|error| DispatchError::Unavailable(error.to_string()))
    }
}
