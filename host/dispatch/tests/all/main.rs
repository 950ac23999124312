//! What the crate promises to those who call it: both carriers keep one contract, and NATS keeps it while its server goes away.

mod conformance;
mod local;
mod nats;
