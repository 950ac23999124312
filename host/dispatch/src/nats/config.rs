//! Where NATS is and how it is used.

use std::fmt;
use std::time::Duration;

#[derive(Clone, PartialEq, Eq)]
pub struct NatsConfig {
    /// Addresses of one cluster, with commas between: `nats://user:password@10.0.0.1:4222`, `tls://…`.
    pub servers: String,
    /// Begins every subject; streams are called by it in capitals. Installations that share a server have different ones: letters,
    /// digits, `-` and `_`.
    pub prefix: String,
    /// How long work may be held without a word.
    pub lease: Duration,
    /// How long a message is sent again and again before sending it fails.
    pub patience: Duration,
    /// Copies of each stream in a cluster: 1, 3 or 5.
    pub replicas: usize,
    /// How long live events are kept.
    pub live_age: Duration,
    /// Bytes of live events that are kept.
    pub live_bytes: u64,
}

impl NatsConfig {
    pub fn new(servers: impl Into<String>) -> Self {
        Self {
            servers: servers.into(),
            prefix: "loom".to_owned(),
            lease: Duration::from_secs(30),
            patience: Duration::from_secs(10),
            replicas: 1,
            live_age: Duration::from_secs(3600),
            live_bytes: 256 << 20,
        }
    }

    /// The addresses without users and passwords.
    pub(super) fn shown(&self) -> String {
        let hide = |server: &str| match (server.find("://"), server.rfind('@')) {
            (Some(scheme), Some(at)) if at > scheme => format!("{}{}", &server[..scheme + 3], &server[at + 1..]),
            (None, Some(at)) => server[at + 1..].to_owned(),
            _ => server.to_owned(),
        };
        self.servers.split(',').map(|server| hide(server.trim())).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Debug for NatsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsConfig").field("servers", &self.shown()).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::NatsConfig;

    #[test]
    fn passwords_are_not_shown() {
        let config = NatsConfig::new("nats://user:p@ss@10.0.0.1:4222, token@b:1,c:2");
        assert_eq!(config.shown(), "nats://10.0.0.1:4222, b:1, c:2");
        assert!(!format!("{config:?}").contains("p@ss"));
    }
}
