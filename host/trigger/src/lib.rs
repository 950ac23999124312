//! What starts runs, as plain logic: [`cron`] says when a schedule fires, [`signature`] whether a request is from whom it says.
//!
//! Time comes in as an argument, in milliseconds since the epoch. Knows nothing of sockets, clocks, stores and secrets' homes, so the
//! studio shows the very firing times that the server will keep.

pub mod cron;
pub mod signature;
