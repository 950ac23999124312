//! News for those who wait: a worker that owns a run, a server that waits for a run's end, processes whose live events are wanted.

use crate::DispatchError;
use crate::error::check_name;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The worker that owns the run has something to fetch for it.
    Wake {
        worker: String,
        run: String,
    },
    /// The run has answered its trigger.
    Answered {
        run: String,
    },
    Ended {
        run: String,
    },
    /// Somebody follows live events: they are worth publishing.
    Watched,
    /// Something may have been missed: the connection was lost, or the listener too slow. Look at the store.
    Missed,
}

/// Whose news to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// [`News::Answered`] and [`News::Ended`] of a run.
    Run(String),
    /// [`News::Wake`] for a worker.
    Worker(String),
    /// [`News::Watched`].
    Watchers,
}

impl About {
    pub(crate) fn wants(&self, news: &News) -> bool {
        match (self, news) {
            (_, News::Missed) => true,
            (About::Watchers, News::Watched) => true,
            (About::Worker(wanted), News::Wake { worker, .. }) => wanted == worker,
            (About::Run(wanted), News::Answered { run } | News::Ended { run }) => wanted == run,
            _ => false,
        }
    }

    pub(crate) fn check(&self) -> Result<(), DispatchError> {
        match self {
            About::Run(run) => check_name("a run's id", run),
            About::Worker(worker) => check_name("a worker's name", worker),
            About::Watchers => Ok(()),
        }
    }
}

impl News {
    pub(crate) fn check(&self) -> Result<(), DispatchError> {
        match self {
            News::Wake { worker, run } => check_name("a worker's name", worker).and_then(|()| check_name("a run's id", run)),
            News::Answered { run } | News::Ended { run } => check_name("a run's id", run),
            News::Watched | News::Missed => Ok(()),
        }
    }
}

/// What is heard.
pub struct Listener {
    news: BoxStream<'static, News>,
}

impl Listener {
    pub(crate) fn new(news: BoxStream<'static, News>) -> Self {
        Self { news }
    }

    /// The next news; none when the carrier is gone.
    pub async fn next(&mut self) -> Option<News> {
        self.news.next().await
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}
