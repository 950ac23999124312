//! A machine's document, as far as its shape goes.

use super::order::{ACTION_FIELDS, DATA_FIELDS, EVENT_FIELDS, MACHINE_FIELDS, STATE_FIELDS, TIMER_FIELDS};
use crate::located::{Located, Member};
use crate::read::{Fields, Problems};
use loomwork_diagnostic::{Diagnostic, Span, nearest};

/// How many states a machine may have.
const MAX_STATES: usize = 500;

pub(super) struct Machine {
    pub id: String,
    pub key: Option<String>,
    pub data: Vec<Data>,
    /// The place of `data`, or of the whole.
    pub data_span: Span,
    /// Places in `states`.
    pub start: usize,
    pub states: Vec<State>,
}

/// One field of the machine's data.
pub(super) struct Data {
    pub name: String,
    /// As WIT writes it.
    pub ty: String,
    pub start: Located,
}

pub(super) struct State {
    pub id: String,
    pub span: Span,
    pub entry: Vec<Action>,
    pub exit: Vec<Action>,
    pub on: Vec<Transition>,
    pub after: Vec<Transition>,
    /// Where an action that fails leads.
    pub error: Option<usize>,
    pub output: Option<Located>,
}

impl State {
    /// Nothing leads out of it: the machine ends there.
    pub fn is_final(&self) -> bool {
        self.on.is_empty() && self.after.is_empty()
    }
}

pub(super) struct Transition {
    pub span: Span,
    pub cause: Cause,
    pub when: Option<Located>,
    pub actions: Vec<Action>,
    pub to: Target,
}

pub(super) enum Cause {
    Event {
        name: String,
        /// As WIT writes it; `json` if absent.
        ty: Option<Located>,
    },
    /// The delay.
    Timer(Located),
}

#[derive(Clone, Copy)]
pub(super) enum Target {
    /// Nowhere: neither exit nor entry happens, and timers go on.
    Stay,
    State(usize),
    /// The state before this one.
    Back,
}

/// A node without wires.
pub(super) struct Action {
    pub span: Span,
    pub id: Option<String>,
    pub uses: String,
    /// All its fields but `id`.
    pub members: Vec<Member>,
}

pub(super) fn machine(root: &Located, problems: &mut Problems) -> Option<Machine> {
    let mut fields = Fields::open(root, "a machine", MACHINE_FIELDS, problems)?;
    let id = fields.required_text("id").unwrap_or_default();
    let key = fields.text("key");
    fields.require("start");
    fields.require("states");
    fields.members("data");
    let data = part(root, "data").map(Located::members).unwrap_or_default();
    let data = data.iter().filter_map(|member| self::data(member, problems)).collect();
    let states = part(root, "states")?;
    let ids = state_ids(states);
    let known = Known { ids: &ids };
    let read = known.states(states, problems);
    let start = known.place(part(root, "start")?, problems)?;
    // With two states of one name, or a name that is none, what follows would only repeat that.
    let sound = |(place, id): (usize, &String)| crate::identifier::id_mistake(id).is_none() && !ids[..place].contains(id);
    if read.len() != ids.len() || !ids.iter().enumerate().all(sound) {
        return None;
    }
    if read[start].is_final() {
        let message = "the machine would end as soon as it starts: nothing leads out of its first state";
        problems.report(Diagnostic::error("machine.no_way_out", part(root, "start")?.span, message));
    }
    let data_span = part(root, "data").map_or(root.span, |data| data.span);
    Some(Machine { id, key, data, data_span, start, states: read })
}

/// A member's value, whatever it is.
fn part<'l>(located: &'l Located, name: &str) -> Option<&'l Located> {
    located.member(name).map(|member| &member.value)
}

fn data(member: &Member, problems: &mut Problems) -> Option<Data> {
    let mut fields = Fields::open(&member.value, "a field of `data`", DATA_FIELDS, problems)?;
    let ty = fields.required_text("type");
    fields.require("start");
    let start = part(&member.value, "start").cloned();
    if let Some(why) = crate::identifier::id_mistake(&member.key) {
        let message = format!("`{}` cannot be the name of a field: {why}", crate::scan::shorten(&member.key));
        problems.report(Diagnostic::error("flow.bad_id", member.key_span, message));
        return None;
    }
    Some(Data { name: member.key.clone(), ty: ty?, start: start? })
}

fn state_ids(states: &Located) -> Vec<String> {
    let id = |state: &Located| state.member("id").and_then(|member| member.value.text()).unwrap_or_default().to_owned();
    states.items().iter().take(MAX_STATES).map(id).collect()
}

/// The states by name, known before any is read.
struct Known<'a> {
    ids: &'a [String],
}

impl Known<'_> {
    fn states(&self, located: &Located, problems: &mut Problems) -> Vec<State> {
        let items = located.items();
        if items.len() > MAX_STATES {
            let message = format!("{} states; a machine may have {MAX_STATES}", items.len());
            problems.report(Diagnostic::error("flow.too_large", located.span, message));
        }
        let mut seen: Vec<&str> = Vec::new();
        for (state, id) in items.iter().zip(self.ids) {
            let span = state.member("id").map_or(state.span, |member| member.value.span);
            if let Some(why) = crate::identifier::id_mistake(id).filter(|_| !id.is_empty()) {
                let message = format!("`{}` cannot be the id of a state: {why}", crate::scan::shorten(id));
                problems.report(Diagnostic::error("flow.bad_id", span, message));
            } else if seen.contains(&id.as_str()) {
                problems.report(Diagnostic::error("flow.duplicate_id", span, format!("there is a state `{id}` already")));
            }
            seen.push(id);
        }
        items.iter().take(MAX_STATES).filter_map(|state| self.state(state, problems)).collect()
    }

    fn state(&self, located: &Located, problems: &mut Problems) -> Option<State> {
        let mut fields = Fields::open(located, "a state", STATE_FIELDS, problems)?;
        let id = fields.required_text("id").unwrap_or_default();
        fields.text("note");
        let [entry, exit, on, after] = ["entry", "exit", "on", "after"].map(|name| part(located, name));
        let state = State {
            id,
            span: located.span,
            entry: actions(entry, problems),
            exit: actions(exit, problems),
            on: list(on, problems, |item, problems| self.transition(item, false, problems)),
            after: list(after, problems, |item, problems| self.transition(item, true, problems)),
            error: part(located, "error").and_then(|error| self.place(error, problems)),
            output: part(located, "output").cloned(),
        };
        let end = |name: &str| located.member(name).map(|member| member.key_span);
        let misplaced = if state.is_final() { end("exit").or(end("error")) } else { end("output") };
        if let Some(span) = misplaced {
            let message = match state.is_final() {
                true => "nothing leads out of this state, so it has neither `exit` nor `error`",
                false => "only a state that nothing leads out of has an `output`",
            };
            problems.report(Diagnostic::error("flow.misplaced_field", span, message));
        }
        Some(state)
    }

    fn transition(&self, located: &Located, timed: bool, problems: &mut Problems) -> Option<Transition> {
        let (what, known) = if timed { ("a timer", TIMER_FIELDS) } else { ("a transition", EVENT_FIELDS) };
        let mut fields = Fields::open(located, what, known, problems)?;
        fields.require(if timed { "delay" } else { "event" });
        let event = fields.text("event");
        let back = fields.flag("back");
        for text in ["delay", "type", "when", "note"] {
            fields.text(text);
        }
        let [delay, ty, when, to, run] = ["delay", "type", "when", "to", "do"].map(|name| part(located, name));
        if back && to.is_some() {
            let message = "`to` and `back` cannot stand together";
            problems.report(Diagnostic::error("flow.choose_one", located.span, message));
        }
        let to = match to {
            Some(to) => Target::State(self.place(to, problems)?),
            None if back => Target::Back,
            None => Target::Stay,
        };
        let actions = actions(run, problems);
        let cause = if timed { Cause::Timer(delay?.clone()) } else { Cause::Event { name: event?, ty: ty.cloned() } };
        Some(Transition { span: located.span, cause, when: when.cloned(), actions, to })
    }

    /// The place of the state that is named.
    fn place(&self, name: &Located, problems: &mut Problems) -> Option<usize> {
        let written = name.text().unwrap_or_default();
        let place = self.ids.iter().position(|id| id == written && !id.is_empty());
        if place.is_none() {
            let hint = nearest(written, self.ids.iter().map(String::as_str)).map(|near| format!("Did you mean `{near}`?"));
            let message = format!("there is no state `{}`", crate::scan::shorten(written));
            problems.report(Diagnostic { hint, ..Diagnostic::error("machine.unknown_state", name.span, message) });
        }
        place
    }
}

fn actions(located: Option<&Located>, problems: &mut Problems) -> Vec<Action> {
    list(located, problems, |item, problems| {
        let mut fields = Fields::open(item, "an action", ACTION_FIELDS, problems)?;
        let uses = fields.required_text("use")?;
        let id = fields.text("id");
        if let Some(span) = id.as_ref().filter(|id| id.starts_with('_')).and_then(|_| item.member("id")).map(|m| m.value.span) {
            let message = "ids of actions do not begin with `_`: such are the machine's own";
            problems.report(Diagnostic::error("flow.bad_id", span, message));
        }
        if ["branch", "each", "repeat", "try", "return", "fail"].contains(&uses.as_str()) {
            let span = item.member("use").map_or(item.span, |member| member.value.span);
            let hint = "Actions are functions, `set`, `emit`, `call`, `wait` and `respond`; put more into a flow and `call` it.";
            let message = format!("`{uses}` cannot be an action");
            problems.report(Diagnostic::error("machine.not_an_action", span, message).hint(hint));
            return None;
        }
        let members = item.members().iter().filter(|member| member.key != "id").cloned().collect();
        Some(Action { span: item.span, id, uses, members })
    })
}

fn list<T>(
    located: Option<&Located>,
    problems: &mut Problems,
    mut read: impl FnMut(&Located, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let Some(located) = located else { return Vec::new() };
    if !located.is_list() {
        let message = format!("this is a list, not {}", located.kind());
        problems.report(Diagnostic::error("flow.wrong_shape", located.span, message));
    }
    located.items().iter().filter_map(|item| read(item, problems)).collect()
}
