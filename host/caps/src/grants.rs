//! What a component may do outside its sandbox, by name. Nothing is allowed that is not listed here.
//!
//! Operator policy, project grant and a node's request are all [`Grants`]; what holds is what all of them allow ([`Rights`]).

mod argument;
mod error;
mod host_rule;
mod json;
mod quantity;
mod rate;
mod rights;

pub(crate) use argument::is_name;
pub use error::GrantError;
use host_rule::Explicit;
pub use host_rule::{HostRule, Target};
pub use rate::Rate;
pub use rights::{HttpLimits, Refusal, Rights};

use crate::http::Reach;
use std::collections::BTreeMap;
use std::time::Duration;

/// A set of allowances. [`Grants::default`] allows nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grants {
    pub http: Option<HttpGrant>,
    pub kv: Option<KvGrant>,
    pub secret: Option<SecretGrant>,
    /// Whether lines may be written to the run's log.
    pub log: bool,
}

/// Which requests may leave the host. A limit that is absent here is left to the other layers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpGrant {
    /// Where to; empty allows nothing.
    pub allow: Vec<HostRule>,
    /// Upper-case methods; absent allows each.
    pub methods: Option<Vec<String>>,
    /// Which addresses a name may lead to.
    pub private: Reach,
    /// Bytes of address, headers and body.
    pub max_request: Option<u64>,
    /// Bytes of the body, after decompression.
    pub max_response: Option<u64>,
    /// For the whole exchange, redirects included.
    pub timeout: Option<Duration>,
    /// Requests that one call of a function may make.
    pub max_requests: Option<u32>,
    /// How fast requests may follow one another, by where they go; the first that fits counts.
    pub rates: Vec<(HostRule, Rate)>,
}

/// Which stores of keys and values may be used: names, or `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvGrant {
    pub stores: Vec<String>,
}

/// Which secrets may be used, and towards whom. The name `*` stands for every secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretGrant {
    pub names: BTreeMap<String, SecretBinding>,
}

/// Where a secret may be filled in. Without hosts it can only sign and verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretBinding {
    pub hosts: Vec<HostRule>,
    pub places: Places,
}

/// The parts of a request in which a placeholder is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    pub url: bool,
    pub header: bool,
    pub body: bool,
}

impl Places {
    pub const ALL: Self = Self { url: true, header: true, body: true };
}

impl Grants {
    /// Allows everything, private addresses included: the policy of an operator who runs their own flows.
    pub fn everything() -> Self {
        Self::open(Reach::Everything)
    }

    /// Allows everything but addresses that are not public: the policy of an operator with guests.
    pub fn public() -> Self {
        Self::open(Reach::Public)
    }

    fn open(private: Reach) -> Self {
        let anywhere = || vec![HostRule::anywhere()];
        let binding = SecretBinding { hosts: anywhere(), places: Places::ALL };
        Self {
            http: Some(HttpGrant { allow: anywhere(), private, ..HttpGrant::default() }),
            kv: Some(KvGrant { stores: vec!["*".to_owned()] }),
            secret: Some(SecretGrant { names: BTreeMap::from([("*".to_owned(), binding)]) }),
            log: true,
        }
    }

    /// What a component asks for: everything of the interfaces it imports (`loom:host/http@0.1.0`), nothing of the others.
    pub fn requested<'a>(imports: impl IntoIterator<Item = &'a str>) -> Self {
        let everything = Self::everything();
        let mut asked = Self::default();
        for import in imports {
            match interface_name(import) {
                Some("http") => asked.http.clone_from(&everything.http),
                Some("kv") => asked.kv.clone_from(&everything.kv),
                Some("secret") => asked.secret.clone_from(&everything.secret),
                Some("log") => asked.log = true,
                _ => {}
            }
        }
        asked
    }
}

/// `http` of `loom:host/http@0.1.0`.
fn interface_name(import: &str) -> Option<&str> {
    let name = import.strip_prefix("loom:host/")?;
    Some(name.split_once('@').map_or(name, |(name, _)| name))
}
