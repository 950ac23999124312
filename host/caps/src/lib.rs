//! What a component may do outside its sandbox: `http`, `kv`, `secret` and `log`, each behind grants.
//!
//! Reads in this order: what is granted ([`grants`]), whose call it is ([`scope`]), then one module per capability. Knows
//! nothing of flows and runs. Nothing global is installed or read: no environment, no TLS provider, no logger.

pub mod grants;
pub mod http;
pub mod kv;
pub mod log;
pub mod redact;
pub mod scope;
pub mod secret;

mod bindings;
mod capabilities;
mod wiring;

pub use capabilities::{Capabilities, CapabilitiesBuilder};
pub use grants::{GrantError, Grants, Rights};
pub use redact::Redactor;
pub use scope::Scope;
