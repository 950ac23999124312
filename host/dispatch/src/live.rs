//! What happens in runs just now, for those who watch.

use crate::DispatchError;
use crate::error::check_name;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use std::fmt;

/// Bytes of a live event: what watchers see is a view, not the data.
pub const MAX_EVENT: usize = 256 << 10;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    pub project: String,
    pub run: String,
    /// Names the event within its run, so that publishing it again does nothing.
    pub key: String,
    pub body: Bytes,
}

impl LiveEvent {
    pub(crate) fn check(&self) -> Result<(), DispatchError> {
        check_name("a project", &self.project)?;
        check_name("a run's id", &self.run)?;
        check_name("an event's key", &self.key)?;
        if self.body.len() > MAX_EVENT { Err(DispatchError::TooLarge { most: MAX_EVENT }) } else { Ok(()) }
    }
}

/// What to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    Project(String),
    Run { project: String, run: String },
}

impl Topic {
    pub(crate) fn wants(&self, event: &LiveEvent) -> bool {
        match self {
            Topic::Project(project) => *project == event.project,
            Topic::Run { project, run } => *project == event.project && *run == event.run,
        }
    }

    pub(crate) fn check(&self) -> Result<(), DispatchError> {
        match self {
            Topic::Project(project) => check_name("a project", project),
            Topic::Run { project, run } => check_name("a project", project).and_then(|()| check_name("a run's id", run)),
        }
    }
}

/// From where on to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    Now,
    /// Behind this sequence number; behind 0 is all that is kept.
    After(u64),
}

/// What a watcher gets. Sequence numbers rise and are those of the whole stream, so those of one topic have gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    Event {
        sequence: u64,
        run: String,
        body: Bytes,
    },
    /// Events were dropped before they came here: look at the store, then go on with what follows.
    Gap,
}

/// Live events of a topic, without end.
pub struct Follow {
    stream: String,
    at: u64,
    events: BoxStream<'static, Followed>,
}

impl Follow {
    pub(crate) fn new(stream: String, at: u64, events: BoxStream<'static, Followed>) -> Self {
        Self { stream, at, events }
    }

    /// Names the stream that is numbered: a number of another one, such as one that a server has lost, means nothing here.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// The number behind which it begins.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The next event; none when the carrier is gone.
    pub async fn next(&mut self) -> Option<Followed> {
        self.events.next().await
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Follow")
    }
}
