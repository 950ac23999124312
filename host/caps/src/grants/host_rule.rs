//! One entry of an allow-list: `[scheme://]host[:port]`. Knows nothing of name resolution.

use super::GrantError;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use url::{Host, Url};

/// Where requests may go.
///
/// - `https://api.example.com`, `http://127.0.0.1:8080`: this scheme, host and port (the scheme's own if none is given);
/// - `api.example.com`: https on port 443; `api.example.com:8443`: either scheme on that port;
/// - `*.example.org:443`: every name below `example.org`, not itself; `:*` is every port; `*` alone is everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRule {
    scheme: Option<Scheme>,
    hosts: Hosts,
    ports: Ports,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    Every,
    Below(String),
    One(Host<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ports {
    OfScheme,
    Every,
    One(u16),
}

/// Where one request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    scheme: Scheme,
    host: Host<String>,
    port: u16,
}

impl Target {
    /// None for other schemes than http and https, and for addresses without a host.
    pub fn of(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        Some(Self { scheme, host: url.host()?.to_owned(), port: url.port_or_known_default()? })
    }

    /// The address, if the host is one and not a name.
    pub fn ip(&self) -> Option<IpAddr> {
        match self.host {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        }
    }

    fn is_localhost(&self) -> bool {
        matches!(&self.host, Host::Domain(name) if name == "localhost" || name.ends_with(".localhost"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.host)?;
        if self.port == self.scheme.port() { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

/// How a rule means the addresses behind a target it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Explicit {
    /// It names a host, whose addresses are judged like any other's.
    No,
    /// It names `localhost` and a port.
    Localhost,
    /// It names this very address and port.
    Address,
}

impl HostRule {
    /// Every scheme, host and port.
    pub fn anywhere() -> Self {
        Self { scheme: None, hosts: Hosts::Every, ports: Ports::Every }
    }

    pub fn allows(&self, target: &Target) -> bool {
        self.scheme_and_port(target) && self.hosts.has(&target.host)
    }

    fn scheme_and_port(&self, target: &Target) -> bool {
        let port = match self.ports {
            Ports::Every => true,
            Ports::One(port) => port == target.port,
            Ports::OfScheme => target.port == target.scheme.port(),
        };
        let scheme = match self.scheme {
            Some(scheme) => scheme == target.scheme,
            None => self.ports != Ports::OfScheme || target.scheme == Scheme::Https,
        };
        port && scheme
    }

    /// Whether the rule, which allows `target`, also means its address although it is private.
    pub(crate) fn explicit(&self, target: &Target) -> Explicit {
        match (&self.hosts, self.ports) {
            (_, Ports::Every) | (Hosts::Every | Hosts::Below(_), _) => Explicit::No,
            (Hosts::One(_), _) if target.ip().is_some() => Explicit::Address,
            (Hosts::One(_), _) if target.is_localhost() => Explicit::Localhost,
            (Hosts::One(_), _) => Explicit::No,
        }
    }
}

impl Hosts {
    fn has(&self, host: &Host<String>) -> bool {
        match (self, host) {
            (Hosts::Every, _) => true,
            (Hosts::One(one), host) => one == host,
            (Hosts::Below(parent), Host::Domain(name)) => {
                name.strip_suffix(parent.as_str()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
            (Hosts::Below(_), _) => false,
        }
    }
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

impl FromStr for HostRule {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Self, GrantError> {
        let wrong = |why: &str| {
            GrantError::new(format!("`{}` does not name a host: {why}", text.escape_debug()))
                .hint("write it as https://api.example.com, http://127.0.0.1:8080 or *.example.org:443")
        };
        if text == "*" {
            return Ok(Self::anywhere());
        }
        if text.len() > 512 {
            return Err(GrantError::new("a host rule is longer than 512 bytes"));
        }
        let (scheme, rest) = match text.split_once("://") {
            None => (None, text),
            Some(("http", rest)) => (Some(Scheme::Http), rest),
            Some(("https", rest)) => (Some(Scheme::Https), rest),
            Some(_) => return Err(wrong("the scheme must be http or https")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(wrong("paths cannot be granted, only hosts"));
        }
        if rest.contains('@') {
            return Err(wrong("a user or password does not belong here"));
        }
        let (host, port) = split_port(rest);
        Ok(Self {
            scheme,
            hosts: hosts(host).ok_or_else(|| wrong("the host is not valid"))?,
            ports: ports(port).ok_or_else(|| wrong("the port must be 1 to 65535 or *"))?,
        })
    }
}

fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    }
}

fn ports(text: Option<&str>) -> Option<Ports> {
    match text {
        None => Some(Ports::OfScheme),
        Some("*") => Some(Ports::Every),
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().ok().filter(|port| *port != 0).map(Ports::One)
        }
        Some(_) => None,
    }
}

fn hosts(text: &str) -> Option<Hosts> {
    if text == "*" {
        return Some(Hosts::Every);
    }
    if let Some(parent) = text.strip_prefix("*.") {
        return match one_host(parent)? {
            Host::Domain(name) => Some(Hosts::Below(name)),
            _ => None,
        };
    }
    one_host(text).map(Hosts::One)
}

/// The host as the parser of addresses has it: lower case, punycode, numbers as an address, without a final dot.
fn one_host(text: &str) -> Option<Host<String>> {
    let host = Host::parse(text).ok()?;
    match host {
        Host::Domain(name) if name.contains('*') => None,
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(&name);
            (!name.is_empty() && !name.split('.').any(str::is_empty)).then(|| Host::Domain(name.to_owned()))
        }
        address => Some(address),
    }
}

impl fmt::Display for HostRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::anywhere() {
            return f.write_str("*");
        }
        if let Some(scheme) = self.scheme {
            write!(f, "{}://", scheme.name())?;
        }
        match &self.hosts {
            Hosts::Every => f.write_str("*")?,
            Hosts::Below(name) => write!(f, "*.{name}")?,
            Hosts::One(host) => write!(f, "{host}")?,
        }
        match self.ports {
            Ports::OfScheme => Ok(()),
            Ports::Every => f.write_str(":*"),
            Ports::One(port) => write!(f, ":{port}"),
        }
    }
}
