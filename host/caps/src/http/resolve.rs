//! Name resolution with a judge behind it: a connection goes only to addresses that were admitted, so a name that
//! changes its mind between check and connection gains nothing.

use super::Reach;
use async_trait::async_trait;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Finds the addresses of a name. Asked for each new connection.
#[async_trait]
pub trait Resolver: Send + Sync + 'static {
    async fn lookup(&self, name: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// Asks the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn lookup(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// Every address of a name lies beyond what is granted.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` leads to a private or reserved address, which is not granted")]
pub(super) struct AddressDenied {
    name: String,
}

/// Hands on only what `reach` admits.
pub(super) struct Judged {
    pub(super) resolver: Arc<dyn Resolver>,
    pub(super) reach: Reach,
}

impl reqwest::dns::Resolve for Judged {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let (resolver, reach) = (self.resolver.clone(), self.reach);
        Box::pin(async move {
            let name = name.as_str();
            let mut found = resolver.lookup(name).await?;
            if found.is_empty() {
                return Err(format!("`{name}` has no address").into());
            }
            found.retain(|ip| reach.admits(*ip));
            if found.is_empty() {
                return Err(AddressDenied { name: name.to_owned() }.into());
            }
            let addresses = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as reqwest::dns::Addrs)
        })
    }
}
