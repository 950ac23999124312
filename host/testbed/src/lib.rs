//! Real servers for tests, each in a folder and on a port of its own, gone with the test that started it.

pub mod nats;
mod process;

pub use nats::NatsServer;
