//! The control nodes that no nodes live in.

use super::Builder;
use super::infer::fault;
use crate::plan::{NodeIx, Template, Wait, What};
use crate::report::{brief, listed};
use crate::rules::{name_is_good, slug_mistake};
use loomwork_flow::{Json, id_mistake};
use loomwork_types::Type;
use std::sync::Arc;

type Checked = (Option<What>, Type);

fn null() -> Template {
    Template::Literal("null".into())
}

impl Builder<'_, '_, '_> {
    pub(super) fn branch(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["cases"]);
        let what = self.required(node, "cases", "a list of `{ \"name\": …, \"when\": \"{{ … }}\" }`");
        let cases = what.and_then(|(cases, pointer)| match cases {
            Json::List(cases) if !cases.is_empty() => self.cases(node, cases, &pointer),
            _ => {
                let hint = "Write at least one `{ \"name\": \"big\", \"when\": \"{{ input.total > 100 }}\" }`.".to_owned();
                self.report.error_hint("flow.bad_case", &pointer, "`cases` is a list of cases", hint);
                None
            }
        });
        (cases.map(|cases| What::Branch { cases }), Type::String)
    }

    fn cases(&mut self, node: NodeIx, cases: &[Json], pointer: &str) -> Option<Vec<(Arc<str>, loomwork_expr::ir::Checked)>> {
        let mut names: Vec<&str> = Vec::new();
        let mut checked = Vec::new();
        for (ix, case) in cases.iter().enumerate() {
            let pointer = format!("{pointer}/{ix}");
            let Json::Object(members) = case else {
                self.report.error("flow.bad_case", &pointer, "a case is `{ \"name\": …, \"when\": \"{{ … }}\" }`");
                checked.push(None);
                continue;
            };
            self.only_members(members, &["name", "when"], &pointer);
            let name = case.get("name").and_then(Json::as_str).unwrap_or_default();
            if let Some(why) = case_mistake(name, &names) {
                let message = format!("`{}` cannot be the name of a case: {why}", brief(name));
                self.report.error("flow.bad_case", &format!("{pointer}/name"), message);
            }
            names.push(name);
            let when = case.get("when");
            if when.is_none() {
                let slot = super::params::Slot { name: "when", what: "a condition: `{{ input.total > 100 }}`" };
                self.missing(&slot, &pointer);
            }
            let when = when.and_then(|when| self.condition(when, &format!("{pointer}/when"), self.spot(node)));
            checked.push(when.map(|when| (Arc::from(name), when)));
        }
        checked.into_iter().collect()
    }

    pub(super) fn wait(&mut self, node: NodeIx) -> Checked {
        const WAYS: [&str; 4] = ["duration", "until", "signal", "approval"];
        self.only(node, &WAYS);
        let given: Vec<&str> = WAYS.into_iter().filter(|way| self.given(node, way).is_some()).collect();
        let [way] = given.as_slice() else {
            let message = match given.as_slice() {
                [] => "it does not say what to wait for".to_owned(),
                given => format!("{} cannot stand together", listed(given.iter().copied())),
            };
            let hint = format!("Give exactly one of {}.", listed(WAYS));
            self.report.error_hint("flow.choose_one", &self.with_pointer(node), message, hint);
            return (None, Type::Json);
        };
        let spot = self.spot(node);
        let Some((json, pointer)) = self.given(node, way) else { return (None, Type::Json) };
        let wait = match *way {
            "duration" => self.template(json, Some(&Type::Duration), &pointer, spot).map(|it| Wait::Duration(it.template)),
            "until" => self.template(json, Some(&Type::Datetime), &pointer, spot).map(|it| Wait::Until(it.template)),
            "signal" => self.signal(node, json, &pointer),
            _ => self.template(json, Some(&Type::Json), &pointer, spot).map(|it| Wait::Approval { form: it.template }),
        };
        (wait.map(What::Wait), Type::Json)
    }

    fn signal(&mut self, node: NodeIx, json: &Json, pointer: &str) -> Option<Wait> {
        let Json::Object(members) = json else {
            let hint = "Write `{ \"name\": \"paid\", \"key\": \"{{ input.id }}\" }`.".to_owned();
            self.report.error_hint("flow.type_mismatch", pointer, "a signal has a name, and may have a key", hint);
            return None;
        };
        self.only_members(members, &["name", "key"], pointer);
        let spot = self.spot(node);
        let Some(name) = json.get("name") else {
            self.missing(&super::params::Slot { name: "name", what: "the signal's name" }, pointer);
            return None;
        };
        let name = self.template(name, Some(&Type::String), &format!("{pointer}/name"), spot);
        let key = json.get("key").map(|key| self.template(key, Some(&Type::Json), &format!("{pointer}/key"), spot));
        let key = match key {
            Some(built) => Some(built?.template),
            None => None,
        };
        Some(Wait::Signal { name: name?.template, key })
    }

    pub(super) fn call(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["flow", "input", "mode"]);
        let flow = self.required(node, "flow", "the id of the flow to run");
        let flow = flow.and_then(|(json, pointer)| match json.as_str().filter(|id| slug_mistake(id).is_none()) {
            Some(id) => Some(Arc::from(id)),
            None => {
                let hint = "Write its id as it is; an expression cannot stand here.".to_owned();
                self.report.error_hint("flow.bad_id", &pointer, "this cannot be the id of a flow", hint);
                None
            }
        });
        let input = self.json_or_null(node, "input");
        let wait = self.word(node, "mode", &[("wait", true), ("start", false)]);
        let output = if wait == Some(false) { Type::String } else { Type::Json };
        let what = flow.zip(input).zip(wait).map(|((flow, input), wait)| What::Flow { flow, input, wait });
        (what, output)
    }

    /// A parameter that may be anything, null if absent.
    fn json_or_null(&mut self, node: NodeIx, name: &str) -> Option<Template> {
        match self.given(node, name) {
            Some((json, pointer)) => Some(self.template(json, Some(&Type::Json), &pointer, self.spot(node))?.template),
            None => Some(null()),
        }
    }

    pub(super) fn set(&mut self, node: NodeIx) -> Checked {
        let built = self.free_object(&self.document(node).with, false, &self.with_pointer(node), self.spot(node));
        match built {
            Some(built) => (Some(What::Set { value: built.template }), built.ty),
            None => (None, Type::Json),
        }
    }

    pub(super) fn emit(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["event", "payload"]);
        let event = self.required(node, "event", "the event's name");
        if let Some((Json::String(name), pointer)) = &event
            && !name.contains("{{")
            && !name_is_good(name)
        {
            let hint = "Use letters, digits, `.`, `-` and `_`.".to_owned();
            let message = format!("`{}` cannot be the name of an event", brief(name));
            self.report.error_hint("flow.bad_name", pointer, message, hint);
        }
        let event = event.and_then(|(json, at)| self.template(json, Some(&Type::String), &at, self.spot(node)));
        let payload = self.json_or_null(node, "payload");
        let what = event.zip(payload).map(|(event, payload)| What::Emit { event: event.template, payload });
        (what, Type::Json)
    }

    pub(super) fn return_(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["value"]);
        let output = self.known.ends.output.clone();
        let value = match self.given(node, "value") {
            Some((json, pointer)) => self.template(json, Some(&output), &pointer, self.spot(node)).map(|it| it.template),
            None if output.may_be_null() => Some(null()),
            None => {
                let what = format!("the flow's output, of type `{}`", loomwork_types::short(&output));
                self.missing(&super::params::Slot { name: "value", what: &what }, &self.with_pointer(node));
                None
            }
        };
        (value.map(|value| What::Return { value }), Type::Json)
    }

    pub(super) fn fail(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["code", "message", "data"]);
        let spot = self.spot(node);
        let mut text = |name, what| {
            let (json, pointer) = self.required(node, name, what)?;
            Some(self.template(json, Some(&Type::String), &pointer, spot)?.template)
        };
        let code = text("code", "the fault's code: `order.too_large`");
        let message = text("message", "what a person is told");
        let data = self.given(node, "data").map(|(json, at)| self.template(json, Some(&Type::Json), &at, spot));
        let data = match data {
            Some(None) => return (None, fault()),
            data => data.flatten().map(|built| built.template),
        };
        let what = code.zip(message).map(|(code, message)| What::Fail { code, message, data });
        (what, Type::Json)
    }
}

fn case_mistake(name: &str, before: &[&str]) -> Option<&'static str> {
    match name {
        "ok" | "error" | "else" => Some("every branch has its own `else` and `error`, and none an `ok`"),
        _ if before.contains(&name) => Some("there is one of this name already"),
        _ => id_mistake(name),
    }
}
