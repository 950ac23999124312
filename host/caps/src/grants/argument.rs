//! Grants on the command line: `--grant http:https://api.example.com --grant kv:cart --grant log`.

use super::{GrantError, Grants, HostRule, KvGrant, Places, SecretBinding};

const FORMS: &str = "the forms are http:HOST, http:private, kv:STORE, secret:NAME, secret:NAME=HOST,HOST, log, and JSON";

impl Grants {
    /// Reads one argument and adds what it grants: `http:HOST`, `http:private`, `kv:STORE`, `secret:NAME`,
    /// `secret:NAME=HOST,HOST`, `log`, or the JSON form, which starts with `{`.
    pub fn parse_arg(&mut self, text: &str) -> Result<(), GrantError> {
        if text.trim_start().starts_with('{') {
            self.add(Self::from_json(text)?);
            return Ok(());
        }
        let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest)));
        match (kind, rest) {
            ("http", Some(host)) => self.add_host(host),
            ("kv", Some(store)) => self.add_store(store),
            ("secret", Some(secret)) => self.add_secret(secret),
            ("log", None) => {
                self.log = true;
                Ok(())
            }
            ("log", Some(_)) => Err(GrantError::new("`log` has nothing after it").hint(FORMS)),
            ("http" | "kv" | "secret", None) => {
                Err(GrantError::new(format!("`{kind}` alone grants nothing; say which after a colon")).hint(FORMS))
            }
            _ => Err(GrantError::new(format!("`{}` is not a capability", kind.escape_debug())).hint(FORMS)),
        }
    }

    /// Reads all `--grant` arguments of a command.
    pub fn parse_args<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Result<Self, GrantError> {
        let mut grants = Self::default();
        for argument in arguments {
            grants.parse_arg(argument)?;
        }
        Ok(grants)
    }

    /// Allows in addition what `other` allows. Of limits that both state, the other's holds.
    pub fn add(&mut self, other: Self) {
        self.log |= other.log;
        if let Some(kv) = other.kv {
            self.kv.get_or_insert_default().stores.extend(kv.stores);
        }
        if let Some(secret) = other.secret {
            self.secret.get_or_insert_default().names.extend(secret.names);
        }
        if let Some(http) = other.http {
            let mine = self.http.get_or_insert_default();
            mine.allow.extend(http.allow);
            mine.private = mine.private.max(http.private);
            mine.methods = http.methods.or_else(|| mine.methods.take());
            mine.max_request = http.max_request.or(mine.max_request);
            mine.max_response = http.max_response.or(mine.max_response);
            mine.timeout = http.timeout.or(mine.timeout);
            mine.max_requests = http.max_requests.or(mine.max_requests);
        }
    }

    fn add_host(&mut self, text: &str) -> Result<(), GrantError> {
        if text == "private" {
            self.http.get_or_insert_default().private = crate::http::Reach::Private;
            return Ok(());
        }
        let rule: HostRule = text.parse()?;
        self.http.get_or_insert_default().allow.push(rule);
        Ok(())
    }

    fn add_store(&mut self, store: &str) -> Result<(), GrantError> {
        name_or_star("store", store)?;
        self.kv.get_or_insert_with(KvGrant::default).stores.push(store.to_owned());
        Ok(())
    }

    fn add_secret(&mut self, text: &str) -> Result<(), GrantError> {
        let (name, hosts) = text.split_once('=').map_or((text, None), |(name, hosts)| (name, Some(hosts)));
        name_or_star("secret", name)?;
        let hosts: Vec<HostRule> =
            hosts.map_or(Ok(Vec::new()), |hosts| hosts.split(',').map(|host| host.trim().parse()).collect())?;
        let names = &mut self.secret.get_or_insert_default().names;
        let binding = names.entry(name.to_owned()).or_insert(SecretBinding { hosts: Vec::new(), places: Places::ALL });
        binding.hosts.extend(hosts);
        Ok(())
    }
}

/// Whether `name` can name a store or a secret: 1 to 64 letters, digits, `_`, `-` and `.`.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

pub(super) fn name_or_star(what: &str, name: &str) -> Result<(), GrantError> {
    if name == "*" || is_name(name) {
        return Ok(());
    }
    Err(GrantError::new(format!("`{}` is not the name of a {what}", name.escape_debug()))
        .hint("a name has 1 to 64 letters, digits, `_`, `-` and `.`"))
}
