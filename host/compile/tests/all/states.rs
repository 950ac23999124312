//! State machines: documents are compiled as the flows they are read as, and do what `docs/machine-document.md` says, as a plain
//! interpreter of states does it.

use crate::core::{Loaded, Machine};
use crate::generate::Choices;
use crate::host::{Command, fired, heard, show, start};
use loomwork_catalog::{Catalog, Lock};
use loomwork_compile::compile;
use proptest::prelude::*;
use std::fmt::Write;

fn compiled(text: &str) -> Vec<u8> {
    let (checked, diagnostics) = loomwork_check::check_text(text, &Catalog::default());
    let (flow, checked) = checked.unwrap_or_else(|| panic!("{diagnostics:#?}\n{text}"));
    compile(&flow, &checked, &Lock::new()).expect("it can be compiled").bytes
}

const ORDER: &str = r#"{
  "loomwork": 1, "kind": "machine", "id": "order",
  "types": { "payment": "record { amount: f64 }" },
  "input": "record { order: string, total: f64 }", "output": "string", "key": "{{ input.order }}",
  "data": { "paid": { "type": "f64", "start": 0 }, "times": { "type": "u32", "start": 0 } },
  "start": "open",
  "states": [
    { "id": "open",
      "entry": [{ "use": "emit", "with": { "event": "opened", "payload": "{{ data.times }}" } },
                { "use": "set", "with": { "times": "{{ data.times + 1 }}" } }],
      "on": [
        { "event": "paid", "type": "payment", "when": "{{ data.paid + event.amount >= input.total }}",
          "do": [{ "use": "set", "with": { "paid": "{{ data.paid + event.amount }}" } }], "to": "done" },
        { "event": "paid", "do": [{ "use": "set", "with": { "paid": "{{ data.paid + event.amount }}" } }] },
        { "event": "hold", "to": "held" } ],
      "after": [{ "delay": "1h", "when": "{{ data.paid == 0.0 }}", "to": "given_up" }],
      "exit": [{ "use": "emit", "with": { "event": "left", "payload": "{{ data.paid }}" } }] },
    { "id": "held", "on": [{ "event": "release", "back": true }] },
    { "id": "done", "entry": [{ "use": "emit", "with": { "event": "done" } }], "output": "paid {{ data.paid }} in {{ data.times }}" },
    { "id": "given_up", "output": "nothing came" } ] }"#;

fn event(name: &str, data: &str) -> String {
    format!("{{\"event\":\"{name}\",\"data\":{data}}}")
}

/// Sends an event to the open wait, and gives what is asked for.
fn send(machine: &mut Machine, at: u64, step: u32, payload: &str) -> String {
    show(&machine.advance(&[heard(at, step, payload)]).unwrap())
}

#[test]
fn an_order_is_paid_held_and_done() {
    let loaded = Loaded::new(&compiled(ORDER));
    let mut machine = loaded.machine();
    let begun = show(&machine.advance(&[start(1_000, r#"{"order":"A1","total":10}"#)]).unwrap());
    let wait = begun.lines().find(|line| line.starts_with("listen")).unwrap().to_owned();
    assert!(wait.starts_with("listen 1 node ") && wait.ends_with(" order \"A1\""), "{wait}");
    assert!(begun.contains("emit opened 0") && begun.contains("sleep 2 until 3601000"), "{begun}");
    // It stays, and its timer goes on.
    let paid = send(&mut machine, 2_000, 1, &event("paid", "{\"amount\":4}"));
    assert!(paid.contains("cancel 2") && paid.contains("sleep 4 until 3601000") && !paid.contains("emit"), "{paid}");
    // What does not fit is dropped.
    let odd = send(&mut machine, 2_500, 3, &event("paid", "{\"amount\":\"much\"}"));
    assert!(odd.contains("listen 5") && odd.contains("sleep 6 until 3601000"), "{odd}");
    let odd = send(&mut machine, 2_600, 5, "7");
    assert!(odd.contains("listen 7") && odd.contains("sleep 8 until 3601000"), "{odd}");
    let held = send(&mut machine, 3_000, 7, &event("hold", "null"));
    assert!(held.contains("emit left 4") && held.contains("listen 9") && !held.contains("sleep"), "{held}");
    let back = send(&mut machine, 4_000, 9, &event("release", "null"));
    assert!(back.contains("emit opened 1") && back.contains("sleep 11 until 3604000"), "{back}");
    let done = send(&mut machine, 5_000, 10, &event("paid", "{\"amount\":6.5}"));
    // Exit actions come before the transition's own.
    assert!(done.contains("emit left 4") && done.ends_with("emit done null\nfinish \"paid 10.5 in 2\""), "{done}");
}

#[test]
fn a_timer_whose_guard_does_not_hold_passes() {
    let loaded = Loaded::new(&compiled(ORDER));
    let mut machine = loaded.machine();
    machine.advance(&[start(0, r#"{"order":"A1","total":10}"#)]).unwrap();
    let late = show(&machine.advance(&[fired(3_600_000, 2)]).unwrap());
    assert!(late.ends_with("finish \"nothing came\""), "{late}");
    let mut machine = loaded.machine();
    machine.advance(&[start(0, r#"{"order":"A1","total":10}"#)]).unwrap();
    send(&mut machine, 1, 1, &event("paid", "{\"amount\":1}"));
    let passed = show(&machine.advance(&[fired(3_600_000, 4)]).unwrap());
    assert!(passed.contains("listen 5") && passed.contains("sleep 6 until 253370764800000"), "{passed}");
}

#[test]
fn an_artifact_carries_the_machine_and_not_the_flow_it_is_read_as() {
    let bytes = compiled(ORDER);
    let opened = loomwork_compile::verify(&bytes, &Catalog::default()).expect("compiled again, it is the same");
    assert!(opened.document.contains("\"kind\": \"machine\"") && !opened.document.contains("\"nodes\""));
    assert_eq!(compiled(&opened.document), bytes, "its canonical form is the same machine");
}

/// A machine made of choices: states `s0…`, the last of them final; events `a`, `b`; data `n`.
struct Sketch {
    /// By state.
    states: Vec<Rough>,
}

struct Rough {
    on: Vec<Move>,
    /// Milliseconds, and what then.
    after: Option<(u64, Move)>,
}

#[derive(Clone)]
struct Move {
    event: char,
    /// `data.n % 2 == 0` must be so.
    even: Option<bool>,
    add: i64,
    to: Where,
}

#[derive(Clone, Copy)]
enum Where {
    Stay,
    Back,
    State(usize),
}

impl Sketch {
    fn new(choices: &mut Choices<'_>) -> Self {
        let count = 2 + choices.below(3);
        let step = |choices: &mut Choices<'_>, event: char| Move {
            event,
            even: choices.percent(40).then(|| choices.percent(50)),
            add: choices.below(3) as i64,
            to: match choices.below(6) {
                0 => Where::Stay,
                1 => Where::Back,
                _ => Where::State(choices.below(count + 1)),
            },
        };
        let mut states: Vec<Rough> = (0..count)
            .map(|_| {
                let on = (0..1 + choices.below(3)).map(|_| {
                    let event = if choices.percent(50) { 'a' } else { 'b' };
                    step(choices, event)
                });
                let on = on.collect();
                let after = choices.percent(50).then(|| (10 + choices.below(3) as u64 * 20, step(choices, ' ')));
                Rough { on, after }
            })
            .collect();
        states.push(Rough { on: Vec::new(), after: None });
        Self { states }
    }

    fn document(&self) -> String {
        let action = |of: &Move| {
            let to = match of.to {
                Where::Stay => String::new(),
                Where::Back => ", \"back\": true".to_owned(),
                Where::State(to) => format!(", \"to\": \"s{to}\""),
            };
            let when = of.even.map_or(String::new(), |even| format!(", \"when\": \"{{{{ (data.n % 2 == 0) == {even} }}}}\""));
            format!("\"do\": [{{ \"use\": \"set\", \"with\": {{ \"n\": \"{{{{ data.n + {} }}}}\" }} }}]{when}{to}", of.add)
        };
        let emit = |word: &str, state: usize| {
            format!("[{{ \"use\": \"emit\", \"with\": {{ \"event\": \"{word}{state}\", \"payload\": \"{{{{ data.n }}}}\" }} }}]")
        };
        let mut out = String::from(
            "{ \"loomwork\": 1, \"kind\": \"machine\", \"id\": \"random\", \"data\": { \"n\": { \"type\": \"s64\", \"start\": 0 } }, \"start\": \"s0\", \"states\": [",
        );
        for (number, state) in self.states.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            write!(out, "{comma}{{ \"id\": \"s{number}\", \"entry\": {}", emit("in", number)).unwrap();
            if state.on.is_empty() && state.after.is_none() {
                out.push_str(", \"output\": \"{{ data.n }}\" }");
                continue;
            }
            let on: Vec<_> = state.on.iter().map(|of| format!("{{ \"event\": \"{}\", {} }}", of.event, action(of))).collect();
            write!(out, ", \"exit\": {}, \"on\": [{}]", emit("out", number), on.join(", ")).unwrap();
            if let Some((delay, of)) = &state.after {
                write!(out, ", \"after\": [{{ \"delay\": \"{delay}ms\", {} }}]", action(of)).unwrap();
            }
            out.push_str(" }");
        }
        out.push_str("] }");
        out
    }
}

/// The same by hand.
struct Reference<'a> {
    sketch: &'a Sketch,
    state: usize,
    previous: usize,
    n: i64,
    /// When the timer is due; none once it has been looked at.
    due: Option<u64>,
    told: Vec<String>,
    over: bool,
}

impl<'a> Reference<'a> {
    fn new(sketch: &'a Sketch) -> Self {
        let mut reference = Self { sketch, state: 0, previous: 0, n: 0, due: None, told: Vec::new(), over: false };
        reference.enter(0);
        reference
    }

    fn enter(&mut self, now: u64) {
        self.told.push(format!("in{} {}", self.state, self.n));
        let state = &self.sketch.states[self.state];
        self.due = state.after.as_ref().map(|(delay, _)| now + delay);
        if state.on.is_empty() && state.after.is_none() {
            self.over = true;
            self.told.push(format!("finish {}", self.n));
        }
    }

    fn holds(&self, of: &Move) -> bool {
        of.even.is_none_or(|even| (self.n % 2 == 0) == even)
    }

    fn event(&mut self, now: u64, event: char) {
        let sketch = self.sketch;
        if let Some(of) = sketch.states[self.state].on.iter().find(|of| of.event == event && self.holds(of)) {
            self.take(now, of);
        }
    }

    fn timer(&mut self, now: u64) {
        self.due = None;
        let sketch = self.sketch;
        if let Some((_, of)) = sketch.states[self.state].after.as_ref().filter(|(_, of)| self.holds(of)) {
            self.take(now, of);
        }
    }

    fn take(&mut self, now: u64, of: &Move) {
        let to = match of.to {
            Where::Stay => None,
            Where::Back => Some(self.previous),
            Where::State(to) => Some(to),
        };
        if to.is_some() {
            self.told.push(format!("out{} {}", self.state, self.n));
        }
        self.n += of.add;
        if let Some(to) = to {
            self.previous = self.state;
            self.state = to;
            self.enter(now);
        }
    }
}

/// What the machine told the world, the open wait, and its timer.
#[derive(Default)]
struct Seen {
    told: Vec<String>,
    wait: Option<u32>,
    timer: Option<(u32, u64)>,
}

impl Seen {
    fn take(&mut self, commands: &[Command]) {
        for command in commands {
            match command {
                Command::Emit((event, payload)) => self.told.push(format!("{event} {payload}")),
                Command::Finish(output) => self.told.push(format!("finish {output}")),
                Command::Listen(signal) => self.wait = Some(signal.step),
                Command::Sleep(timer) => self.timer = Some((timer.step, timer.at)),
                Command::Cancel(step) => {
                    self.wait = self.wait.filter(|wait| wait != step);
                    self.timer = self.timer.filter(|(timer, _)| timer != step);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// After so many years nothing is due any more.
const NEVER: u64 = 253_370_764_800_000;

#[test]
fn machines_do_as_the_reference_does() {
    let cases = std::env::var("LOOMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(of_machine in prop::collection::vec(any::<u8>(), 80), of_events in prop::collection::vec(any::<u8>(), 80))| {
        let sketch = Sketch::new(&mut Choices(&of_machine));
        let document = sketch.document();
        let mut machine = Loaded::new(&compiled(&document)).machine();
        let (mut seen, mut reference) = (Seen::default(), Reference::new(&sketch));
        let mut choices = Choices(&of_events);
        seen.take(&machine.advance(&[start(0, "null")]).unwrap());
        let mut now = 0;
        for _ in 0..25 {
            prop_assert_eq!(&seen.told, &reference.told, "{}", document);
            if reference.over {
                break;
            }
            prop_assert_eq!(seen.timer.map(|(_, at)| at).filter(|at| *at < NEVER), reference.due, "{}", document);
            now += choices.below(15) as u64;
            match seen.timer.filter(|(_, at)| *at <= now) {
                Some((step, at)) => {
                    seen.wait = None;
                    seen.timer = None;
                    reference.timer(at);
                    seen.take(&machine.advance(&[fired(at, step)]).unwrap());
                }
                None => {
                    let name = ['a', 'b', 'c'][choices.below(3)];
                    let wait = seen.wait.take().expect("it waits");
                    reference.event(now, name);
                    seen.take(&machine.advance(&[heard(now, wait, &event(&name.to_string(), "null"))]).unwrap());
                }
            }
        }
    });
}
