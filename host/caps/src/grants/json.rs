//! Grants as JSON, for files and embedders. Unknown fields are mistakes: a misspelt limit must not become no limit.

use super::{GrantError, Grants, HostRule, HttpGrant, KvGrant, Places, Rate, SecretBinding, SecretGrant, quantity};
use crate::http::Reach;
use serde::Deserialize;
use std::collections::BTreeMap;

const MAX_BYTES: usize = 1 << 20;
const MAX_ENTRIES: usize = 1_000;

impl Grants {
    /// Reads `{"http": {"allow": [...], "methods": [...], "private": false, "max_request": "1MiB", "max_response": "4MiB",
    /// "timeout": "30s", "max_requests": 100, "rates": {"api.example.com": "10/s"}}, "kv": {"stores": [...]}, "secret": {"names": {...}}, "log": true}`.
    pub fn from_json(text: &str) -> Result<Self, GrantError> {
        if text.len() > MAX_BYTES {
            return Err(GrantError::new("the grants are larger than 1 MiB"));
        }
        let document: Document = serde_json::from_str(text).map_err(|error| {
            GrantError::new(format!("the grants are not what they should be: {error}"))
                .hint("see docs/capabilities.md for the fields of http, kv, secret and log")
        })?;
        document.read()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    http: Option<Http>,
    kv: Option<Kv>,
    secret: Option<Secret>,
    log: Option<Log>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Http {
    #[serde(default)]
    allow: Vec<String>,
    methods: Option<Vec<String>>,
    #[serde(default)]
    private: Private,
    max_request: Option<Quantity>,
    max_response: Option<Quantity>,
    timeout: Option<Quantity>,
    max_requests: Option<u32>,
    #[serde(default)]
    rates: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Quantity {
    Number(u64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`private` is false, true or \"everything\"")]
enum Private {
    Flag(bool),
    Word(Everything),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Everything {
    Everything,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kv {
    stores: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    names: Names,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`names` is a list of names, or an object from name to hosts")]
enum Names {
    Unbound(Vec<String>),
    Bound(BTreeMap<String, Binding>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a secret is bound to a list of hosts, or to {\"hosts\": […], \"in\": […]}")]
enum Binding {
    Hosts(Vec<String>),
    Full(FullBinding),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FullBinding {
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(rename = "in")]
    places: Option<Vec<Place>>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Place {
    Url,
    Header,
    Body,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`log` is true, false or {}")]
enum Log {
    Flag(bool),
    Object(Empty),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

impl Default for Private {
    fn default() -> Self {
        Private::Flag(false)
    }
}

impl Document {
    fn read(self) -> Result<Grants, GrantError> {
        Ok(Grants {
            http: self.http.map(Http::read).transpose()?,
            kv: self.kv.map(Kv::read).transpose()?,
            secret: self.secret.map(Secret::read).transpose()?,
            log: match self.log {
                None => false,
                Some(Log::Flag(flag)) => flag,
                Some(Log::Object(Empty {})) => true,
            },
        })
    }
}

impl Http {
    fn read(self) -> Result<HttpGrant, GrantError> {
        Ok(HttpGrant {
            allow: rules(&self.allow)?,
            methods: self.methods.map(|methods| methods.iter().map(|m| method(m)).collect()).transpose()?,
            private: match self.private {
                Private::Flag(false) => Reach::Public,
                Private::Flag(true) => Reach::Private,
                Private::Word(Everything::Everything) => Reach::Everything,
            },
            max_request: self.max_request.map(|q| quantity::size(&q.text())).transpose()?,
            max_response: self.max_response.map(|q| quantity::size(&q.text())).transpose()?,
            timeout: self.timeout.map(|q| quantity::time(&q.text())).transpose()?,
            max_requests: self.max_requests,
            rates: rates(&self.rates)?,
        })
    }
}

impl Quantity {
    fn text(&self) -> String {
        match self {
            Quantity::Number(number) => number.to_string(),
            Quantity::Text(text) => text.clone(),
        }
    }
}

impl Kv {
    fn read(self) -> Result<KvGrant, GrantError> {
        bounded(self.stores.len())?;
        for store in &self.stores {
            super::argument::name_or_star("store", store)?;
        }
        Ok(KvGrant { stores: self.stores })
    }
}

impl Secret {
    fn read(self) -> Result<SecretGrant, GrantError> {
        let bound = match self.names {
            Names::Unbound(names) => names.into_iter().map(|name| (name, Binding::Hosts(Vec::new()))).collect(),
            Names::Bound(names) => names,
        };
        bounded(bound.len())?;
        let read = |(name, binding): (String, Binding)| {
            super::argument::name_or_star("secret", &name)?;
            Ok((name, binding.read()?))
        };
        Ok(SecretGrant { names: bound.into_iter().map(read).collect::<Result<_, GrantError>>()? })
    }
}

impl Binding {
    fn read(self) -> Result<SecretBinding, GrantError> {
        let full = match self {
            Binding::Hosts(hosts) => FullBinding { hosts, places: None },
            Binding::Full(full) => full,
        };
        let places = full.places.map_or(Places::ALL, |listed| Places {
            url: listed.contains(&Place::Url),
            header: listed.contains(&Place::Header),
            body: listed.contains(&Place::Body),
        });
        Ok(SecretBinding { hosts: rules(&full.hosts)?, places })
    }
}

fn rules(texts: &[String]) -> Result<Vec<HostRule>, GrantError> {
    bounded(texts.len())?;
    texts.iter().map(|text| text.parse()).collect()
}

fn rates(texts: &BTreeMap<String, String>) -> Result<Vec<(HostRule, Rate)>, GrantError> {
    bounded(texts.len())?;
    texts.iter().map(|(host, rate)| Ok((host.parse()?, rate.parse()?))).collect()
}

fn bounded(entries: usize) -> Result<(), GrantError> {
    if entries > MAX_ENTRIES {
        return Err(GrantError::new(format!("a list in the grants has {entries} entries; at most {MAX_ENTRIES} are read")));
    }
    Ok(())
}

fn method(text: &str) -> Result<String, GrantError> {
    let upper = text.to_ascii_uppercase();
    match http::Method::from_bytes(upper.as_bytes()) {
        Ok(_) if upper != "CONNECT" => Ok(upper),
        _ => Err(GrantError::new(format!("`{}` is not a method that can be granted", text.escape_debug()))
            .hint("GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS are")),
    }
}
