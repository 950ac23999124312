//! Lines that guests write: bounded, redacted, and given both to the run's log and to the host's.

mod call_log;
mod host;
mod lines;
mod sink;

pub use call_log::CallLog;
pub use lines::Lines;
pub use loomwork_engine::{Context, Level, Log};
pub use sink::{LogSink, TracingSink};

pub(crate) use host::{INTERFACE, LogGrantee};
