//! Random flow documents with everything that can be done and waited for, and the flows they call.

use crate::chance::Dice;
use crate::coverage::Sight;
use crate::outside::FUNCTIONS;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The id of the random flow.
pub const MAIN: &str = "main";

/// What one simulation deploys.
pub struct Documents {
    pub main: String,
    pub kinds: Vec<Sight>,
    /// What each node of each flow uses.
    uses: BTreeMap<String, Vec<String>>,
}

impl Documents {
    pub fn all(&self) -> Vec<String> {
        constant().into_iter().chain([self.main.clone()]).collect()
    }

    /// The function that a flow's node calls; none if it calls another flow.
    pub fn function(&self, flow: &str, node: u32) -> Option<&'static str> {
        let used = self.uses.get(flow)?.get(node as usize)?;
        FUNCTIONS.iter().map(|(name, ..)| *name).find(|name| *used == format!("w#{name}"))
    }
}

/// The flows that random ones call, and that start by themselves.
pub fn constant() -> Vec<String> {
    let call = |id: &str, function: &str| json!({"id": id, "use": format!("w#{function}"), "with": {"of": ["x", "{{ input }}"]}});
    let brief = json!({"id": "pause", "use": "wait", "with": {"duration": "3s"}});
    let long = json!({"id": "pause", "use": "wait", "with": {"duration": "4m"}});
    let last = json!({"id": "answer", "use": "return", "with": {"value": 7}});
    [
        document("child", json!([]), vec![call("write", "write"), brief, call("read", "read"), last.clone()]),
        document("sleeper", json!([]), vec![call("once", "once"), long, last]),
        document("started", json!([]), vec![call("write", "write")]),
        document("heard", json!([{"id": "heard", "kind": "event", "name": "told"}]), vec![call("write", "write")]),
        document("after", json!([{"id": "after", "kind": "flow", "flow": MAIN}]), vec![call("read", "read")]),
    ]
    .into_iter()
    .map(|document| document.to_string())
    .collect()
}

/// A chain.
fn document(id: &str, triggers: Value, nodes: Vec<Value>) -> Value {
    let wires: Vec<Value> = nodes.windows(2).map(|pair| json!({"from": pair[0]["id"], "to": pair[1]["id"]})).collect();
    json!({"loomwork": 1, "id": id, "packages": {"w": "test:world@0.1"}, "input": "json", "output": "json",
           "triggers": triggers, "nodes": nodes, "wires": wires})
}

/// A random document, which may break a rule that `check` knows.
pub fn documents(dice: &mut Dice) -> Documents {
    let mut maker = Maker { dice, nodes: Vec::new(), wires: Vec::new(), kinds: Vec::new() };
    let count = 1 + maker.dice.below(5);
    maker.fill(None, count, 0);
    let Maker { nodes, wires, kinds, .. } = maker;
    let main = json!({"loomwork": 1, "id": MAIN, "packages": {"w": "test:world@0.1"}, "input": "json", "output": "json",
                      "nodes": nodes, "wires": wires});
    let constant = constant().into_iter().map(|text| serde_json::from_str(&text).expect("it is JSON"));
    let uses = constant.chain([main.clone()]).map(|document: Value| (text(&document["id"]), used(&document))).collect();
    Documents { main: main.to_string(), kinds, uses }
}

fn used(document: &Value) -> Vec<String> {
    document["nodes"].as_array().into_iter().flatten().map(|node| text(&node["use"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

const MOST: usize = 14;

struct Maker<'a> {
    dice: &'a mut Dice,
    nodes: Vec<Value>,
    wires: Vec<Value>,
    kinds: Vec<Sight>,
}

impl Maker<'_> {
    /// Puts nodes into a section: mostly one after another, some side by side, some joined again.
    fn fill(&mut self, section: Option<&str>, count: u64, depth: u32) {
        let mut before: Vec<String> = Vec::new();
        for _ in 0..count {
            if self.nodes.len() >= MOST {
                return;
            }
            let id = if self.dice.percent(5) { self.cycle(section) } else { self.node(section, depth) };
            if let Some(last) = before.last().cloned()
                && self.dice.percent(80)
            {
                self.wire(&last, &id);
            }
            if before.len() > 1 && self.dice.percent(30) {
                let other = self.dice.pick(&before[..before.len() - 1]);
                self.kinds.push(Sight::Join);
                self.wire(&other, &id);
            }
            before.push(id);
        }
    }

    fn wire(&mut self, from: &str, to: &str) {
        let node = self.nodes.iter().find(|node| node["id"] == from).expect("it was made before").clone();
        let port = match node["use"].as_str().unwrap_or_default() {
            "return" | "fail" => return,
            "branch" if self.dice.percent(50) => "yes",
            "branch" => "else",
            _ if self.dice.percent(20) => {
                self.kinds.push(Sight::ErrorWire);
                "error"
            }
            _ => "ok",
        };
        self.wires.push(json!({"from": from, "port": port, "to": to}));
    }

    /// Keeps the place: what lives in a scope comes behind it.
    fn node(&mut self, section: Option<&str>, depth: u32) -> String {
        let id = format!("n{}", self.nodes.len());
        let index = self.nodes.len();
        self.nodes.push(json!({"id": id}));
        let kinds = if depth < 2 { 100 } else { 80 };
        let mut node = match self.dice.below(kinds) {
            0..=39 => self.function(),
            40..=46 => self.pause(),
            47..=53 => self.signal(),
            54..=58 => self.approval(),
            59..=63 => self.emit(section),
            64..=69 => self.call(),
            70..=72 => self.branch(section),
            73 | 74 => json!({"use": "set", "with": {"of": self.value(section)}}),
            75 | 76 => self.respond(section),
            77 => json!({"use": "return", "with": {"value": self.value(section)}}),
            78 | 79 => json!({"use": "fail", "with": {"code": "test.failed", "message": "so it is"}}),
            80..=85 => self.each(&id, depth),
            86..=90 => self.repeat(&id, depth),
            _ => self.guard(&id, depth),
        };
        node["id"] = json!(id);
        if let Some(section) = section {
            node["in"] = json!(section);
        }
        self.nodes[index] = node;
        id
    }

    fn pause(&mut self) -> Value {
        let duration = self.dice.pick(&["20ms", "800ms", "4s", "90s"]);
        self.seen(Sight::Wait, json!({"use": "wait", "with": {"duration": duration}}))
    }

    fn emit(&mut self, section: Option<&str>) -> Value {
        let payload = self.value(section);
        self.seen(Sight::Emit, json!({"use": "emit", "with": {"event": "told", "payload": payload}}))
    }

    fn respond(&mut self, section: Option<&str>) -> Value {
        let value = self.value(section);
        self.seen(Sight::Respond, json!({"use": "respond", "with": {"value": value}}))
    }

    fn seen(&mut self, sight: Sight, node: Value) -> Value {
        self.kinds.push(sight);
        node
    }

    fn value(&mut self, section: Option<&str>) -> Value {
        match self.dice.below(4) {
            0 => json!("{{ input }}"),
            1 if section.is_none() => json!("{{ run.id }}"),
            2 => json!([1, "x", null]),
            _ => json!(self.dice.below(100)),
        }
    }

    fn function(&mut self) -> Value {
        let (name, sight) = self.dice.pick(&[
            ("pure", Sight::Pure),
            ("read", Sight::Read),
            ("write", Sight::Write),
            ("write", Sight::Write),
            ("once", Sight::Once),
        ]);
        let mut node = json!({"use": format!("w#{name}"), "with": {"of": ["x", "{{ input }}"]}});
        if self.dice.percent(35) {
            let backoff = self.dice.pick(&["fixed", "exponential"]);
            node["retry"] = json!({"attempts": 2 + self.dice.below(3), "delay": self.dice.pick(&["10ms", "300ms", "5s"]), "backoff": backoff});
            self.kinds.push(Sight::Retry);
        }
        if self.dice.percent(40) {
            self.timeout(&mut node);
        }
        self.seen(sight, node)
    }

    fn timeout(&mut self, node: &mut Value) {
        node["timeout"] = json!(self.dice.pick(&["30ms", "250ms", "1s", "3s", "30s"]));
        self.kinds.push(Sight::Timeout);
    }

    fn signal(&mut self) -> Value {
        let key = if self.dice.percent(70) { json!("{{ input }}") } else { json!(self.dice.below(2)) };
        let mut node = json!({"use": "wait", "with": {"signal": {"name": "go", "key": key}}});
        if self.dice.percent(40) {
            self.timeout(&mut node);
        }
        self.seen(Sight::Signal, node)
    }

    fn approval(&mut self) -> Value {
        let mut approval = json!({"title": "May it?"});
        let mut node = json!({"use": "wait"});
        if self.dice.percent(40) {
            self.timeout(&mut node);
            if self.dice.percent(50) {
                approval["default"] = json!({"approved": false});
            }
        }
        node["with"] = json!({"approval": approval});
        self.seen(Sight::Approval, node)
    }

    fn call(&mut self) -> Value {
        if self.dice.percent(30) {
            return self.seen(Sight::Start, json!({"use": "call", "with": {"flow": "started", "input": 1, "mode": "start"}}));
        }
        let flow = self.dice.pick(&["child", "child", "sleeper"]);
        let mut node = json!({"use": "call", "with": {"flow": flow, "input": 1}});
        if flow == "sleeper" || self.dice.percent(30) {
            self.timeout(&mut node);
        }
        self.seen(Sight::Call, node)
    }

    fn branch(&mut self, section: Option<&str>) -> Value {
        let when = match (section, self.dice.below(3)) {
            (_, 0) => "{{ true }}",
            (_, 1) => "{{ run.now > run.started_at }}",
            _ => "{{ false }}",
        };
        self.seen(Sight::Branch, json!({"use": "branch", "with": {"cases": [{"name": "yes", "when": when}]}}))
    }

    fn inside(&mut self, section: &str, depth: u32) {
        let count = 1 + self.dice.below(3);
        self.fill(Some(section), count, depth + 1);
    }

    fn each(&mut self, id: &str, depth: u32) -> Value {
        self.inside(&format!("{id}.body"), depth);
        let items: Vec<u64> = (0..self.dice.below(4)).collect();
        let on_error = self.dice.pick(&["fail", "skip", "collect"]);
        let concurrency = self.dice.below(3);
        let node = json!({"use": "each", "with": {"items": items, "concurrency": concurrency, "on_error": on_error, "result": "{{ each.index }}"}});
        self.seen(Sight::Each, node)
    }

    fn repeat(&mut self, id: &str, depth: u32) -> Value {
        self.inside(&format!("{id}.body"), depth);
        let until = format!("{{{{ repeat.index >= {} }}}}", self.dice.below(3));
        let mut with = json!({"until": until, "max": 4, "result": 1});
        if self.dice.percent(40) {
            with["delay"] = json!(self.dice.pick(&["50ms", "3s"]));
        }
        self.seen(Sight::Repeat, json!({"use": "repeat", "with": with}))
    }

    fn guard(&mut self, id: &str, depth: u32) -> Value {
        self.inside(&format!("{id}.body"), depth);
        let catches = self.dice.percent(60);
        if catches {
            self.inside(&format!("{id}.catch"), depth);
            self.kinds.push(Sight::Catch);
        }
        if !catches || self.dice.percent(60) {
            self.inside(&format!("{id}.finally"), depth);
            self.kinds.push(Sight::Finally);
        }
        let mut node = json!({"use": "try", "with": {"result": 1}});
        if catches {
            node["with"]["catch_result"] = json!(2);
        }
        if self.dice.percent(20) {
            self.timeout(&mut node);
        }
        self.seen(Sight::Try, node)
    }

    /// Looks, is not content, waits and looks again. Gives the node that others are wired to.
    fn cycle(&mut self, section: Option<&str>) -> String {
        let id = format!("n{}", self.nodes.len());
        let [look, ready, pause] = ["look", "ready", "pause"].map(|part| format!("{id}_{part}"));
        let mut nodes = [
            json!({"id": id, "use": "set", "with": {"of": 1}}),
            json!({"id": look, "use": "w#write", "with": {"of": 1}, "join": "any", "max_visits": 1 + self.dice.below(3)}),
            json!({"id": ready, "use": "branch", "with": {"cases": [{"name": "yes", "when": "{{ false }}"}]}}),
            json!({"id": pause, "use": "wait", "with": {"duration": self.dice.pick(&["10ms", "2s"])}}),
        ];
        if let Some(section) = section {
            nodes.iter_mut().for_each(|node| node["in"] = json!(section));
        }
        self.nodes.extend(nodes);
        self.wires.extend([
            json!({"from": id, "to": look}),
            json!({"from": look, "to": ready}),
            json!({"from": ready, "port": "else", "to": pause}),
            json!({"from": pause, "to": look}),
        ]);
        self.seen(Sight::Cycle, json!(null));
        id
    }
}
