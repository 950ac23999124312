//! Real servers for tests, each in a folder and on a port of its own, gone with the test that started it.

pub mod nats;
pub mod postgres;
mod process;

pub use nats::NatsServer;
pub use postgres::{Certificate, PostgresServer};
