//! A guest that uses every capability, called through the engine.

use crate::log::Kept;
use crate::support::VALUE;
use crate::support::server::{Server, ok};
use loomwork_caps::secret::{MemorySecrets, Secret};
use loomwork_caps::{Capabilities, Grants};
use loomwork_catalog::Package;
use loomwork_engine::{Call, Component, Context, Engine, Profile, Settings};
use std::path::Path;
use std::sync::Arc;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const WORLD: &str = r#"
    package test:guest@1.0.0;
    world guest {
        import loom:host/http@0.1.0;
        import loom:host/kv@0.1.0;
        import loom:host/secret@0.1.0;
        import loom:host/log@0.1.0;
        export fetch: func(url: string, header: string) -> result<string, string>;
        export count: func(store: string) -> result<s64, string>;
        export placeholder: func(name: string) -> result<string, string>;
        export speak: func(message: string, times: u32);
    }
"#;

/// The guest as a component: `wit/host` and the world above, around the module beside this file.
fn component() -> Vec<u8> {
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/host");
    resolve.push_dir(wit).expect("the contract is valid");
    let package = resolve.push_str("guest.wit", WORLD).expect("the world is valid");
    let world = resolve.select_world(&[package], None).expect("one world");
    let mut module = wat::parse_str(include_str!("guest.wat")).expect("the module is valid");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("they fit");
    ComponentEncoder::default().module(&module).expect("they fit").encode().expect("they fit")
}

struct Host {
    capabilities: Capabilities,
    component: Component,
    log: Kept,
}

impl Host {
    async fn start() -> Self {
        let log = Kept::default();
        let secrets = MemorySecrets::default().with("key", Secret::new(VALUE).expect("good"));
        let capabilities = Capabilities::builder().secrets(secrets).log(log.clone()).build();
        let engine = Engine::new(Settings { capabilities: capabilities.list(), ..Settings::default() }).expect("it starts");
        let bytes = component();
        let package = Package::read(&bytes).expect("a package");
        let component = engine.load(&bytes, package, Profile::Node).await.expect("it loads");
        Self { capabilities, component, log }
    }

    async fn call(&self, grants: &str, path: &str, input: &str) -> Result<String, loomwork_types::Fault> {
        let grants = self.capabilities.grants(&Grants::from_json(grants).expect("good"));
        let context = Context { project: "shop".into(), run: "run_1".into(), ..Context::default() };
        self.component.call(path, input, Call { context: Arc::new(context), grants, ..Call::default() }).await
    }
}

/// All four, with the server as only host.
fn all(server: &Server) -> String {
    format!(
        r#"{{"http": {{"allow": ["{0}"]}}, "kv": {{"stores": ["cart"]}}, "secret": {{"names": {{"key": ["{0}"]}}}}, "log": true}}"#,
        server.url("")
    )
}

#[tokio::test]
async fn a_guest_uses_each_capability() {
    let server = Server::start(|request| ok(&format!("you sent {request}"))).await;
    let (host, grants) = (Host::start().await, all(&server));
    let placeholder = host.call(&grants, "#placeholder", r#"{"name": "key"}"#).await.expect("granted");
    assert_eq!(placeholder, r#""{{secret:key}}""#);
    let input = format!(r#"{{"url": "{}", "header": {placeholder}}}"#, server.url("/x"));
    let body = host.call(&grants, "#fetch", &input).await.expect("granted");
    assert!(body.contains("GET /x HTTP/1.1") && body.contains("x-header: [secret:key]") && !body.contains("s3cr3t"), "{body}");
    assert!(server.requests()[0].contains(&format!("x-header: {VALUE}\r\n")));
    for n in 1..4 {
        assert_eq!(host.call(&grants, "#count", r#"{"store": "cart"}"#).await.expect("granted"), n.to_string());
    }
    host.call(&grants, "#speak", r#"{"message": "hello", "times": 2000}"#).await.expect("granted");
    assert_eq!(host.log.lines().len(), 1001);
}

#[tokio::test]
async fn a_guest_is_told_what_is_denied() {
    let (server, host) = (Server::saying("inside").await, Host::start().await);
    let grants = all(&server);
    for (path, input, part) in [
        ("#fetch", r#"{"url": "http://127.0.0.1:1/", "header": "x"}"#, "are not granted"),
        ("#fetch", r#"{"url": "http://169.254.169.254/", "header": "x"}"#, "are not granted"),
        ("#fetch", r#"{"url": "nonsense", "header": "x"}"#, "not valid"),
        ("#count", r#"{"store": "orders"}"#, "store `orders` is not granted"),
        ("#placeholder", r#"{"name": "other"}"#, "secret `other` is not granted"),
    ] {
        let fault = host.call(&grants, path, input).await.expect_err(path);
        assert!(format!("{fault:?}").contains(part), "{fault:?}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_guest_without_a_grant_does_not_start() {
    let host = Host::start().await;
    let grants = r#"{"kv": {"stores": ["cart"]}, "secret": {"names": ["key"]}, "log": true}"#;
    let fault = host.call(grants, "#speak", r#"{"message": "hello", "times": 1}"#).await.expect_err("http is missing");
    assert_eq!(fault.code, "capability.not_granted");
    assert!(fault.message.contains("loom:host/http"), "{fault}");
    assert!(host.log.lines().is_empty());
}
