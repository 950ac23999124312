//! What holds for a call: what every layer allows. Operator policy, project grant and a node's request are layers.

use super::{Explicit, Grants, HostRule, HttpGrant, Places, Rate, SecretBinding, Target};
use crate::http::Reach;
use std::sync::Arc;
use std::time::Duration;

/// The intersection of several [`Grants`]; without layers it allows nothing. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    layers: Arc<[Arc<Grants>]>,
}

/// The limits of an exchange: of each the smallest that a layer states, else the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// Bytes of address, headers and body.
    pub max_request: u64,
    /// Bytes of the body, after decompression.
    pub max_response: u64,
    pub timeout: Duration,
    /// Requests of one call, redirects included.
    pub max_requests: u32,
}

impl HttpLimits {
    pub const DEFAULT: Self =
        Self { max_request: 4 << 20, max_response: 8 << 20, timeout: Duration::from_secs(30), max_requests: 256 };
}

impl Rights {
    /// Operator policy ∩ project grant ∩ node's request, in any order and number.
    pub fn of(layers: impl IntoIterator<Item = Arc<Grants>>) -> Self {
        Self { layers: layers.into_iter().collect() }
    }

    /// These rights, narrowed by one more layer.
    pub fn within(&self, layer: Arc<Grants>) -> Self {
        Self { layers: self.layers.iter().cloned().chain([layer]).collect() }
    }

    fn all(&self, allows: impl Fn(&Grants) -> bool) -> bool {
        !self.layers.is_empty() && self.layers.iter().all(|layer| allows(layer))
    }

    /// Whether anything at all of a capability (`http`, `kv`, `secret`, `log`) is allowed.
    pub fn has(&self, capability: &str) -> bool {
        self.all(|layer| match capability {
            "http" => layer.http.is_some(),
            "kv" => layer.kv.is_some(),
            "secret" => layer.secret.is_some(),
            "log" => layer.log,
            _ => false,
        })
    }

    /// Whether a store may be used.
    pub fn store(&self, name: &str) -> bool {
        self.all(|layer| layer.kv.as_ref().is_some_and(|kv| kv.stores.iter().any(|store| store == "*" || store == name)))
    }

    /// Whether a secret may be used to sign and verify.
    pub fn secret(&self, name: &str) -> bool {
        self.all(|layer| binding(layer, name).is_some())
    }

    /// Where in a request to `target` a secret may be filled in; none if nowhere.
    pub fn secret_places(&self, name: &str, target: &Target) -> Option<Places> {
        let mut places = (!self.layers.is_empty()).then_some(Places::ALL)?;
        for layer in self.layers.iter() {
            let bound = binding(layer, name).filter(|bound| allowed(&bound.hosts, target))?;
            places.url &= bound.places.url;
            places.header &= bound.places.header;
            places.body &= bound.places.body;
        }
        Some(places)
    }

    /// Whether a request with this method may go to `target`, and which addresses its name may lead to.
    pub fn request(&self, method: &str, target: &Target) -> Result<Reach, Refusal> {
        if self.layers.is_empty() {
            return Err(Refusal::Capability);
        }
        let mut reach = Reach::Everything;
        for layer in self.layers.iter() {
            let grant = layer.http.as_ref().ok_or(Refusal::Capability)?;
            if !allowed(&grant.allow, target) {
                return Err(Refusal::Host);
            }
            if grant.methods.as_ref().is_some_and(|methods| !methods.iter().any(|m| m == method)) {
                return Err(Refusal::Method);
            }
            reach = reach.min(reach_of(grant, target));
        }
        Ok(reach)
    }

    /// How fast requests to `target` may follow one another: of what the layers say, the slowest.
    pub fn rate(&self, target: &Target) -> Option<Rate> {
        let grants = self.layers.iter().filter_map(|layer| layer.http.as_ref());
        let fitting = grants.filter_map(|grant| grant.rates.iter().find(|(rule, _)| rule.allows(target)));
        fitting.map(|(_, rate)| *rate).max_by_key(|rate| rate.gap())
    }

    pub fn http_limits(&self) -> HttpLimits {
        let mut limits = HttpLimits::DEFAULT;
        let grants = || self.layers.iter().filter_map(|layer| layer.http.as_ref());
        limits.max_request = grants().filter_map(|g| g.max_request).min().unwrap_or(limits.max_request);
        limits.max_response = grants().filter_map(|g| g.max_response).min().unwrap_or(limits.max_response);
        limits.timeout = grants().filter_map(|g| g.timeout).min().unwrap_or(limits.timeout);
        limits.max_requests = grants().filter_map(|g| g.max_requests).min().unwrap_or(limits.max_requests);
        limits
    }
}

/// Why a request is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Capability,
    Host,
    Method,
}

fn allowed(rules: &[HostRule], target: &Target) -> bool {
    rules.iter().any(|rule| rule.allows(target))
}

/// A secret's own entry, else that of `*`.
fn binding<'a>(layer: &'a Grants, name: &str) -> Option<&'a SecretBinding> {
    let names = &layer.secret.as_ref()?.names;
    names.get(name).or_else(|| names.get("*"))
}

fn reach_of(grant: &HttpGrant, target: &Target) -> Reach {
    let listed = grant.allow.iter().filter(|rule| rule.allows(target)).map(|rule| match rule.explicit(target) {
        Explicit::No => Reach::Public,
        Explicit::Localhost => Reach::Loopback,
        Explicit::Address => Reach::Everything,
    });
    listed.max().unwrap_or(Reach::Public).max(grant.private)
}
