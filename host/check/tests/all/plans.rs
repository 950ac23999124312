//! What a right document becomes.

use crate::check;
use loomwork_check::CheckedFlow;
use loomwork_check::plan::{Root, Section, Template, Wait, What};
use loomwork_types::short;

/// Documents without a mistake, also used as seeds for random changes.
pub const GOOD: [&str; 5] = [ORDERS, POLL, GUARDED, ASKING, MACHINE];

const ORDERS: &str = r#"{
  "loomwork": 1, "id": "orders",
  "packages": { "http": "loom:http@0.1", "text": "loom:text" },
  "types": { "line": "record { sku: string, count: u32 }" },
  "input": "record { customer: option<string>, lines: list<line> }",
  "output": "record { prices: list<f64>, note: string }",
  "triggers": [{ "id": "web", "kind": "http", "method": "POST", "path": "/orders", "faults": { "order.*": 422 } }],
  "concurrency": { "key": "{{ input.lines[0].sku }}", "limit": 2 },
  "nodes": [
    { "id": "lines", "use": "each", "with": { "items": "{{ input.lines }}", "concurrency": 8, "result": "{{ double(nodes.price.body.price) * double(each.item.count) }}" }, "timeout": "20s" },
    { "id": "price", "use": "http#get", "in": "lines", "with": { "url": "https://example.com/{{ each.item.sku }}?n={{ each.index }}" },
      "retry": { "attempts": 3, "backoff": "exponential", "jitter": 0.5, "when": "{{ attempt < 3 && error.code != \"http.status\" }}" }, "cache": "1h" },
    { "id": "size", "use": "branch", "with": { "cases": [{ "name": "none", "when": "{{ size(nodes.lines) == 0 }}" }] } },
    { "id": "empty", "use": "fail", "with": { "code": "order.empty", "message": "nothing was ordered" } },
    { "id": "dear", "use": "text#pad", "with": { "text": "{{ input.customer != null ? input.customer : 'you' }}", "options": { "width": "{{ 10 }}", "side": "end" } } },
    { "id": "end", "use": "return", "with": { "value": { "prices": "{{ nodes.lines }}", "note": "for {{ nodes.dear }} ({{ nodes.size }})" } } }
  ],
  "wires": [
    { "from": "lines", "to": "size" }, { "from": "size", "port": "none", "to": "empty" },
    { "from": "size", "port": "else", "to": "dear" }, { "from": "dear", "to": "end" }
  ]
}"#;

const POLL: &str = r#"{
  "loomwork": 1, "id": "poll", "packages": { "http": "loom:http@0.1.3" }, "input": "string", "timeout": "1h",
  "nodes": [
    { "id": "begin", "use": "set", "with": { "tries": 0 } },
    { "id": "look", "use": "http/client#get", "join": "any", "max_visits": 60, "with": { "url": "{{ input }}" } },
    { "id": "ready", "use": "branch", "with": { "cases": [{ "name": "done", "when": "{{ nodes.look.status == 200 }}" }] } },
    { "id": "pause", "use": "wait", "with": { "duration": "{{ duration('1s') }}" } },
    { "id": "finish", "use": "return", "with": { "value": "{{ nodes.look.body }}" } },
    { "id": "broken", "use": "return", "with": { "value": { "failed": "{{ nodes.look.error.code }}" } } }
  ],
  "wires": [
    { "from": "begin", "to": "look" }, { "from": "look", "to": "ready" }, { "from": "look", "port": "error", "to": "broken" },
    { "from": "ready", "port": "done", "to": "finish" }, { "from": "ready", "port": "else", "to": "pause" },
    { "from": "pause", "to": "look" }
  ]
}"#;

const GUARDED: &str = r#"{
  "loomwork": 1, "id": "guarded", "packages": { "plain": "acme:plain", "http": "loom:http@0.1" },
  "nodes": [
    { "id": "guard", "use": "try", "with": { "catch_result": "{{ nodes.guard.error.message }}" } },
    { "id": "sum", "use": "plain#add", "in": "guard", "with": { "a": 1, "b": "{{ int(input.b) }}" } },
    { "id": "note", "use": "set", "in": "guard.catch", "with": { "code": "{{ nodes.guard.error.code }}" } },
    { "id": "forget", "use": "plain#forget", "in": "guard.finally", "with": { "key": "k" }, "disabled": true },
    { "id": "rounds", "use": "repeat", "with": { "while": "{{ !has(nodes.step) || nodes.step.n < 3 }}", "max": 5, "delay": "10ms" } },
    { "id": "step", "use": "set", "in": "rounds", "with": { "n": "{{ repeat.index }}", "was": "{{ repeat.last }}" } },
    { "id": "collected", "use": "each", "with": { "items": [1, 2], "on_error": "collect", "result": "{{ each.item * 2 }}", "break": "{{ each.index > 0 }}" } },
    { "id": "tell", "use": "emit", "with": { "event": "sum.done", "payload": { "sum": "{{ nodes.guard }}" } } },
    { "id": "paid", "use": "wait", "with": { "signal": { "name": "paid", "key": "{{ run.id }}" } }, "timeout": "2d" },
    { "id": "other", "use": "call", "with": { "flow": "orders", "input": { "all": "{{ nodes.collected }}" }, "mode": "start" } }
  ],
  "wires": [
    { "from": "guard", "to": "rounds" }, { "from": "rounds", "to": "collected" }, { "from": "collected", "to": "tell" },
    { "from": "tell", "to": "paid" }, { "from": "paid", "to": "other" }
  ]
}"#;

fn plan(text: &str) -> CheckedFlow {
    let (checked, diagnostics) = check(text);
    assert!(diagnostics.is_empty(), "{}", crate::shown(text, &diagnostics));
    checked.expect("without diagnostics there is a plan")
}

fn output(plan: &CheckedFlow, id: &str) -> String {
    short(&plan.nodes.iter().find(|node| *node.id == *id).unwrap().output)
}

#[test]
fn an_order_is_planned() {
    let plan = plan(ORDERS);
    assert_eq!(plan.scopes.len(), 2);
    assert_eq!(plan.scopes[1].owner, Some((0, Section::Body)));
    assert_eq!(plan.scopes[1].result_node, Some(1));
    assert_eq!(plan.scopes[0].entries, [0]);
    assert_eq!(output(&plan, "lines"), "list<f64>");
    assert_eq!(plan.nodes[0].timeout_ms, Some(20_000));
    let What::Call(call) = &plan.nodes[1].what else { panic!("price calls a function") };
    assert_eq!((&*call.package, &*call.function, call.cache_ms), ("loom:http@0.1.3", "client#get", Some(3_600_000)));
    let retry = call.retry.as_ref().unwrap();
    assert_eq!((retry.attempts, retry.delay_ms, retry.factor, retry.max_delay_ms), (3, 1_000, 2.0, 3_600_000));
    assert!(plan.roots.contains(&Root::RetryAttempt) && plan.roots.contains(&Root::Item { hops: 0 }));
    let What::Call(pad) = &plan.nodes[4].what else { panic!("dear calls a function") };
    let Template::Record(fields) = &pad.input else { panic!("the input is a record") };
    let Template::Record(options) = &fields[1].1 else { panic!("options hold an expression") };
    assert!(matches!(&options[2], (name, Template::Literal(text)) if &**name == "fill" && &**text == "null"), "filled up");
    let needs: Vec<_> = plan.needs.iter().map(|need| (&*need.capability, &*need.packages[0])).collect();
    assert_eq!(needs, [("loom:host/http@0.1.0", "loom:http@0.1.3")]);
}

#[test]
fn a_loop_has_a_head_and_a_region() {
    let plan = plan(POLL);
    let regions: Vec<Option<u32>> = plan.nodes.iter().map(|node| node.region).collect();
    assert_eq!(regions, [None, Some(1), Some(1), Some(1), Some(1), Some(1)]);
    assert!(plan.nodes[1].any && plan.nodes[1].handles_error);
    assert_eq!((plan.nodes[1].max_visits, plan.nodes[0].max_visits), (60, 10_000));
    assert!(matches!(&plan.nodes[3].what, What::Wait(Wait::Duration(Template::Expr { .. }))));
}

#[test]
fn scopes_give_what_their_bodies_give() {
    let plan = plan(GUARDED);
    let sections: Vec<_> = plan.scopes.iter().filter_map(|scope| scope.owner).collect();
    for section in [Section::Body, Section::Catch, Section::Finally] {
        assert!(sections.contains(&(0, section)));
    }
    assert_eq!(output(&plan, "guard"), "json", "a number or a text");
    assert_eq!(output(&plan, "rounds"), "option<record { n: s64, was: json }>", "there may be no round");
    assert_eq!(output(&plan, "other"), "string", "the id of the run");
    assert_eq!(
        output(&plan, "collected"),
        "list<record { ok: option<s64>, error: option<record { code: string, message: string, data: json }> }>"
    );
    assert!(plan.roots.contains(&Root::Fault { node: 0, hops: 1 }));
    assert!(plan.nodes[3].disabled && plan.nodes[3].passes.is_none());
}

#[test]
fn types_flow_through_set_nodes() {
    let text = r#"{ "loomwork": 1, "id": "t", "input": "record { n: u32, tags: list<string>, at: datetime }", "nodes": [
      { "id": "b", "use": "set", "with": { "twice": "{{ nodes.a.n * 2 }}", "all": ["{{ nodes.a.tags }}", ["x"]] } },
      { "id": "a", "use": "set", "with": { "n": "{{ input.n }}", "tags": "{{ input.tags }}", "at": "{{ input.at }}", "text": "n is {{ input.n }}", "half": 0.5 } },
      { "id": "off", "use": "set", "disabled": true, "with": { "x": 1 } } ],
      "wires": [{ "from": "a", "to": "b" }, { "from": "b", "to": "off" }] }"#;
    let plan = plan(text);
    assert_eq!(output(&plan, "a"), "record { n: s64, tags: list<string>, at: datetime, text: string, half: f64 }");
    assert_eq!(output(&plan, "b"), "record { twice: s64, all: list<list<string>> }");
    assert_eq!(output(&plan, "off"), output(&plan, "b"), "a disabled node passes its input through");
    assert_eq!(plan.nodes[2].passes, Some(0));
}

#[test]
fn every_way_to_a_return_is_followed() {
    let flow = |output: &str, nodes: &str, wires: &str| {
        let text = format!(r#"{{ "loomwork": 1, "id": "t", "output": "{output}", "nodes": [{nodes}], "wires": [{wires}] }}"#);
        check(&text).1.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>()
    };
    let end = r#"{ "id": "end", "use": "return", "with": { "value": "x" } }"#;
    let wire = |from: &str, port: &str, to: &str| format!(r#"{{ "from": "{from}", "port": "{port}", "to": "{to}" }}"#);
    let missing = ["flow.may_end_without_return"];
    assert_eq!(flow("string", end, ""), [""; 0]);
    assert_eq!(flow("string", "", ""), missing);
    assert_eq!(flow("option<string>", "", ""), [""; 0]);
    let a = r#"{ "id": "a", "use": "set" },"#;
    assert_eq!(flow("string", &format!("{a}{end}"), &wire("a", "ok", "end")), [""; 0]);
    assert_eq!(flow("string", &format!("{a}{end}"), &wire("a", "error", "end")), missing);
    let guarded = r#"{ "id": "guard", "use": "try" }, { "id": "end", "use": "return", "in": "guard", "with": { "value": "x" } }"#;
    assert_eq!(flow("string", guarded, ""), [""; 0], "a fault in the body ends the flow too");
    let caught = format!(r#"{guarded}, {{ "id": "note", "use": "set", "in": "guard.catch" }}"#);
    assert_eq!(flow("string", &caught, ""), missing, "after the catch it falls quiet");
    let each = r#"{ "id": "all", "use": "each", "with": { "items": [1] } }, { "id": "end", "use": "return", "in": "all", "with": { "value": "x" } }"#;
    assert_eq!(flow("string", each, ""), missing, "there may be no element");
}

const ASKING: &str = r#"{ "loomwork": 1, "id": "asking", "input": "record { id: u32, who: string, due: datetime }", "answer": "string",
  "triggers": [
    { "id": "web", "kind": "http", "method": "POST", "path": "/", "answer": "respond", "idempotency": "order {{ input.id }}" },
    { "id": "nightly", "kind": "manual" } ],
  "concurrency": { "key": "{{ input.who }}", "limit": 2 },
  "debounce": { "key": "{{ vars.region }}-{{ input.id }}", "delay": "5s" },
  "nodes": [
    { "id": "soon", "use": "respond", "with": { "value": "asked" } },
    { "id": "ask", "use": "wait", "timeout": "1d", "with": { "approval": { "title": "Pay {{ input.id }}?", "approvers": ["ann"],
      "form": [{ "name": "reason", "type": "option<string>", "label": "Why?" }], "default": { "approved": false } } } },
    { "id": "plain", "use": "wait", "with": { "approval": { "title": "Sure?" } } },
    { "id": "paid", "use": "wait", "with": { "signal": { "name": "paid", "key": "{{ input.id }}", "type": "record { amount: f64 }" } } },
    { "id": "billed", "use": "call", "with": { "flow": "orders", "input": { "all": "{{ nodes.paid }}" } } },
    { "id": "again", "use": "call", "with": { "flow": "asking", "input": "{{ input }}", "mode": "start" } },
    { "id": "shown", "use": "set", "with": { "who": "{{ nodes.ask.by.map(vote, vote.who) }}", "total": "{{ nodes.billed.total }}" } } ],
  "wires": [
    { "from": "soon", "to": "ask" }, { "from": "ask", "to": "plain" }, { "from": "plain", "to": "paid" },
    { "from": "paid", "to": "billed" }, { "from": "billed", "to": "again" }, { "from": "again", "to": "shown" } ] }"#;

#[test]
fn what_comes_from_people_and_other_flows_has_a_type() {
    let plan = plan(ASKING);
    assert_eq!(
        output(&plan, "ask"),
        "record { approved: bool, answer: option<record { reason: option<string> }>, by: list<record { who: string, at: datetime, \
         approved: bool, note: option<string>, answer: option<record { reason: option<string> }> }>, timed-out: bool }"
    );
    assert_eq!(
        output(&plan, "plain"),
        "record { approved: bool, by: list<record { who: string, at: datetime, approved: bool, note: option<string> }>, timed-out: bool }"
    );
    assert_eq!(output(&plan, "paid"), "record { amount: f64 }");
    assert_eq!(output(&plan, "billed"), "record { total: f64 }");
    assert_eq!(output(&plan, "again"), "string");
    assert_eq!(output(&plan, "shown"), "record { who: list<string>, total: f64 }");
    let What::Wait(Wait::Approval(question)) = &plan.nodes[1].what else { panic!("ask asks") };
    let Template::Record(about) = &question.about else { panic!("a question is a record") };
    let names: Vec<&str> = about.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["title", "message", "form", "approvers", "count", "self_approval"]);
    assert!(question.default.is_some());
}

#[test]
fn keys_are_worked_out_before_a_run() {
    let plan = plan(ASKING);
    let input = r#"{"id": 7, "who": "ann", "due": "2026-01-01T00:00:00Z"}"#;
    let key = |key: &Template, vars: &str| plan.key(key, input, vars).map_err(|fault| fault.code.to_string());
    let concurrency = plan.concurrency.as_ref().unwrap();
    assert_eq!(key(concurrency.key.as_ref().unwrap(), "{}"), Ok("ann".to_owned()));
    let debounce = plan.debounce.as_ref().unwrap();
    assert_eq!(debounce.delay_ms, 5_000);
    let of_debounce = debounce.key.as_ref().unwrap();
    assert_eq!(key(of_debounce, r#"{"region": "eu"}"#), Ok("eu-7".to_owned()));
    assert_eq!(key(of_debounce, "{}"), Err("expr.no_such_key".to_owned()));
    assert_eq!(key(of_debounce, "{"), Err("json.syntax".to_owned()));
    let long = format!("{{\"region\": \"{}\"}}", "x".repeat(1_100));
    assert_eq!(key(of_debounce, &long), Err("limit.key".to_owned()));
    assert!(plan.key(of_debounce, "{}", "{}").is_err(), "the input is not of its type");
    let [web, nightly] = plan.idempotency.as_slice() else { panic!("one for each trigger") };
    assert_eq!(key(web.as_ref().unwrap(), "{}"), Ok("order 7".to_owned()));
    assert!(nightly.is_none());
}

const MACHINE: &str = r#"{ "loomwork": 1, "kind": "machine", "id": "order", "packages": { "http": "loom:http@0.1" },
  "types": { "payment": "record { amount: f64 }" }, "input": "record { order: string, total: f64 }", "output": "string",
  "key": "{{ input.order }}", "data": { "paid": { "type": "f64", "start": 0 } }, "start": "open",
  "states": [
    { "id": "open", "error": "failed",
      "on": [ { "event": "paid", "type": "payment", "when": "{{ data.paid + event.amount >= input.total }}", "to": "done",
                "do": [{ "use": "set", "with": { "paid": "{{ data.paid + event.amount }}" } },
                       { "id": "told", "use": "http#get", "with": { "url": "https://example.com/{{ data.paid }}" } },
                       { "use": "emit", "with": { "event": "told", "payload": "{{ nodes.told.status }}" } }] },
              { "event": "hold", "to": "held" } ],
      "after": [ { "delay": "3d", "when": "{{ data.paid == 0.0 }}", "to": "failed" }, { "delay": "{{ duration('9d') }}", "to": "failed" } ],
      "exit": [{ "use": "emit", "with": { "event": "left" } }] },
    { "id": "held", "entry": [{ "use": "set", "with": {} }], "on": [{ "event": "release", "back": true }], "after": [{ "delay": "1h" }] },
    { "id": "asleep", "after": [{ "delay": "1h", "to": "open" }] },
    { "id": "done", "output": "{{ data.paid }} were paid" },
    { "id": "failed", "output": "failed" } ] }"#;

#[test]
fn a_machine_is_a_loop_around_a_wait() {
    let plan = plan(MACHINE);
    let node = |id: &str| plan.nodes.iter().find(|node| *node.id == *id).unwrap_or_else(|| panic!("there is {id}"));
    assert!(matches!(&node("_machine").what, What::Repeat(_)));
    assert!(matches!(&node("_open_wait").what, What::Wait(Wait::Signal { key: Some(_), until: Some(_), .. })));
    assert_eq!(output(&plan, "_data"), "record { paid: f64 }");
    assert_eq!(output(&plan, "_open_event0"), "payment");
    let key = plan.instance.as_ref().expect("it has a key");
    assert_eq!(plan.key(key, r#"{"order": "A1", "total": 1}"#, "{}").as_deref(), Ok("A1"));
}
