//! A server that takes only encrypted connections, with a certificate by a root of one's own.

use crate::short;
use loomwork_journal::{Store, StoreError};
use loomwork_store_postgres::{PostgresStore, Settings};
use loomwork_testbed::{Certificate, PostgresServer};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// A root, and who it vouches for.
struct Root {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Root {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// Certificate and key, as PEM.
    fn vouch(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        (params.signed_by(&key, &self.issuer).expect("a certificate").pem(), key.serialize_pem())
    }
}

/// None, and a word, where there is no Postgres.
fn server(root: &Root, host: &str) -> Option<PostgresServer> {
    loomwork_testbed::postgres::programs().or_else(|| {
        assert!(std::env::var_os("CI").is_none(), "Postgres must be there in CI");
        eprintln!("not run: there is no Postgres");
        None
    })?;
    let (chain, key) = root.vouch(host);
    Some(PostgresServer::start_encrypted(&Certificate { chain: &chain, key: &key }).expect("it starts"))
}

async fn connect(server: &PostgresServer, more: &str) -> Result<PostgresStore, StoreError> {
    PostgresStore::connect(&Settings::new(format!("{}{more}", server.url()))).await
}

#[track_caller]
fn refused(result: Result<PostgresStore, StoreError>, code: &str, says: &str) {
    let error = result.expect_err("it is refused");
    assert!(error.code() == code && error.to_string().contains(says), "{error}");
    assert!(!error.to_string().contains("sesame"), "{error}");
}

#[tokio::test]
async fn a_root_of_ones_own_is_trusted_where_it_is_named() {
    let (root, other) = (Root::new("ours"), Root::new("another"));
    let Some(server) = server(&root, "localhost") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("a plain path").to_owned()
    };
    // Among others.
    let (ours, theirs) = (file("our roots.pem", &format!("{}{}", other.pem, root.pem)), file("theirs.pem", &other.pem));
    for mode in ["require", "verify-ca", "verify-full"] {
        let store = connect(&server, &format!("?sslmode={mode}&sslrootcert={}", ours.replace(' ', "%20"))).await;
        let store = store.unwrap_or_else(|error| panic!("{mode}: {error}"));
        let mut changes = store.changes();
        store.commit(short(mode.len() as u64)).await.expect("it is written");
        assert!(changes.next().await.is_some(), "and heard of");
    }
    refused(connect(&server, "").await, "store.unavailable", "no encryption");
    refused(connect(&server, &format!("?sslrootcert={theirs}")).await, "store.refused", "sslmode=verify-full");
    refused(connect(&server, "?sslmode=require").await, "store.unavailable", "sslrootcert=");
    for mode in ["require", "verify-full"] {
        let wrong = connect(&server, &format!("?sslmode={mode}&sslrootcert={theirs}")).await;
        refused(wrong, "store.unavailable", "is not trusted");
    }
    let (empty, text) = (file("empty.pem", ""), file("text.pem", "-----BEGIN CERTIFICATE-----\nnonsense"));
    for (file, says) in [("/nowhere.pem", "cannot be read"), (&empty, "no certificates"), (&text, "PEM")] {
        refused(connect(&server, &format!("?sslmode=require&sslrootcert={file}")).await, "store.refused", says);
    }
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let root = Root::new("ours");
    let Some(server) = server(&root, "db.example") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("root.pem");
    std::fs::write(&file, &root.pem).expect("written");
    for mode in ["require", "verify-full"] {
        let wrong = connect(&server, &format!("?sslmode={mode}&sslrootcert={}", file.display())).await;
        refused(wrong, "store.unavailable", "db.example");
    }
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_is_refused_where_that_is_required() {
    let Some(server) = PostgresServer::start_or_say_why() else { return };
    refused(connect(&server, "?sslmode=require").await, "store.unavailable", "does not support TLS");
}
