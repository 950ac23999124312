//! Sending to a stream until it is acknowledged.

use super::connection::Connection;
use crate::DispatchError;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use bytes::Bytes;
use std::error::Error as _;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// Messages under way at once.
const TOGETHER: usize = 256;

/// A message with the id that makes it count once.
pub(super) struct Outgoing {
    pub(super) subject: String,
    pub(super) id: String,
    pub(super) body: Bytes,
}

/// Sends all, in order, and again what was not acknowledged. Gives the sequence number of the last.
pub(super) async fn publish(connection: &Connection, messages: &[Outgoing]) -> Result<u64, DispatchError> {
    let deadline = Instant::now() + connection.config.patience;
    let mut last = 0;
    for together in messages.chunks(TOGETHER) {
        last = publish_together(connection, together, deadline).await?;
    }
    Ok(last)
}

async fn publish_together(connection: &Connection, messages: &[Outgoing], deadline: Instant) -> Result<u64, DispatchError> {
    let mut pause = Duration::from_millis(20);
    loop {
        let sent = timeout_at(deadline, send_all(connection, messages)).await;
        let error = match sent {
            Ok(Ok(last)) => return Ok(last),
            Ok(Err(error)) if is_full(&error) => return Err(DispatchError::Full),
            Ok(Err(error)) => error,
            Err(_) => return Err(DispatchError::Unavailable("nothing was acknowledged in time".to_owned())),
        };
        if Instant::now() + pause >= deadline {
            return Err(DispatchError::Unavailable(error.to_string()));
        }
        tracing::debug!(%error, "sending to NATS again");
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
        if error.kind() == PublishErrorKind::StreamNotFound {
            // A server without its data, or one that has not loaded it yet: the next round tells.
            if let Err(reason) = connection.ensure().await {
                tracing::debug!(reason, "the streams are not there yet");
            }
        }
    }
}

/// Sends all before it waits for the first answer; the first that failed makes all be sent again, and the ids make each count once.
async fn send_all(connection: &Connection, messages: &[Outgoing]) -> Result<u64, PublishError> {
    let mut answers = Vec::with_capacity(messages.len());
    for message in messages {
        let publish = PublishMessage::build().payload(message.body.clone()).message_id(&message.id);
        answers.push(connection.context.send_publish(message.subject.clone(), publish).await?);
    }
    let mut last = 0;
    for answer in answers {
        last = answer.await?.sequence;
    }
    Ok(last)
}

/// The server's words for a stream that takes no more.
fn is_full(error: &PublishError) -> bool {
    let because = error.source().map(ToString::to_string).unwrap_or_default();
    because.contains("maximum messages exceeded") || because.contains("maximum bytes exceeded")
}
