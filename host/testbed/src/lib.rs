//! Real servers for tests: the machine's, if it has one on the standard port, or one in a folder and on a port of its own, gone with the test that
//! started it. Tests that kill their server have one of their own.

pub mod nats;
pub mod postgres;
mod process;
mod shared;

pub use nats::{AnyNats, NatsServer};
pub use postgres::{Certificate, PostgresServer};
