//! The flow that a machine is: a loop whose every round is one event or timer.
//!
//! ```text
//! _start  _first                          the data and the state it begins with
//! _machine  repeat, until a final state    repeat.last is {state, previous, entered, due, data}
//!   _now  _data  _state                    what the round begins with, by state:
//!     _a_enter … _a_data                   entry actions, if the state has just been entered
//!     _a_due                               when its timers are due
//!     _a_wait                              the one wait: a signal, until the first timer
//!     _a_event  _a_guard0 …                by the event's name, its type, and the guards
//!     _a_on0_…  _a_on0                     exit and own actions, and the round's result
//!     _a_time  _a_after0_… _a_after0       the same for timers
//!     _a_same                              nothing of it fits: the event is dropped
//! _end  …                                  the final state's entry actions and output
//! ```
//!
//! `data` in an expression is the latest of the nodes that hold the machine's data on the way there, and `event` the payload.

mod chain;
mod node;

use super::read::{Cause, Machine, State, Target, Transition};
use crate::located::{Located, Member};
use crate::read::Problems;
use chain::{At, Chain};
use loomwork_diagnostic::Span;
use node::{list, member, number, object, text};

/// How many rounds a machine may make: what `repeat` allows.
const ROUNDS: &str = "1000000";
/// A time that never comes.
const NEVER: &str = "timestamp(\"9999-01-01T00:00:00Z\")";

type Aliases = Vec<Vec<(String, String)>>;
/// Transitions with their places in the state's list.
type Numbered<'t> = Vec<(usize, &'t Transition)>;

pub(super) struct Built {
    /// The flow's document.
    pub flow: Located,
    /// Of each of its nodes.
    pub aliases: Aliases,
    /// Events, with the nodes that hold their payloads.
    pub events: Vec<(String, String)>,
}

pub(super) fn flow(root: &Located, machine: &Machine, problems: &mut Problems) -> Built {
    let mut builder = Builder {
        machine,
        problems,
        nodes: Vec::new(),
        aliases: Vec::new(),
        wires: Vec::new(),
        results: Vec::new(),
        events: Vec::new(),
    };
    builder.whole(root.span);
    let kept =
        ["loomwork", "id", "description", "packages", "types", "input", "output", "triggers", "error_flow", "durability", "view"];
    let mut members: Vec<Member> = root.members().iter().filter(|member| kept.contains(&&*member.key)).cloned().collect();
    members.push(member("nodes", list(root.span, builder.nodes)));
    members.push(member("wires", list(root.span, builder.wires)));
    let flow = Located { span: root.span, value: crate::located::Shape::Object(members) };
    Built { flow, aliases: builder.aliases, events: builder.events }
}

struct Builder<'a, 'p> {
    machine: &'a Machine,
    problems: &'p mut Problems,
    nodes: Vec<Located>,
    aliases: Aliases,
    wires: Vec<Located>,
    /// The nodes one of which is the round's result.
    results: Vec<String>,
    /// Events, with the nodes that hold their payloads.
    events: Vec<(String, String)>,
}

impl Builder<'_, '_> {
    fn whole(&mut self, span: Span) {
        let machine = self.machine;
        let start = machine.data.iter().map(|data| (data.name.as_str(), data.start.clone())).collect();
        self.data("_start", None, machine.data_span, object(machine.data_span, start));
        let id = &machine.states[machine.start].id;
        let first = result(span, id, id, true, "[]", "{{ nodes._start }}");
        self.value("_first", None, span, first, "json", &[]);
        self.wire(span, "_start", "ok", "_first");
        self.wire(span, "_first", "ok", "_machine");
        self.round(span);
        let last = format!("[{}][0]", self.results.iter().map(|id| format!("?nodes.?{id}")).collect::<Vec<_>>().join(", "));
        let finals: Vec<usize> = (0..machine.states.len()).filter(|state| machine.states[*state].is_final()).collect();
        let names: Vec<String> = finals.iter().map(|state| format!("\"{}\"", machine.states[*state].id)).collect();
        let with = vec![
            ("until", text(span, format!("{{{{ {last}.state in [{}] }}}}", names.join(", ")))),
            ("result", text(span, format!("{{{{ {last} }}}}"))),
            ("max", number(span, ROUNDS)),
        ];
        self.node("_machine", None, span, "repeat", with, &[]);
        self.end(span, &finals);
    }

    /// What happens in one round.
    fn round(&mut self, span: Span) {
        let at = Some("_machine");
        self.value("_now", at, span, text(span, "{{ repeat.last == null ? nodes._first : repeat.last }}".into()), "json", &[]);
        let data = text(self.machine.data_span, "{{ nodes._now.data }}".into());
        self.data("_data", at, self.machine.data_span, data);
        self.wire(span, "_now", "ok", "_data");
        self.wire(span, "_data", "ok", "_state");
        let states: Vec<&State> = self.machine.states.iter().filter(|state| !state.is_final()).collect();
        let case = |state: &&State| (format!("s_{}", state.id), format!("{{{{ nodes._now.state == \"{}\" }}}}", state.id));
        self.branch("_state", at, span, states.iter().map(case).collect(), &[]);
        for state in states {
            self.state(state);
        }
    }

    fn state(&mut self, state: &State) {
        let name = |what: &str| format!("_{}_{what}", state.id);
        let (at, span) = (Some("_machine"), state.span);
        self.branch(&name("enter"), at, span, vec![("yes".into(), "{{ nodes._now.entered }}".into())], &[]);
        self.wire(span, "_state", &format!("s_{}", state.id), &name("enter"));
        let mut chain = Chain::begin(At { node: name("enter"), port: "yes".into() }, "_data", None);
        self.actions(&mut chain, &state.entry, &name("entry"), at, state.error.map(|_| name("failed")).as_deref());
        // The data after the entry actions, or as they were.
        let data = match chain.data.as_str() {
            "_data" => "{{ nodes._data }}".to_owned(),
            changed => format!("{{{{ [?nodes.?{changed}, nodes._data][0] }}}}"),
        };
        self.data(&name("data"), at, span, text(span, data));
        self.wire(span, &chain.at.node, &chain.at.port, &name("data"));
        self.wire(span, &name("enter"), "else", &name("data"));
        let waits = self.timers(state, &name);
        self.wait(state, &name, &waits);
        self.on_events(state, &name);
        if !state.after.is_empty() {
            self.on_timers(state, &name);
        }
        let failed = name("failed");
        let can_fail = self.wires.iter().any(|wire| wire.member("to").is_some_and(|to| to.value.text() == Some(failed.as_str())));
        if let Some(to) = state.error.filter(|_| can_fail) {
            let target = &self.machine.states[to].id;
            self.result(&failed, result(span, target, &state.id, true, "[]", "{{ nodes._data }}"), &[]);
        }
    }

    /// When the timers are due; gives the node after which everything is known.
    fn timers(&mut self, state: &State, name: &dyn Fn(&str) -> String) -> String {
        let (at, span) = (Some("_machine"), state.span);
        let mut last = name("data");
        let mut due = Vec::new();
        for (place, timer) in state.after.iter().enumerate() {
            let Cause::Timer(delay) = &timer.cause else { continue };
            let id = name(&format!("delay{place}"));
            self.value(&id, at, timer.span, delay.clone(), "duration", &[("data", name("data").as_str())]);
            self.wire(timer.span, &last, "ok", &id);
            due.push(format!("run.now + nodes.{id}"));
            last = id;
        }
        let again = "nodes._now.due.map(d, timestamp(d))";
        let due = format!("{{{{ nodes._now.entered ? [{}] : {again} }}}}", due.join(", "));
        self.value(&name("due"), at, span, text(span, due), "list<datetime>", &[]);
        self.wire(span, &last, "ok", &name("due"));
        name("due")
    }

    fn wait(&mut self, state: &State, name: &dyn Fn(&str) -> String, after: &str) {
        let span = state.span;
        let mut signal = vec![
            ("name", text(span, self.machine.id.clone())),
            ("type", text(span, "record { event: string, data: json }".into())),
        ];
        if let Some(key) = &self.machine.key {
            signal.push(("key", text(span, key.clone())));
        }
        if !state.after.is_empty() {
            signal.push(("until", text(span, format!("{{{{ nodes.{}.sort()[0] }}}}", name("due")))));
        }
        self.node(&name("wait"), Some("_machine"), span, "wait", vec![("signal", object(span, signal))], &[]);
        self.wire(span, after, "ok", &name("wait"));
        let failed = if state.after.is_empty() { name("same") } else { name("time") };
        self.wire(span, &name("wait"), "error", &failed);
    }

    /// By the event's name, then its type, then the guards in order.
    fn on_events(&mut self, state: &State, name: &dyn Fn(&str) -> String) {
        let (at, span) = (Some("_machine"), state.span);
        let mut events: Vec<(&str, Numbered<'_>)> = Vec::new();
        for (place, transition) in state.on.iter().enumerate() {
            let Cause::Event { name: event, .. } = &transition.cause else { continue };
            match events.iter_mut().find(|(known, _)| known == event) {
                Some((_, of)) => of.push((place, transition)),
                None => events.push((event, vec![(place, transition)])),
            }
        }
        let wait = name("wait");
        let again = format!("nodes.{}", name("due"));
        let data = format!("{{{{ nodes.{} }}}}", name("data"));
        self.result(&name("same"), stays(span, &state.id, &again, &data), &[]);
        if events.is_empty() {
            return self.wire(span, &wait, "ok", &name("same"));
        }
        let case = |(place, (event, _)): (usize, &(&str, Numbered<'_>))| {
            (format!("e{place}"), format!("{{{{ nodes.{wait}.event == {} }}}}", quoted(event)))
        };
        let cases = events.iter().enumerate().map(case).collect();
        self.branch(&name("event"), at, span, cases, &[]);
        self.wire(span, &wait, "ok", &name("event"));
        self.wire(span, &name("event"), "else", &name("same"));
        for (number, (event, of)) in events.iter().enumerate() {
            let (payload, guard) = (name(&format!("event{number}")), name(&format!("guard{number}")));
            self.events.push(((*event).to_owned(), payload.clone()));
            let first = of[0].1;
            let ty = of.iter().find_map(|(_, transition)| match &transition.cause {
                Cause::Event { ty, .. } => ty.clone(),
                Cause::Timer(_) => None,
            });
            let ty = ty.unwrap_or_else(|| text(first.span, "json".into()));
            let of_event = vec![("of", text(first.span, format!("{{{{ nodes.{wait}.data }}}}"))), ("type", ty)];
            self.node(&payload, at, first.span, "value", of_event, &[]);
            self.wire(first.span, &name("event"), &format!("e{number}"), &payload);
            // What is not of the type is dropped like any event that does not fit.
            self.wire(first.span, &payload, "error", &name("same"));
            self.guards(&guard, first.span, of, &[("data", name("data").as_str()), ("event", payload.as_str())]);
            self.wire(first.span, &payload, "ok", &guard);
            self.wire(first.span, &guard, "else", &name("same"));
            for (place, transition) in of {
                let begin = Chain::begin(At { node: guard.clone(), port: format!("t{place}") }, &name("data"), Some(&payload));
                self.transition(state, transition, &name(&format!("on{place}")), begin, &again, name);
            }
        }
    }

    /// Each timer is looked at once, when it is due.
    fn on_timers(&mut self, state: &State, name: &dyn Fn(&str) -> String) {
        let (at, span) = (Some("_machine"), state.span);
        let due = format!("nodes.{}", name("due"));
        let case = |place: usize| {
            let passed = format!("nodes.{}.error.code == \"limit.time\" && {due}[{place}] <= run.now", name("wait"));
            (format!("t{place}"), format!("{{{{ {passed} }}}}"))
        };
        self.branch(&name("time"), at, span, (0..state.after.len()).map(case).collect(), &[]);
        self.wire(span, &name("time"), "else", &name("same"));
        for (place, timer) in state.after.iter().enumerate() {
            let dues = (0..state.after.len()).map(|other| match other == place {
                true => NEVER.to_owned(),
                false => format!("{due}[{other}]"),
            });
            let again = format!("[{}]", dues.collect::<Vec<_>>().join(", "));
            let mut begin = At { node: name("time"), port: format!("t{place}") };
            if timer.when.is_some() {
                let guard = name(&format!("after{place}_guard"));
                self.guards(&guard, timer.span, &[(place, timer)], &[("data", name("data").as_str())]);
                self.wire(timer.span, &begin.node, &begin.port, &guard);
                let (no, data) = (name(&format!("after{place}_no")), format!("{{{{ nodes.{} }}}}", name("data")));
                self.result(&no, stays(timer.span, &state.id, &again, &data), &[]);
                self.wire(timer.span, &guard, "else", &no);
                begin.node = guard;
            }
            let begin = Chain::begin(begin, &name("data"), None);
            self.transition(state, timer, &name(&format!("after{place}")), begin, &again, name);
        }
    }

    /// Exit actions, own actions, result.
    fn transition(
        &mut self,
        state: &State,
        of: &Transition,
        id: &str,
        mut chain: Chain,
        due: &str,
        name: &dyn Fn(&str) -> String,
    ) {
        let failed = state.error.map(|_| name("failed"));
        let at = Some("_machine");
        if !matches!(of.to, Target::Stay) {
            self.actions(&mut chain, &state.exit, &format!("{id}_exit"), at, failed.as_deref());
        }
        self.actions(&mut chain, &of.actions, &format!("{id}_do"), at, failed.as_deref());
        let data = format!("{{{{ nodes.{} }}}}", chain.data);
        let target = match of.to {
            Target::Stay => stays(of.span, &state.id, due, &data),
            Target::State(to) => result(of.span, &self.machine.states[to].id, &state.id, true, "[]", &data),
            Target::Back => result(of.span, "{{ nodes._now.previous }}", &state.id, true, "[]", &data),
        };
        self.result(id, target, &[]);
        self.wire(of.span, &chain.at.node, &chain.at.port, id);
    }

    /// After the loop: by final state, its entry actions and its output.
    fn end(&mut self, span: Span, finals: &[usize]) {
        let Some((last, others)) = finals.split_last() else { return };
        let id = |state: &usize| self.machine.states[*state].id.as_str();
        let case = |state: &usize| (format!("s_{}", id(state)), format!("{{{{ nodes._machine.state == \"{}\" }}}}", id(state)));
        let cases: Vec<_> = others.iter().map(case).collect();
        let only = cases.is_empty();
        if !only {
            self.branch("_end", None, span, cases, &[]);
            self.wire(span, "_machine", "ok", "_end");
        }
        for state in finals {
            let of = &self.machine.states[*state];
            let port = if state == last { "else".to_owned() } else { format!("s_{}", of.id) };
            let (from, port) = if only { ("_machine", "ok") } else { ("_end", port.as_str()) };
            let (data, end) = (format!("_{}_data", of.id), format!("_{}_end", of.id));
            let text_of = text(of.span, "{{ nodes._machine.data }}".into());
            self.data(&data, None, of.span, text_of);
            self.wire(of.span, from, port, &data);
            let mut chain = Chain::begin(At { node: data.clone(), port: "ok".into() }, &data, None);
            self.actions(&mut chain, &of.entry, &format!("_{}_entry", of.id), None, None);
            let with = of.output.iter().map(|output| ("value", output.clone())).collect();
            self.node(&end, None, of.span, "return", with, &[("data", chain.data.as_str())]);
            self.wire(of.span, &chain.at.node, &chain.at.port, &end);
        }
    }

    /// `record { paid: f64, tries: u32 }`
    fn data_type(&self) -> String {
        let fields: Vec<String> = self.machine.data.iter().map(|data| format!("{}: {}", data.name, data.ty)).collect();
        format!("record {{ {} }}", fields.join(", "))
    }
}

/// `{state, previous, entered, due, data}`; `due` is an expression, `data` a template.
fn result(span: Span, state: &str, previous: &str, entered: bool, due: &str, data: &str) -> Located {
    object(
        span,
        vec![
            ("state", text(span, state.into())),
            ("previous", text(span, previous.into())),
            ("entered", text(span, format!("{{{{ {entered} }}}}"))),
            ("due", text(span, format!("{{{{ {due} }}}}"))),
            ("data", text(span, data.into())),
        ],
    )
}

/// The result of a round after which the machine is where it was.
fn stays(span: Span, state: &str, due: &str, data: &str) -> Located {
    result(span, state, "{{ nodes._now.previous }}", false, due, data)
}

/// A text as an expression writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            _ if letter.is_control() => out.push_str(&format!("\\u{:04x}", letter as u32)),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}
