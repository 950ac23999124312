//! Where the database is.

use crate::address::Address;
use crate::error::Done;
use crate::tls::Connector;
use loomwork_journal::StoreError;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

#[derive(Clone, Debug)]
pub struct Settings {
    /// `postgres://user:password@host:port/database`; with `?sslmode=require` or `verify-full` the connection is encrypted, and the
    /// server's certificate must be for its host, and by one of the roots in the file that `sslrootcert` names, else by one that this
    /// machine trusts.
    pub url: String,
    /// All tables are in it; made if it is not there. Lower-case letters, digits and `_`.
    pub schema: String,
    /// Connections that write.
    pub writers: usize,
    /// Something quicker tells other processes what happens to runs: notifications tell only of records, and of runs that are due later.
    pub carried: bool,
}

impl Settings {
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), schema: "loomwork".to_owned(), writers: 3, carried: false }
    }

    pub(crate) fn plan(&self) -> Done<Plan> {
        let simple = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if self.schema.is_empty() || self.schema.len() > 50 || !self.schema.bytes().all(simple) {
            return Err(StoreError::Refused(format!("`{}` cannot be the name of a schema", self.schema)));
        }
        let address = Address::read(&self.url);
        let parsed = address.plain.parse::<Config>();
        let mut config = parsed.map_err(|error| StoreError::Refused(format!("the database's address is none: {error}")))?;
        let encrypted = config.get_ssl_mode() == SslMode::Require;
        if !encrypted && address.roots.is_some() {
            let why = "sslrootcert says whom to trust, and sslmode does not ask for encryption: add sslmode=verify-full";
            return Err(StoreError::Refused(why.to_owned()));
        }
        if !encrypted {
            config.ssl_mode(SslMode::Disable);
        }
        let connector = encrypted.then(|| Connector::new(address.roots.as_deref())).transpose()?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        config.application_name("loomwork");
        // Nobody holds a lock for ever: a server that was cut off inside a transaction lets go.
        let bounds = "-c idle_in_transaction_session_timeout=30s -c lock_timeout=20s";
        config.options(format!("-c search_path={} {bounds}", self.schema));
        Ok(Plan { config, connector, schema: self.schema.clone(), carried: self.carried })
    }
}

/// Settings that have been understood.
#[derive(Debug)]
pub(crate) struct Plan {
    pub config: Config,
    /// None: connections are not encrypted.
    pub connector: Option<Connector>,
    pub schema: String,
    pub carried: bool,
}
