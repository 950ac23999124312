//! Secrets: files, signatures, and that nothing prints them.

use crate::support::{Bench, VALUE, scope};
use loomwork_caps::secret::{Algorithm, EnvFileError, MemorySecrets, Secret, SecretError, SecretStore, Signed, UnfitSecret};
use loomwork_catalog::Effect;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

const GRANTS: &str = r#"{"secret": {"names": ["key", "token", "missing"]}}"#;

fn file(text: &str, mode: u32) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("room");
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).expect("ours");
    file
}

#[tokio::test]
async fn a_file_of_secrets_is_read() {
    let file = file("# a comment\n\nA=value-a\r\nexport B = \"value b\"\nC='it=is'\n", 0o600);
    let store = MemorySecrets::from_env_file(file.path()).expect("good");
    for (name, value) in [("A", "value-a"), ("B", "value b"), ("C", "it=is")] {
        let secret = store.get("any", name).await.expect("there").expect(name);
        let bench = Bench::new();
        bench.secrets.redactor("p").learn(name, value).expect("few");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
    assert!(store.get("any", "D").await.expect("there").is_none());
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    for mode in [0o644, 0o640, 0o604, 0o660, 0o601] {
        let error = MemorySecrets::from_env_file(file("A=value\n", mode).path()).expect_err("exposed");
        assert!(matches!(error, EnvFileError::Exposed { .. }), "{error}");
        assert!(error.to_string().contains("chmod 600"));
    }
}

#[test]
fn a_wrong_file_is_told_by_line_and_not_by_value() {
    for (text, line) in [("A=good-value\nhunter2-no-equals\n", 2), ("A B=hunter2\n", 1), ("A=abc\n", 1), ("=hunter2\n", 1)] {
        let error = MemorySecrets::from_env_file(file(text, 0o600).path()).expect_err(text);
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(&format!("line {line}")) && !shown.contains("hunter2"), "{shown}");
    }
    let missing = MemorySecrets::from_env_file(std::path::Path::new("/does/not/exist"));
    assert!(matches!(missing, Err(EnvFileError::Io { .. })));
    let large = file(&"#".repeat(2 << 20), 0o600);
    assert!(matches!(MemorySecrets::from_env_file(large.path()), Err(EnvFileError::TooLarge { .. })));
}

#[test]
fn what_cannot_be_hidden_is_no_secret() {
    assert_eq!(Secret::new("abc").expect_err("short"), UnfitSecret::Short);
    assert_eq!(Secret::new("x".repeat(70_000)).expect_err("long"), UnfitSecret::Long);
    assert!(!format!("{:?}", MemorySecrets::default().with("key", Secret::new(VALUE).expect("good"))).contains("s3cr3t"));
}

#[tokio::test]
async fn digests_are_those_of_the_standard() {
    let bench = Bench::new();
    let scope = scope(GRANTS, Effect::Read);
    for (algorithm, expected) in [
        (Algorithm::HmacSha1, "c1b8da78d1aacac614bf2f27c5a5e89125f78fee"),
        (Algorithm::HmacSha256, "2e2f3d6a9e8bb9941ff3c872ce97f6ce72c5cb66352a77b8a40c09e312a10c9d"),
        (
            Algorithm::HmacSha512,
            "0b921906109021db4cce6d9b059a8c1e8458a6b1d0d87a9dda2f31eae8635812b01ad3739faba0305b655c7c20d201452a8ef1c54333f210c060314ead4ecfc7",
        ),
    ] {
        let digest = bench.secrets.sign(&scope, "token", algorithm, b"message").await.expect("granted");
        let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, expected);
        let signed = Signed { message: b"message", signature: &digest };
        assert_eq!(bench.secrets.verify(&scope, "token", algorithm, signed).await, Ok(true));
        for wrong in [&digest[1..], b"", &[0; 64]] {
            let signed = Signed { message: b"message", signature: wrong };
            assert_eq!(bench.secrets.verify(&scope, "token", algorithm, signed).await, Ok(false));
        }
    }
}

#[tokio::test]
async fn a_web_token_is_signed() {
    let bench = Bench::new();
    let scope = scope(GRANTS, Effect::Read);
    let token = bench.secrets.jwt(&scope, "token", Algorithm::HmacSha256, r#"{"sub":"a"}"#).await.expect("granted");
    assert_eq!(token, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhIn0.PGZtREsc8E8xUO-xMVfgBdqIPxogkJopqlIKaWk0H-I");
    for claims in ["", "[]", "{", "null", &format!("{{\"a\":\"{}\"}}", "x".repeat(20_000))] {
        let error = bench.secrets.jwt(&scope, "token", Algorithm::HmacSha256, claims).await.expect_err(claims);
        assert!(matches!(error, SecretError::Invalid(_)));
    }
}

#[tokio::test]
async fn secrets_must_be_granted_and_be_there() {
    let bench = Bench::new();
    let denied = bench.secrets.sign(&scope("{}", Effect::Write), "key", Algorithm::HmacSha256, b"").await;
    assert!(matches!(denied, Err(SecretError::Denied(_))), "{denied:?}");
    let scope = scope(GRANTS, Effect::Write);
    for (name, unknown) in [("missing", true), ("other", false), ("", true), ("a b", true), ("*", true)] {
        let error = bench.secrets.sign(&scope, name, Algorithm::HmacSha256, b"").await.expect_err(name);
        assert_eq!(matches!(error, SecretError::Unknown(_)), unknown, "{name}: {error:?}");
    }
}

#[tokio::test]
async fn a_used_secret_is_hidden_in_its_project_alone() {
    let bench = Bench::new();
    bench.secrets.sign(&scope(GRANTS, Effect::Read), "key", Algorithm::HmacSha256, b"").await.expect("granted");
    let line = format!("before {VALUE} after");
    assert_eq!(bench.secrets.redactor("shop").text(&line), "before [secret:key] after");
    assert_eq!(bench.secrets.redactor("other").text(&line), line);
}

#[tokio::test]
async fn whoever_presents_a_secret_is_compared_and_the_secret_hidden() {
    let bench = Bench::new();
    assert_eq!(bench.secrets.matches("p", "key", VALUE).await, Ok(true));
    for wrong in ["", "x", &VALUE[1..], &format!("{VALUE} "), "plain-token-1234"] {
        assert_eq!(bench.secrets.matches("p", "key", wrong).await, Ok(false), "{wrong}");
    }
    assert!(matches!(bench.secrets.matches("p", "missing", VALUE).await, Err(SecretError::Unknown(_))));
    assert!(bench.secrets.redactor("p").finds(VALUE), "it may stand in what the flow is told of its caller");
}
