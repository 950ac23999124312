//! Runs that start runs, and events that do.

use crate::world::{World, chain, failed, finished, flow, flow_with, input};
use loomwork_journal::{Filter, Project, State};
use loomwork_run::{Again, Begun, NewRun};

const CALL_AND_RETURN: &str = r#"{"from": "child", "to": "answer"}"#;

fn calls(id: &str, target: &str, mode: &str) -> String {
    let nodes = format!(
        r#"{{"id": "child", "use": "call", "with": {{"flow": "{target}", "input": "{{{{ input }}}}!", "mode": "{mode}"}}}},
           {{"id": "answer", "use": "return", "with": {{"value": "{{{{ nodes.child }}}}"}}}}"#
    );
    flow(id, &nodes, CALL_AND_RETURN)
}

#[tokio::test]
async fn a_flow_waits_for_another() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("inner", &["note"])).await.expect("it is deployed");
    runner.deploy(&calls("outer", "inner", "wait")).await.expect("it is deployed");
    let (run, reply) = runner.run("outer", input("a")).await;
    assert_eq!(finished(reply), r#""done""#);
    assert_eq!(world.done(), ["note a!-0"]);
    let children = runner.store().runs(&Filter { parent: run, ..Filter::of(Project::local()) }).await.expect("they are kept");
    assert_eq!((children.len(), children[0].state), (1, State::Finished));
}

#[tokio::test]
async fn a_fault_of_the_other_flow_comes_back() {
    let world = World::new();
    let runner = world.start().await;
    let fails = r#"{"id": "stop", "use": "fail", "with": {"code": "inner.bad", "message": "no"}}"#;
    runner.deploy(&flow("inner", fails, "")).await.expect("it is deployed");
    runner.deploy(&calls("outer", "inner", "wait")).await.expect("it is deployed");
    assert_eq!(failed(runner.run("outer", input("a")).await.1), "inner.bad");
}

#[tokio::test]
async fn a_flow_only_starts_another() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("inner", &["note"])).await.expect("it is deployed");
    runner.deploy(&calls("outer", "inner", "start")).await.expect("it is deployed");
    let id = finished(runner.run("outer", input("a")).await.1);
    let child = id.trim_matches('"').parse().expect("it is a run's id");
    assert_eq!(finished(runner.reply(&child).await), r#""done""#);
}

#[tokio::test]
async fn cancelling_reaches_what_the_run_waits_for() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("inner", &["hang"])).await.expect("it is deployed");
    runner.deploy(&calls("outer", "inner", "wait")).await.expect("it is deployed");
    let begun = runner.begin("outer", input("a")).await.expect("it begins");
    world.until_done(1).await;
    runner.cancel(begun.run()).await.expect("it is asked");
    assert_eq!(failed(runner.reply(begun.run()).await), "run.cancelled");
    let parent = Some(begun.run().clone());
    let children = runner.store().runs(&Filter { parent, ..Filter::of(Project::local()) }).await.expect("they are kept");
    assert_eq!(failed(runner.reply(&children[0].id).await), "run.cancelled");
}

#[tokio::test]
async fn flows_that_call_each_other_for_ever_are_stopped() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&calls("round", "round", "wait")).await.expect("it is deployed");
    assert_eq!(failed(runner.run("round", input("a")).await.1), "limit.depth");
}

#[tokio::test]
async fn an_event_starts_each_flow_that_listens_once() {
    let world = World::new();
    let runner = world.start().await;
    let listens = r#""triggers": [{"id": "heard", "kind": "event", "name": "order.placed"}],"#;
    for id in ["one", "two"] {
        let node = format!(r#"{{"id": "note", "use": "w#note", "with": {{"text": "{id} {{{{ input }}}}"}}}}"#);
        runner.deploy(&flow_with(id, listens, &node, "")).await.expect("it is deployed");
    }
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "order.placed", "payload": "{{ input }}"}}"#;
    runner.deploy(&flow("teller", emits, "")).await.expect("it is deployed");
    assert_eq!(finished(runner.run("teller", input("7")).await.1), "null");
    world.until_done(2).await;
    let mut done = world.done();
    done.sort();
    assert_eq!(done, ["note one 7", "note two 7"]);
}

const WAITS: &str = r#"{"id": "paid", "use": "wait", "with": {"signal": {"name": "paid", "key": "{{ input }}"}}},
                       {"id": "answer", "use": "return", "with": {"value": "{{ nodes.paid }}"}}"#;
const WAIT_AND_RETURN: &str = r#"{"from": "paid", "to": "answer"}"#;

#[tokio::test]
async fn a_signal_is_heard_early_and_late_and_by_its_key() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&flow("waits", WAITS, WAIT_AND_RETURN)).await.expect("it is deployed");
    assert_eq!(runner.signal("paid", Some(r#""a""#), None, "1").await, Ok(0), "nobody listens yet: it is kept");
    assert_eq!(finished(runner.run("waits", input("a")).await.1), "1");
    let other = runner.begin("waits", input("b")).await.expect("it begins");
    let waiting = runner.begin("waits", input("c")).await.expect("it begins");
    until_listening(&runner, &[other.run(), waiting.run()]).await;
    assert_eq!(runner.signal("paid", Some(r#""c""#), None, "[2]").await, Ok(1));
    assert_eq!(finished(runner.reply(waiting.run()).await), "[2]");
    assert_eq!(runner.signal("paid", None, Some(other.run().clone()), "3").await, Ok(1));
    assert_eq!(finished(runner.reply(other.run()).await), "3");
    let late = runner.signal("paid", None, Some(other.run().clone()), "4").await.expect_err("it has ended");
    assert_eq!(late.code, "run.ended");
}

/// Two branches at once: one waits for a signal, the other calls `#note` twice.
const BOTH: &str = r#"{"id": "paid", "use": "wait", "with": {"signal": {"name": "paid", "key": "{{ input }}"}}},
    {"id": "one", "use": "w#note", "with": {"text": "one"}}, {"id": "two", "use": "w#note", "with": {"text": "two"}},
    {"id": "answer", "use": "return", "with": {"value": "{{ nodes.paid }}"}}"#;
const TOGETHER: &str = r#"{"from": "one", "to": "two"}, {"from": "two", "to": "answer"}, {"from": "paid", "to": "answer"}"#;

#[tokio::test]
async fn a_run_that_is_repeated_from_a_step_hears_what_was_waited_for_there() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&flow("both", BOTH, TOGETHER)).await.expect("it is deployed");
    let first = runner.begin("both", input("a")).await.expect("it begins");
    world.until_done(2).await;
    assert_eq!(runner.signal("paid", Some(r#""a""#), None, "1").await, Ok(1));
    assert_eq!(finished(runner.reply(first.run()).await), "1");
    let second = runner.details(first.run()).await.expect("it is kept").steps.pop().expect("it has steps").step;
    let again = runner.rerun(first.run(), Again { from: Some(second), ..Again::default() }).await.expect("it is repeated");
    world.until_done(3).await;
    assert_eq!(runner.signal("paid", Some(r#""a""#), None, "2").await, Ok(1));
    assert_eq!(finished(runner.reply(&again).await), "2");
    assert_eq!(world.done(), ["note one", "note two", "note two"]);
}

#[tokio::test]
async fn a_run_that_is_repeated_from_a_step_waits_for_its_place_with_what_it_took_over() {
    let world = World::new();
    let runner = world.start().await;
    let narrow = flow_with("narrow", r#""concurrency": {"limit": 1},"#, BOTH, TOGETHER);
    runner.deploy(&narrow).await.expect("it is deployed");
    let first = runner.begin("narrow", input("a")).await.expect("it begins");
    world.until_done(2).await;
    runner.signal("paid", Some(r#""a""#), None, "1").await.expect("it is heard");
    finished(runner.reply(first.run()).await);
    let second = runner.begin("narrow", input("b")).await.expect("it begins");
    world.until_done(4).await;
    let last = runner.details(first.run()).await.expect("it is kept").steps.pop().expect("it has steps").step;
    let again = runner.rerun(first.run(), Again { from: Some(last), ..Again::default() }).await.expect("it is repeated");
    assert_eq!(runner.get(&again).await.expect("it is kept").row.state, State::Queued);
    assert_eq!(runner.signal("paid", None, Some(again.clone()), "3").await, Ok(1), "it is listened for already");
    runner.signal("paid", Some(r#""b""#), None, "2").await.expect("it is heard");
    finished(runner.reply(second.run()).await);
    assert_eq!(finished(runner.reply(&again).await), "3");
    assert_eq!(world.done(), ["note one", "note two", "note one", "note two", "note two"]);
}

async fn until_listening(runner: &loomwork_run::Runner, runs: &[&loomwork_journal::RunId]) {
    for run in runs {
        while runner.store().listening(run).await.expect("it can be read").is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

fn says(who: &str, approved: bool, form: Option<&str>) -> loomwork_run::Answered {
    let form = form.map(str::to_owned);
    loomwork_run::Answered { who: who.into(), roles: Vec::new(), approved, note: None, form }
}

#[tokio::test]
async fn people_decide() {
    let world = World::new();
    let runner = world.start().await;
    let nodes = r#"{"id": "ask", "use": "wait", "timeout": "3d", "with": {"approval": {"title": "Pay?",
                      "form": "record { amount: u32 }", "approvers": ["ann", "bob"], "count": 2}}},
                   {"id": "answer", "use": "return", "with": {"value": "{{ nodes.ask }}"}}"#;
    runner.deploy(&flow("asks", nodes, r#"{"from": "ask", "to": "answer"}"#)).await.expect("it is deployed");
    let begun = runner.begin("asks", input("a")).await.expect("it begins");
    until_listening(&runner, &[begun.run()]).await;
    let step = runner.questions().await.expect("they can be listed")[0].step;
    let answer = |said| runner.answer(begun.run(), step, said);
    let code = |refused: Result<bool, loomwork_types::Fault>| refused.expect_err("it is refused").code.to_string();
    assert_eq!(code(answer(says("eve", true, Some(r#"{"amount": 1}"#))).await), "approval.not_entitled");
    assert_eq!(code(answer(says("ann", true, Some(r#"{"amount": "much"}"#))).await), "approval.form");
    assert_eq!(answer(says("ann", true, Some(r#"{"amount": 1}"#))).await, Ok(false));
    assert_eq!(code(answer(says("ann", true, Some(r#"{"amount": 1}"#))).await), "approval.answered");
    assert_eq!(answer(says("bob", true, Some(r#"{"amount": 2}"#))).await, Ok(true));
    let decision = finished(runner.reply(begun.run()).await);
    assert!(decision.starts_with(r#"{"answer":{"amount":2},"approved":true,"by":[{"#), "{decision}");
    assert_eq!(code(answer(says("bob", true, None)).await), "approval.closed");
}

/// Whoever begins a run has begun all that comes of it: what it calls, what its events start, and what repeats it.
#[tokio::test]
async fn who_began_a_run_does_not_answer_its_questions() {
    let world = World::new();
    let runner = world.start().await;
    let asks = |own: &str| {
        format!(
            r#"{{"id": "ask", "use": "wait", "with": {{"approval": {{"title": "Pay?", "self_approval": {own}}}}}}},
               {{"id": "answer", "use": "return", "with": {{"value": "{{{{ nodes.ask.approved }}}}"}}}}"#
        )
    };
    let wire = r#"{"from": "ask", "to": "answer"}"#;
    let placed = r#""triggers": [{"id": "heard", "kind": "event", "name": "order.placed"}],"#;
    runner.deploy(&flow_with("others", placed, &asks("false"), wire)).await.expect("it is deployed");
    runner.deploy(&flow("own", &asks("true"), wire)).await.expect("it is deployed");
    runner.deploy(&calls("caller", "others", "wait")).await.expect("it is deployed");
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "order.placed", "payload": "{{ input }}"}}"#;
    runner.deploy(&flow("teller", emits, "")).await.expect("it is deployed");
    runner.deploy(&flow("teller2", emits, "").replacen('{', r#"{"durability": "memory","#, 1)).await.expect("it is deployed");
    let anns = || NewRun { starter: Some("ann".into()), ..input("a") };
    for flow in ["others", "own", "caller", "teller", "teller2"] {
        let begun = runner.begin(flow, anns()).await.expect("it begins");
        let asked = until_asked(&runner).await;
        let answer = |who| runner.answer(&asked.0, asked.1, says(who, true, None));
        if flow == "own" {
            assert_eq!(answer("ann").await, Ok(true));
            continue;
        }
        assert_eq!(answer("ann").await.expect_err("it is hers").code, "approval.own_run", "{flow}");
        assert_eq!(answer("bob").await, Ok(true), "{flow}");
        if flow == "others" {
            let again = Again { starter: Some("bob".into()), ..Again::default() };
            for (again, who) in [(again, "bob"), (Again::default(), "ann")] {
                runner.rerun(begun.run(), again).await.expect("it is queued");
                let asked = until_asked(&runner).await;
                let refused = runner.answer(&asked.0, asked.1, says(who, true, None)).await;
                assert_eq!(refused.expect_err("it is theirs").code, "approval.own_run");
                assert_eq!(runner.answer(&asked.0, asked.1, says("cy", false, None)).await, Ok(true));
            }
        }
    }
    runner.begin("others", input("a")).await.expect("it begins");
    let (run, step) = until_asked(&runner).await;
    assert_eq!(runner.answer(&run, step, says("ann", true, None)).await, Ok(true), "nobody is known to have begun it");
}

/// The only question that is open.
async fn until_asked(runner: &loomwork_run::Runner) -> (loomwork_journal::RunId, u32) {
    loop {
        if let [asked] = &runner.questions().await.expect("they can be listed")[..] {
            return (asked.run.clone(), asked.step);
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_run_told_again_does_the_same() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("f", &["note", "ask", "note"])).await.expect("it is deployed");
    let (run, reply) = runner.run("f", input("a")).await;
    assert_eq!(finished(reply), r#""done""#);
    let run = run.expect("it has an id");
    let replay = runner.replay(&run).await.expect("it is told again");
    assert_eq!((replay.steps.len(), replay.difference), (3, None));
    let again = runner.rerun(&run, Again { from: Some(3), ..Again::default() }).await.expect("it begins");
    assert_eq!(finished(runner.reply(&again).await), r#""done""#);
    assert_eq!(world.done(), ["note a-0", "ask a-1", "note a-2", "note a-2"], "what came before step 3 is taken over");
}

const MACHINE: &str = r#"{"loomwork": 1, "kind": "machine", "id": "order", "input": "string", "output": "string", "key": "{{ input }}",
    "start": "open",
    "states": [
        {"id": "open", "on": [{"event": "pay", "to": "done"}]},
        {"id": "done", "output": "paid"}
    ]}"#;

#[tokio::test]
async fn a_machine_has_one_instance_for_each_key_also_after_a_restart() {
    let world = World::new();
    let first = world.start().await;
    first.deploy(MACHINE).await.expect("it is deployed");
    let run = first.begin("order", input("a-7")).await.expect("it begins").run().clone();
    let other = first.begin("order", input("a-8")).await.expect("it begins");
    assert!(matches!(other, Begun::New(_)));
    first.stop(std::time::Duration::from_secs(5)).await;
    let second = world.start().await;
    assert_eq!(second.begin("order", input("a-7")).await.expect("it is there"), Begun::Existing(run.clone()));
    assert_eq!(second.signal("order", Some("\"a-7\""), None, r#"{"event": "pay", "data": null}"#).await.expect("it is sent"), 1);
    assert_eq!(second.reply(&run).await.expect("it ends"), loomwork_run::Reply::Finished("\"paid\"".to_owned()));
    let next = second.begin("order", input("a-7")).await.expect("it begins");
    assert!(matches!(&next, Begun::New(id) if *id != run), "the key is free again");
    let refused = second.begin("order", NewRun { idempotency: Some("instance/x".into()), ..input("a-9") }).await;
    assert_eq!(refused.expect_err("such keys are the machines'").code, "run.bad_key");
}

#[tokio::test]
async fn a_machine_has_one_instance_for_each_key_whoever_starts_it() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(MACHINE).await.expect("it is deployed");
    let calls = |id: &str, mode: &str| {
        let call = format!(
            r#"{{"id": "child", "use": "call", "with": {{"flow": "order", "input": "{{{{ input }}}}", "mode": "{mode}"}}}}"#
        );
        let answer = r#"{"id": "answer", "use": "return", "with": {"value": "{{ nodes.child }}"}}"#;
        flow(id, &format!("{call},{answer}"), CALL_AND_RETURN)
    };
    runner.deploy(&calls("waits", "wait")).await.expect("it is deployed");
    runner.deploy(&calls("starts", "start")).await.expect("it is deployed");
    let run = runner.begin("order", input("a")).await.expect("it begins").run().clone();
    assert_eq!(finished(runner.run("starts", input("a")).await.1), format!("\"{run}\""));
    assert_eq!(failed(runner.run("waits", input("a")).await.1), "run.stands_already");
    assert_eq!(runner.rerun(&run, Again::default()).await.expect_err("it runs").code, "run.stands_already");
    until_listening(&runner, &[&run]).await;
    runner.signal("order", Some("\"a\""), None, r#"{"event": "pay", "data": null}"#).await.expect("it is sent");
    runner.reply(&run).await.expect("it ends");
    let again = runner.rerun(&run, Again::default()).await.expect("the key is free");
    assert_eq!(runner.begin("order", input("a")).await.expect("it is there"), Begun::Existing(again));
}

#[tokio::test]
async fn an_event_without_data_reaches_its_machine_and_a_wrong_one_its_sender() {
    let world = World::new();
    let runner = world.start().await;
    let machine = MACHINE.replace(
        r#"{"id": "open", "on": [{"event": "pay", "to": "done"}]}"#,
        r#"{"id": "open", "on": [{"event": "pay", "type": "record { amount: u32 }", "to": "done"}, {"event": "hold", "to": "held"}]},
           {"id": "held", "on": [{"event": "release", "type": "option<string>", "to": "open"}]}"#,
    );
    runner.deploy(&machine).await.expect("it is deployed");
    let run = runner.begin("order", input("a")).await.expect("it begins").run().clone();
    let send = |payload: &'static str| runner.signal("order", Some(r#""a""#), None, payload);
    let refused = send(r#"{"event": "pay"}"#).await.expect_err("there is no amount");
    assert_eq!((&*refused.code, refused.message.contains("`pay`")), ("type.mismatch", true), "{refused}");
    let to_run = runner.signal("order", None, Some(run.clone()), r#"{"event": "pay", "data": {}}"#).await;
    assert_eq!(to_run.expect_err("there is no amount").code, "type.missing_field");
    assert_eq!(send("7").await.expect_err("it is no event").code, "machine.not_an_event");
    for payload in [r#"{"event": "hold"}"#, r#"{"event": "release"}"#, r#"{"event": "pay", "data": {"amount": 5}}"#] {
        until_listening(&runner, &[&run]).await;
        assert_eq!(send(payload).await, Ok(1), "{payload}");
    }
    assert_eq!(finished(runner.reply(&run).await), r#""paid""#);
}

#[tokio::test]
async fn what_comes_too_late_is_said_so() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("f", &["ask"])).await.expect("it is deployed");
    let (run, _) = runner.run("f", input("a")).await;
    let run = run.expect("it has an id");
    let late = runner.signal("go", None, Some(run.clone()), "1").await.expect_err("it has ended");
    assert_eq!(late.code, "run.ended");
    assert_eq!(runner.cancel(&run).await.expect_err("it has ended").code, "run.ended");
    let unknown = loomwork_journal::RunId::new(7, 7);
    for refused in [runner.cancel(&unknown).await, runner.replay(&unknown).await.map(drop), runner.migrate(&unknown, 1).await] {
        assert_eq!(refused.expect_err("there is no such run").code, "run.unknown");
    }
    assert_eq!(runner.signal("go", Some("nonsense"), None, "1").await.expect_err("it is no JSON").code, "json.syntax");
}

/// Whichever comes first, there is one end, and everybody is told the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_races_a_return_has_one_outcome() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("f", &["note", "ask", "note"])).await.expect("it is deployed");
    let mut ends = std::collections::BTreeMap::new();
    for number in 0..40 {
        let begun = runner.begin("f", input(&number.to_string())).await.expect("it begins");
        for _ in 0..number % 8 {
            tokio::task::yield_now().await;
        }
        let cancelled = runner.cancel(begun.run()).await;
        let reply = runner.reply(begun.run()).await;
        let state = runner.get(begun.run()).await.expect("it is kept").row.state;
        let expected = match &reply {
            Ok(loomwork_run::Reply::Finished(_)) => State::Finished,
            Ok(loomwork_run::Reply::Failed(fault)) if fault.code == "run.cancelled" => State::Cancelled,
            other => panic!("{other:?}"),
        };
        assert_eq!(state, expected);
        assert!(cancelled.as_ref().err().is_none_or(|fault| fault.code == "run.ended"), "{cancelled:?}");
        assert!(runner.replay(begun.run()).await.expect("it is told again").difference.is_none());
        *ends.entry(format!("{state:?}")).or_insert(0) += 1;
    }
    println!("{ends:?}");
}
