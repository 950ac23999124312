//! Signatures: the vectors that the schemes' authors publish, and what is refused.

use http::{HeaderMap, HeaderName, HeaderValue};
use loomwork_trigger::signature::{Refusal, Request, Scheme, Verified, WINDOW, verify as verify_request};

const STANDARD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const STANDARD_TIME: i64 = 1_614_265_330_000;
const GITHUB_SECRET: &str = "It's a Secret to Everybody";
const GITHUB_SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const STRIPE_TIME: i64 = 1_533_204_620_000;
const STRIPE_SIGNATURE: &str = "t=1533204620,v1=f0bdba6d4eacbd8ad8a3bbadd7248e633ec1477f7899c124c51b39405fa36613,v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef";
/// The event over which that signature was made.
const STRIPE_BODY: &str = include_str!("stripe_event.json");

/// Headers and body of a request.
struct Sent(HeaderMap, String);

fn request(headers: &[(&str, &str)], body: &str) -> Sent {
    let header = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().expect("a name"), HeaderValue::from_bytes(value.as_bytes()).expect("a value"))
    };
    Sent(
        headers.iter().map(header).fold(HeaderMap::new(), |mut all, (name, value)| {
            all.append(name, value);
            all
        }),
        body.to_owned(),
    )
}

fn verify(scheme: &Scheme, secrets: &[&str], sent: &Sent, now: i64) -> Result<Verified, Refusal> {
    verify_request(scheme, secrets, &Request { headers: &sent.0, body: sent.1.as_bytes() }, now)
}

fn standard(signature: &str) -> Sent {
    let headers =
        [("Webhook-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"), ("webhook-signature", signature)];
    request(&headers, r#"{"test": 2432232314}"#)
}

const STANDARD_SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

#[test]
fn published_vectors_verify() {
    let verified = verify(&Scheme::StandardWebhooks, &[STANDARD_SECRET], &standard(STANDARD_SIGNATURE), STANDARD_TIME);
    assert_eq!(verified, Ok(Verified { secret: 0, replay: Some("msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned()) }));

    let github = request(&[("X-Hub-Signature-256", GITHUB_SIGNATURE)], "Hello, World!");
    assert_eq!(verify(&Scheme::GitHub, &[GITHUB_SECRET], &github, 0).map(|verified| verified.secret), Ok(0));

    let stripe = request(&[("Stripe-Signature", STRIPE_SIGNATURE)], STRIPE_BODY);
    assert_eq!(verify(&Scheme::Stripe, &["webhook_secret"], &stripe, STRIPE_TIME).map(|verified| verified.secret), Ok(0));
}

#[test]
fn any_of_several_secrets_and_signatures_may_fit() {
    let several = format!("v1a,abcd v1,AAAA {STANDARD_SIGNATURE}");
    let secrets = ["whsec_bmV3IHNlY3JldA==", STANDARD_SECRET];
    let verified = verify(&Scheme::StandardWebhooks, &secrets, &standard(&several), STANDARD_TIME);
    assert_eq!(verified.map(|verified| verified.secret), Ok(1));

    let github = request(&[("x-hub-signature-256", GITHUB_SIGNATURE)], "Hello, World!");
    assert_eq!(verify(&Scheme::GitHub, &["", "other", GITHUB_SECRET], &github, 0).map(|verified| verified.secret), Ok(2));
}

#[test]
fn a_replay_is_known_however_its_header_is_written() {
    let zeros = "0".repeat(64);
    let other = STRIPE_SIGNATURE.replacen("v1=", &format!("v1={zeros},v1="), 1);
    let replay = |header: &str| {
        let request = request(&[("stripe-signature", header)], STRIPE_BODY);
        verify(&Scheme::Stripe, &["webhook_secret"], &request, STRIPE_TIME).expect("it verifies").replay
    };
    assert_eq!(replay(&other), replay(STRIPE_SIGNATURE));
    assert_eq!(replay(&STRIPE_SIGNATURE.to_ascii_lowercase()).expect("a name").len(), 64);
}

#[test]
fn old_and_early_requests_are_refused() {
    let at = |now| verify(&Scheme::StandardWebhooks, &[STANDARD_SECRET], &standard(STANDARD_SIGNATURE), now).err();
    assert_eq!(at(STANDARD_TIME + WINDOW), None);
    assert_eq!(at(STANDARD_TIME + WINDOW + 1), Some(Refusal::Stale));
    assert_eq!(at(STANDARD_TIME - WINDOW), None);
    assert_eq!(at(STANDARD_TIME - WINDOW - 1), Some(Refusal::Early));
    assert_eq!(at(i64::MIN), Some(Refusal::Early));
    let stripe = request(&[("stripe-signature", STRIPE_SIGNATURE)], STRIPE_BODY);
    assert_eq!(verify(&Scheme::Stripe, &["webhook_secret"], &stripe, STRIPE_TIME + WINDOW + 1), Err(Refusal::Stale));
}

#[test]
fn each_refusal_has_its_reason() {
    let missing = |name: &str| Err(Refusal::Missing(name.to_owned()));
    let malformed = |name: &str| Err(Refusal::Malformed(name.to_owned()));
    let github = |headers: &[(&str, &str)], body: &str| verify(&Scheme::GitHub, &[GITHUB_SECRET], &request(headers, body), 0);
    assert_eq!(github(&[], ""), missing("x-hub-signature-256"));
    for bad in ["", "sha256=", "sha256=zz", "sha1=757107ea", "757107ea", &format!("{GITHUB_SIGNATURE}00"), "sha256=é"] {
        assert_eq!(github(&[("x-hub-signature-256", bad)], ""), malformed("x-hub-signature-256"), "{bad}");
    }
    let twice = [("x-hub-signature-256", GITHUB_SIGNATURE), ("x-hub-signature-256", GITHUB_SIGNATURE)];
    assert_eq!(github(&twice, "Hello, World!"), malformed("x-hub-signature-256"));
    assert_eq!(github(&[("x-hub-signature-256", GITHUB_SIGNATURE)], "Hello, World?"), Err(Refusal::Mismatch));

    let stripe =
        |header: &str| verify(&Scheme::Stripe, &["webhook_secret"], &request(&[("stripe-signature", header)], ""), STRIPE_TIME);
    for bad in ["", "t=1533204620", "v1=00", "t=x,v1=00", &STRIPE_SIGNATURE.replace("v1", "v2"), "t=1,t=2,v1=00", "t=-1,v1=00"] {
        assert_eq!(stripe(bad), malformed("stripe-signature"), "{bad}");
    }
    assert_eq!(stripe(STRIPE_SIGNATURE), Err(Refusal::Mismatch));

    let standard =
        |secret: &str, signature: &str| verify(&Scheme::StandardWebhooks, &[secret], &standard(signature), STANDARD_TIME);
    assert_eq!(standard(STANDARD_SECRET, "v1a,abcd"), malformed("webhook-signature"));
    assert_eq!(standard(STANDARD_SECRET, "v1,AAAA"), Err(Refusal::Mismatch));
    assert!(matches!(standard("whsec_ not base64", STANDARD_SIGNATURE), Err(Refusal::Secret(_))));
    assert!(matches!(standard("", STANDARD_SIGNATURE), Err(Refusal::Secret(_))));
    assert!(matches!(verify(&Scheme::Bearer, &[], &request(&[], ""), 0), Err(Refusal::Secret(_))));
}

#[test]
fn tokens_are_compared_whole() {
    let bearer = |value: &str| verify(&Scheme::Bearer, &["old token", "s3cret"], &request(&[("Authorization", value)], ""), 0);
    assert_eq!(bearer("Bearer s3cret"), Ok(Verified { secret: 1, replay: None }));
    assert_eq!(bearer("bearer  old token "), Ok(Verified { secret: 0, replay: None }));
    for wrong in ["Bearer s3cre", "Bearer s3cret2", "Bearer S3cret"] {
        assert_eq!(bearer(wrong), Err(Refusal::Mismatch), "{wrong}");
    }
    for bad in ["", "Bearer", "Bearer ", "Basic s3cret", "s3cret"] {
        assert_eq!(bearer(bad), Err(Refusal::Malformed("authorization".to_owned())), "{bad}");
    }
    let header = Scheme::Header("X-Token".to_owned());
    assert!(verify(&header, &["s3cret"], &request(&[("x-token", "s3cret")], ""), 0).is_ok());
    assert_eq!(
        verify(&header, &["", "s3cret"], &request(&[("x-token", "")], ""), 0),
        Err(Refusal::Malformed("X-Token".to_owned()))
    );
    let not_text = request(&[("x-token", "é")], "");
    assert_eq!(verify(&header, &["s3cret"], &not_text, 0), Err(Refusal::Malformed("X-Token".to_owned())));
}

#[test]
fn refusals_tell_nothing_that_was_sent_or_kept() {
    let request = request(&[("authorization", "Bearer hunter2")], "");
    let refusal = verify(&Scheme::Bearer, &["correct horse"], &request, 0).expect_err("wrong");
    let told = format!("{refusal} {refusal:?} {} {}", refusal.code(), refusal.hint());
    assert!(!told.contains("hunter2") && !told.contains("horse"), "{told}");
}
