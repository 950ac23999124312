//! Lines that guests write: bounded, redacted, and given both to the run's log and to the host's.

mod host;
mod lines;
mod sink;

pub use lines::{Lines, RedactedLog};
pub use loomwork_engine::{Level, Log};
pub use sink::{LogSink, TracingSink};

pub(crate) use host::{LogCapability, LogGrantee};
