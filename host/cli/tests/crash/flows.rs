//! A flow with each kind of step, and those it starts.

use loomwork_catalog::MANIFEST_SECTION;
use std::borrow::Cow;
use std::path::Path;
use wasm_encoder::{ComponentSection, CustomSection, Encode};
use wasmparser::{Parser, Payload};

const EVERYTHING: &str = r#"{"loomwork": 1, "id": "everything", "packages": {"http": "loom:http@0.1", "paid": "test:paid@0.1"},
    "input": "record { id: string, url: string }", "output": "json",
    "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/everything", "answer": "now"}],
    "nodes": [
        {"id": "look", "use": "http#get-json", "with": {"url": "{{ input.url }}/read/{{ input.id }}"}},
        {"id": "write", "use": "http#post-json", "with": {"url": "{{ input.url }}/write/{{ input.id }}", "body": 1}},
        {"id": "flaky", "use": "http#post-json", "with": {"url": "{{ input.url }}/flaky/{{ input.id }}", "body": 1}, "retry": {"attempts": 9, "delay": "10ms"}},
        {"id": "pay", "use": "paid#post-json", "with": {"url": "{{ input.url }}/paid/{{ input.id }}", "body": 1}},
        {"id": "unsure", "use": "set", "with": {"why": "{{ nodes.pay.error.code }}"}},
        {"id": "items", "use": "each", "with": {"items": [1, 2, 3], "concurrency": 2}},
        {"id": "item", "in": "items", "use": "http#post-json", "with": {"url": "{{ input.url }}/item/{{ input.id }}/{{ each.item }}", "body": 1}},
        {"id": "nap", "use": "wait", "with": {"duration": "30ms"}},
        {"id": "go", "use": "wait", "with": {"signal": {"name": "go", "key": "{{ input.id }}"}}},
        {"id": "ask", "use": "wait", "with": {"approval": {"title": "{{ input.id }}?"}}},
        {"id": "child", "use": "call", "with": {"flow": "child", "input": {"id": "{{ input.id }}", "url": "{{ input.url }}", "from": "waited"}}},
        {"id": "started", "use": "call", "with": {"flow": "child", "mode": "start", "input": {"id": "{{ input.id }}", "url": "{{ input.url }}", "from": "started"}}},
        {"id": "tell", "use": "emit", "with": {"event": "told", "payload": {"id": "{{ input.id }}", "url": "{{ input.url }}", "from": "heard"}}},
        {"id": "guard", "use": "try"},
        {"id": "risky", "in": "guard", "use": "http#post-json", "with": {"url": "{{ input.url }}/risky/{{ input.id }}", "body": 1}},
        {"id": "stop", "in": "guard", "use": "fail", "with": {"code": "on.purpose", "message": "to be caught"}},
        {"id": "mend", "in": "guard.catch", "use": "http#post-json", "with": {"url": "{{ input.url }}/mend/{{ input.id }}", "body": 1}},
        {"id": "tidy", "in": "guard.finally", "use": "http#post-json", "with": {"url": "{{ input.url }}/tidy/{{ input.id }}", "body": 1}},
        {"id": "answer", "use": "return", "with": {"value": {"id": "{{ input.id }}", "approved": "{{ nodes.ask.approved }}", "unsure": "{{ has(nodes.unsure) }}"}}}
    ],
    "wires": [
        {"from": "look", "to": "write"}, {"from": "write", "to": "flaky"}, {"from": "flaky", "to": "pay"},
        {"from": "pay", "to": "items"}, {"from": "pay", "port": "error", "to": "unsure"}, {"from": "unsure", "to": "items"},
        {"from": "items", "to": "nap"}, {"from": "nap", "to": "go"}, {"from": "go", "to": "ask"}, {"from": "ask", "to": "child"},
        {"from": "child", "to": "started"}, {"from": "started", "to": "tell"}, {"from": "tell", "to": "guard"},
        {"from": "risky", "to": "stop"}, {"from": "guard", "to": "answer"}
    ]}"#;

const CHILD: &str = r#"{"loomwork": 1, "id": "child", "packages": {"http": "loom:http@0.1"},
    "input": "record { id: string, url: string, from: string }", "output": "json",
    "triggers": [{"id": "told", "kind": "event", "name": "told"}],
    "nodes": [{"id": "write", "use": "http#post-json", "with": {"url": "{{ input.url }}/{{ input.from }}/{{ input.id }}", "body": 1}},
              {"id": "answer", "use": "return", "with": {"value": "{{ input.from }}"}}],
    "wires": [{"from": "write", "to": "answer"}]}"#;

/// What a run writes to, each once if nothing happens: the paths' beginnings.
pub const WRITES: [&str; 11] =
    ["/write/", "/item/", "/risky/", "/mend/", "/tidy/", "/waited/", "/started/", "/heard/", "/flaky/", "/paid/", "/read/"];

/// The flows and the components they need, in two folders.
pub fn write(flows: &Path, components: &Path) {
    std::fs::write(flows.join("everything.flow.json"), EVERYTHING).expect("written");
    std::fs::write(flows.join("child.flow.json"), CHILD).expect("written");
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist/components/http.wasm");
    let http = std::fs::read(built).expect("there are no components: run `cargo xtask components` first");
    std::fs::write(components.join("http.wasm"), &http).expect("written");
    std::fs::write(components.join("paid.wasm"), paid(&http)).expect("written");
}

/// The HTTP component under another name, whose requests are made once or not at all.
fn paid(http: &[u8]) -> Vec<u8> {
    let manifest = "[package]\nid = \"test:paid@0.1.0\"\ntitle = \"Paid\"\nsummary = \"Once\"\n\n\
        [functions.\"http#post-json\"]\neffect = \"write\"\nonce = true\n";
    let mut changed = http[..8].to_vec();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(http) {
        let payload = payload.expect("a component");
        match &payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
        let own = matches!(&payload, Payload::CustomSection(section) if section.name() == MANIFEST_SECTION);
        let whole = match &payload {
            Payload::ModuleSection { unchecked_range, .. } if depth == 1 => Some((1, unchecked_range.clone())),
            Payload::ComponentSection { unchecked_range, .. } if depth == 1 => Some((4, unchecked_range.clone())),
            _ if depth == 0 && !own => payload.as_section(),
            _ => None,
        };
        if let Some((id, range)) = whole {
            changed.push(id);
            http[range].encode(&mut changed);
        }
    }
    CustomSection { name: Cow::Borrowed(MANIFEST_SECTION), data: Cow::Borrowed(manifest.as_bytes()) }
        .append_to_component(&mut changed);
    changed
}
