//! Watching runs. What happens is published only while somebody watches, here or in another process: each that has watchers says so again and
//! again, and for a while after the last has gone what happens is still published, so that they can come back without having missed
//! anything.

use super::Runner;
use super::inner::Inner;
use super::publishing::DROPPED;
use bytes::Bytes;
use loomwork_dispatch::{About, Dispatch, DispatchError, Follow, Followed, News, Since, Topic};
use loomwork_journal::RunId;
use loomwork_types::Fault;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How often other processes are told that somebody watches, and those who watch where they are.
const AGAIN: Duration = Duration::from_secs(10);
/// How long it is published after it was last heard that somebody watches.
const LINGER: Duration = Duration::from_secs(60);
/// Who comes back later than this after its last mark may have missed something: less than [`LINGER`] by what is lost between.
const RESUMABLE_MS: u64 = 40_000;
/// Those who watch one process.
const WATCHERS: usize = 1_000;
/// After a carrier was away.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// Who watches, as far as this process knows.
#[derive(Default)]
pub(super) struct Watchers {
    here: AtomicUsize,
    /// Until when it is published.
    until: Mutex<Option<Instant>>,
    changed: Notify,
}

impl Watchers {
    fn last_for(&self, time: Duration) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + time);
    }

    fn until(&self) -> Option<Instant> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner).filter(|until| *until > Instant::now())
    }
}

/// A place in the stream of events, which every process understands: the stream, the number of the last event, and when that was so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    stream: String,
    sequence: u64,
    at: u64,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.stream, self.sequence, self.at)
    }
}

/// The text is no mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in the stream of events")]
pub struct NotAMark;

impl Mark {
    /// One that no stream knows: whoever has it has missed something.
    pub fn unknown() -> Self {
        Self { stream: String::new(), sequence: 0, at: 0 }
    }
}

impl FromStr for Mark {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Self, NotAMark> {
        let parts: Vec<&str> = text.split('-').collect();
        let [stream, sequence, at] = parts[..] else { return Err(NotAMark) };
        let number = |text: &str| text.parse().map_err(|_| NotAMark);
        Ok(Self { stream: stream.to_owned(), sequence: number(sequence)?, at: number(at)? })
    }
}

/// What those who watch are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watched {
    /// A [`RunEvent`](loomwork_api::RunEvent) as JSON.
    Event(Bytes),
    /// Something was missed: look at the runs, then go on.
    Lagged,
    /// Nothing has happened for a while.
    Still,
}

/// One who watches. Whoever is slow is told that it lags; no run waits for it.
pub struct Watch {
    follow: Follow,
    mark: Mark,
    lagged: bool,
    place: Place,
}

/// Counts as long as somebody has it.
struct Place(Arc<Inner>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.watchers.here.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Runner {
    /// Watches one run or all, from now on or behind a mark.
    pub async fn watch(&self, run: Option<&RunId>, after: Option<Mark>) -> Result<Watch, Fault> {
        let away = |error: DispatchError| Fault::new("live.unavailable", error.to_string());
        let inner = &self.inner;
        let place = inner.place_to_watch()?;
        let project = inner.project.to_string();
        let topic = match run {
            Some(run) => Topic::Run { project, run: run.to_string() },
            None => Topic::Project(project),
        };
        let now = inner.clock.now_ms();
        let fresh = after.as_ref().filter(|mark| now.abs_diff(mark.at) <= RESUMABLE_MS);
        let since = fresh.map_or(Since::Now, |mark| Since::After(mark.sequence));
        let mut follow = inner.events.follow(&topic, since).await.map_err(away)?;
        let lagged = after.is_some() && fresh.is_none_or(|mark| mark.stream != follow.stream());
        if lagged && since != Since::Now {
            follow = inner.events.follow(&topic, Since::Now).await.map_err(away)?;
        }
        if let Some(dispatch) = &inner.dispatch {
            dispatch.tell(&News::Watched).await.map_err(away)?;
        }
        let mark = Mark { stream: follow.stream().to_owned(), sequence: follow.at(), at: now };
        Ok(Watch { follow, mark, lagged, place })
    }
}

impl Watch {
    /// Where it begins.
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// What comes next, and where that is; none when the process is to end. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<(Mark, Watched)> {
        let inner = self.place.0.clone();
        let watched = match std::mem::take(&mut self.lagged) {
            true => Watched::Lagged,
            false => tokio::select! {
                biased;
                () = inner.halt.cancelled() => return None,
                followed = self.follow.next() => self.read(followed?),
                () = tokio::time::sleep(AGAIN) => Watched::Still,
            },
        };
        self.mark.at = inner.clock.now_ms();
        Some((self.mark.clone(), watched))
    }

    fn read(&mut self, followed: Followed) -> Watched {
        match followed {
            Followed::Gap => Watched::Lagged,
            Followed::Event { sequence, body, .. } => {
                self.mark.sequence = sequence;
                if body == DROPPED { Watched::Lagged } else { Watched::Event(body) }
            }
        }
    }
}

impl Inner {
    fn place_to_watch(self: &Arc<Self>) -> Result<Place, Fault> {
        let before = self.watchers.here.fetch_add(1, Ordering::SeqCst);
        let place = Place(self.clone());
        if before >= WATCHERS {
            return Err(Fault::new("limit.busy", "too many watch already; try again later"));
        }
        self.are_watched();
        Ok(place)
    }

    /// Somebody watches, here or elsewhere.
    fn are_watched(&self) {
        self.watchers.last_for(LINGER);
        self.platform.inner.feed.set(true);
        self.watchers.changed.notify_one();
    }

    /// Has events published as long as somebody watches, and tells others that somebody here does.
    pub async fn keep_watched(self: Arc<Self>) {
        let mut next = Instant::now();
        loop {
            let here = self.watchers.here.load(Ordering::SeqCst) > 0;
            if here && Instant::now() >= next {
                next = Instant::now() + AGAIN;
                self.watchers.last_for(LINGER);
                if let Some(dispatch) = &self.dispatch {
                    // Whoever does not hear of it hears of it the next time.
                    dispatch.tell(&News::Watched).await.ok();
                }
            }
            let until = self.watchers.until();
            self.platform.inner.feed.set(until.is_some());
            // Somebody may have come just now.
            if self.watchers.here.load(Ordering::SeqCst) > 0 {
                self.platform.inner.feed.set(true);
            }
            let again = async {
                match until {
                    Some(until) => tokio::time::sleep_until(if here { next } else { until }).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = self.halt.cancelled() => return,
                () = self.watchers.changed.notified() => {}
                () = again => {}
            }
        }
    }

    /// Hears that somebody watches in another process, for as long as this one is to.
    pub async fn hear_of_watchers(self: Arc<Self>, dispatch: Arc<dyn Dispatch>) {
        let hear = async {
            loop {
                if let Ok(mut listener) = dispatch.listen(&About::Watchers).await {
                    while let Some(news) = listener.next().await {
                        if news == News::Watched {
                            self.are_watched();
                        }
                    }
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            () = self.halt.cancelled() => {}
            () = hear => unreachable!("it goes on for ever"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mark;

    #[test]
    fn a_mark_is_read_as_it_is_written() {
        let mark = Mark { stream: "1a".to_owned(), sequence: 7, at: 1_750_000_000_000 };
        assert_eq!(mark.to_string().parse(), Ok(mark));
        for wrong in ["", "7", "a-b-c", "a-1", "a-1-2-3", "a-1--2"] {
            assert!(wrong.parse::<Mark>().is_err(), "{wrong}");
        }
    }
}
