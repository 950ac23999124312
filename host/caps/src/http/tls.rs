//! TLS without anything installed globally: the provider is named, the roots are the machine's, else Mozilla's.

use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// There is no usable TLS on this machine.
#[derive(Clone, Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct TlsUnavailable(Arc<str>);

impl TlsUnavailable {
    pub(super) fn new(cause: impl ToString) -> Self {
        Self(cause.to_string().into())
    }
}

/// Reads the roots; some milliseconds of file reading.
pub(super) fn client_config() -> Result<ClientConfig, TlsUnavailable> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsUnavailable::new)?
        .with_root_certificates(roots())
        .with_no_client_auth();
    Ok(config)
}

/// Offers HTTP/2 and HTTP/1.1.
pub(super) fn negotiating(config: &ClientConfig) -> ClientConfig {
    let mut config = config.clone();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}
