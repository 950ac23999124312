//! What processes that share a store tell each other: runs to take up, news to those who wait, and live events to those who watch.
//!
//! In reading order: [`Dispatch`] is the contract, [`Work`] and [`Lease`] its queue, [`News`] its wake-ups, [`LiveEvent`] its stream;
//! [`Local`] keeps it in one process, [`Nats`] carries it between many on NATS JetStream.
//!
//! The store is the truth: whatever is lost here is found again by looking there for what is due, and whatever comes twice is refused there.
//! So dispatch may be at-least-once and late, and must never be waited for without a time limit that ends in a look at the store.
//!
//! Knows nothing of stores, runs' insides and engines.

mod dispatch;
mod error;
mod lease;
mod live;
mod local;
mod nats;
mod news;

pub use dispatch::Dispatch;
pub use error::DispatchError;
pub use lease::{Lease, Work};
pub use live::{Follow, Followed, LiveEvent, Since, Topic};
pub use local::Local;
pub use nats::{Nats, NatsConfig};
pub use news::{About, Listener, News};
