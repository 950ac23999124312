//! Many calls at once, calls that are given up, and a pool that is full.

use crate::guest::*;
use loomwork_engine::{Call, Engine, Limits, Settings, Sizes};
use std::time::Duration;

fn small(node: u32) -> Engine {
    let sizes = Sizes { node, ..Sizes::default() };
    Engine::new(Settings { sizes, patience: Duration::from_millis(100), ..Settings::default() }).expect("the engine starts")
}

fn spinning() -> Vec<u8> {
    build("export run: func();", r#"(func (export "run") (loop $again (br $again)))"#)
}

fn long() -> Call {
    Call { limits: Limits { time: Duration::from_secs(60), ..Limits::default() }, ..Call::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once() {
    let component = load(&engine(), &echo()).await;
    let calls = (0..1000).map(|n| {
        let component = component.clone();
        tokio::spawn(async move {
            let answer = component.call("#echo", &format!("{{\"text\":\"{n}\"}}"), Call::default()).await;
            assert_eq!(answer, Ok(format!("\"{n}\"")));
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.expect("each call is answered");
    }
}

/// Guests that compute do not keep others from a thread: they look up each tick.
#[tokio::test(flavor = "current_thread")]
async fn spinning_guests_share_their_thread() {
    let engine = engine();
    let (spin, echo) = (load(&engine, &spinning()).await, load(&engine, &echo()).await);
    let spinners: Vec<_> = (0..4)
        .map(|_| {
            let spin = spin.clone();
            tokio::spawn(async move { spin.call("#run", "{}", long()).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let answer = tokio::time::timeout(Duration::from_secs(5), echo.call("#echo", r#"{"text":"me too"}"#, Call::default())).await;
    assert_eq!(answer.expect("served in time").as_deref(), Ok("\"me too\""));
    spinners.iter().for_each(|spinner| spinner.abort());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_call_gives_its_place_back() {
    let engine = small(1);
    let (spin, echo) = (load(&engine, &spinning()).await, load(&engine, &echo()).await);
    for _ in 0..20 {
        let given_up = tokio::time::timeout(Duration::from_millis(10), spin.call("#run", "{}", long())).await;
        assert!(given_up.is_err(), "the guest spins for ever");
        assert_eq!(echo.call("#echo", r#"{"text":"next"}"#, Call::default()).await.as_deref(), Ok("\"next\""));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_pool_is_waited_for_a_bounded_time() {
    let engine = small(2);
    let (spin, echo) = (load(&engine, &spinning()).await, load(&engine, &echo()).await);
    let spinners: Vec<_> = (0..2)
        .map(|_| {
            let spin = spin.clone();
            tokio::spawn(async move { spin.call("#run", "{}", long()).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(30)).await;
    let fault = echo.call("#echo", r#"{"text":"a"}"#, Call::default()).await.expect_err("full");
    assert_eq!(fault.code, "limit.busy");
    spinners.iter().for_each(|spinner| spinner.abort());
    for spinner in spinners {
        assert!(spinner.await.is_err());
    }
    still_serves(&engine).await;
}

/// Reuse is the manifest's to allow, and stays within a project.
#[tokio::test]
async fn an_instance_is_used_again_only_within_its_project() {
    let bytes = build(
        "export count: func(stop: bool) -> u32;",
        r#"(global $n (mut i32) (i32.const 0))
           (func (export "count") (param i32) (result i32)
               (if (local.get 0) (then unreachable))
               (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))"#,
    );
    let engine = engine();
    let mut package = loomwork_catalog::Package::read(&bytes).expect("a component");
    let fresh = engine.load(&bytes, package.clone(), Default::default()).await.expect("loads");
    package.reuse = 3;
    let warm = engine.load(&bytes, package, Default::default()).await.expect("loads");
    let count = async |component: &loomwork_engine::Component, project: &str, stop: bool| {
        let call = context(|context| context.project = project.into());
        component.call("#count", &format!("{{\"stop\":{stop}}}"), call).await
    };
    assert_eq!(count(&fresh, "a", false).await.as_deref(), Ok("1"));
    assert_eq!(count(&fresh, "a", false).await.as_deref(), Ok("1"));
    for expected in ["1", "2", "3", "1"] {
        assert_eq!(count(&warm, "a", false).await.as_deref(), Ok(expected));
    }
    assert_eq!(count(&warm, "b", false).await.as_deref(), Ok("1"));
    assert_eq!(count(&warm, "a", true).await.expect_err("it stops").code, "trap.unreachable");
    assert_eq!(count(&warm, "a", false).await.as_deref(), Ok("1"));
}
