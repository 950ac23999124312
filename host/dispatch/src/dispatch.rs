//! The contract of what carries messages between processes.

use crate::{About, DispatchError, Follow, Lease, Listener, LiveEvent, News, Since, Topic, Work};
use async_trait::async_trait;
use std::time::Duration;

/// Of two offers, or two live events, with the same run and key within this time one counts.
pub const SAME: Duration = Duration::from_secs(120);

/// Carries work, news and live events. Every method can be dropped while it waits; nothing is lost by that but time.
#[async_trait]
pub trait Dispatch: Send + Sync + 'static {
    /// Offers runs to all who [`take`](Dispatch::take). When it has answered, each will be given to somebody, at least once.
    async fn offer(&self, work: &[Work]) -> Result<(), DispatchError>;

    /// Waits for the next run to take up. Each is given to one taker at a time; it is given again when its lease runs out, or is dropped.
    async fn take(&self) -> Result<Lease, DispatchError>;

    /// How much has been offered and is not done.
    async fn backlog(&self) -> Result<u64, DispatchError>;

    /// Tells those who listen just now. Kept for nobody.
    async fn tell(&self, news: &News) -> Result<(), DispatchError>;

    /// Hears what is told from now on: first listen, then look at the store, and nothing falls between.
    async fn listen(&self, about: &About) -> Result<Listener, DispatchError>;

    /// Appends to the stream of live events, in order. Gives the sequence number of the last.
    async fn publish(&self, events: &[LiveEvent]) -> Result<u64, DispatchError>;

    /// The live events of a topic. The stream keeps what is recent: who is too far behind is told of the gap.
    async fn follow(&self, topic: &Topic, since: Since) -> Result<Follow, DispatchError>;
}
