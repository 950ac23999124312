//! News: plain messages, which only those get who listen.

use super::connection::Connection;
use super::subject::{name, part};
use crate::{About, DispatchError, Listener, News};
use async_nats::{Message, Subscriber};
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream;
use std::future::Future;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

pub(super) async fn tell(connection: &Connection, news: &News) -> Result<(), DispatchError> {
    news.check()?;
    let subject = match news {
        News::Wake { worker, run } => connection.subject(&["worker", &part(worker), &part(run), "wake"]),
        News::Answered { run } => connection.subject(&["run", &part(run), "answered"]),
        News::Ended { run } => connection.subject(&["run", &part(run), "ended"]),
        News::Watched => connection.subject(&["watched"]),
        News::Missed => return Ok(()),
    };
    bounded(connection.config.patience, async {
        connection.client.publish(subject, Bytes::new()).await.map_err(|error| error.to_string())?;
        connection.client.flush().await.map_err(|error| error.to_string())
    })
    .await
}

pub(super) async fn listen(connection: &Connection, about: &About) -> Result<Listener, DispatchError> {
    about.check()?;
    let subject = match about {
        About::Run(run) => connection.subject(&["run", &part(run), "*"]),
        About::Worker(worker) => connection.subject(&["worker", &part(worker), "*", "wake"]),
        About::Watchers => connection.subject(&["watched"]),
    };
    let mut lost = connection.lost.clone();
    lost.borrow_and_update();
    let heard = bounded(connection.config.patience, async {
        let heard = connection.client.subscribe(subject).await.map_err(|error| error.to_string())?;
        round_trip(connection).await?;
        Ok(heard)
    })
    .await?;
    let ears = Ears { heard, lost };
    let news = stream::unfold(ears, |mut ears| async move { ears.next().await.map(|news| (news, ears)) });
    Ok(Listener::new(news.boxed()))
}

/// A server handles what one connection sends in order: when this comes back, it knows of every subscription before.
async fn round_trip(connection: &Connection) -> Result<(), String> {
    let inbox = connection.client.new_inbox();
    let mut back = connection.client.subscribe(inbox.clone()).await.map_err(|error| error.to_string())?;
    connection.client.publish(inbox, Bytes::new()).await.map_err(|error| error.to_string())?;
    back.next().await.map(drop).ok_or_else(|| "the connection was closed".to_owned())
}

async fn bounded<T>(patience: Duration, work: impl Future<Output = Result<T, String>>) -> Result<T, DispatchError> {
    match timeout(patience, work).await {
        Ok(done) => done.map_err(DispatchError::Unavailable),
        Err(_) => Err(DispatchError::Unavailable("no server answered in time".to_owned())),
    }
}

struct Ears {
    heard: Subscriber,
    lost: watch::Receiver<u64>,
}

impl Ears {
    async fn next(&mut self) -> Option<News> {
        loop {
            tokio::select! {
                message = self.heard.next() => match read(&message?) {
                    Some(news) => return Some(news),
                    None => continue,
                },
                changed = self.lost.changed() => return changed.ok().map(|()| News::Missed),
            }
        }
    }
}

/// `…run.<run>.ended`, `…worker.<worker>.<run>.wake`; none if it is not ours.
fn read(message: &Message) -> Option<News> {
    let parts: Vec<&str> = message.subject.split('.').skip(1).collect();
    match parts[..] {
        ["watched"] => Some(News::Watched),
        ["run", run, "ended"] => Some(News::Ended { run: name(run)? }),
        ["run", run, "answered"] => Some(News::Answered { run: name(run)? }),
        ["worker", worker, run, "wake"] => Some(News::Wake { worker: name(worker)?, run: name(run)? }),
        _ => None,
    }
}
