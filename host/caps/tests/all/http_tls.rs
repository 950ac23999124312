//! TLS without a provider installed for the whole process.

use crate::support::{Bench, allowing, get};
use loomwork_caps::http::{HttpError, HttpSettings};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A TLS server for `localhost`, and the configuration of a client that trusts it.
async fn server() -> (u16, ClientConfig) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(certified.cert.der().clone()).expect("a good certificate");
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().expect("versions");
    let client = builder.with_root_certificates(roots).with_no_client_auth();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).expect("a key");
    let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().expect("versions");
    let config = builder.with_no_client_auth().with_single_cert(vec![certified.cert.der().clone()], key).expect("they match");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecure").await;
            let _ = stream.shutdown().await;
        }
    });
    (port, client)
}

#[tokio::test]
async fn https_works_with_roots_of_ones_own() {
    let (port, client) = server().await;
    let url = format!("https://localhost:{port}/");
    let bench = Bench::with(HttpSettings { tls: Some(Arc::new(client)), ..HttpSettings::default() });
    assert_eq!(bench.send(&allowing(&[&url]), get(&url)).await.expect("trusted").body, b"secure");
    assert!(rustls::crypto::CryptoProvider::get_default().is_none(), "nothing global is installed");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused() {
    let (port, _) = server().await;
    let url = format!("https://localhost:{port}/");
    let result = Bench::new().send(&allowing(&[&url]), get(&url)).await;
    assert!(matches!(&result, Err(HttpError::Unreachable(_))), "{result:?}");
}

#[tokio::test]
async fn a_certificate_of_another_name_is_refused() {
    let (port, client) = server().await;
    let url = format!("https://127.0.0.1:{port}/");
    let bench = Bench::with(HttpSettings { tls: Some(Arc::new(client)), ..HttpSettings::default() });
    let result = bench.send(&allowing(&[&url]), get(&url)).await;
    assert!(matches!(&result, Err(HttpError::Unreachable(_))), "{result:?}");
}
