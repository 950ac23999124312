//! The control nodes that no nodes live in.

use super::Builder;
use super::infer::fault;
use crate::plan::{NodeIx, Template, What};
use crate::report::brief;
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

    pub(super) fn call(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["flow", "input", "mode"]);
        let flow = self.required(node, "flow", "the id of the flow to run");
        let flow = flow.and_then(|(json, pointer)| match json.as_str().filter(|id| slug_mistake(id).is_none()) {
            Some(id) => Some((id, pointer)),
            None => {
                let hint = "Write its id as it is; an expression cannot stand here.".to_owned();
                self.report.error_hint("flow.bad_id", &pointer, "this cannot be the id of a flow", hint);
                None
            }
        });
        let target = flow.as_ref().map(|(id, pointer)| self.flow_signature(id, pointer));
        let (input_type, output) = target.unwrap_or((Type::Json, Type::Json));
        let input = self.value_or_null(node, "input", &input_type, "the flow's input");
        let wait = self.word(node, "mode", &[("wait", true), ("start", false)]);
        let output = if wait == Some(false) { Type::String } else { output };
        let what = flow.zip(input).zip(wait).map(|(((flow, _), input), wait)| What::Flow { flow: flow.into(), input, wait });
        (what, output)
    }

    /// The input and output types of a flow: its own, or what the catalog knows; `json` where nothing is known.
    fn flow_signature(&mut self, id: &str, pointer: &str) -> (Type, Type) {
        let known = &self.known;
        if id == known.draft.flow.id {
            return (known.ends.input.clone(), known.ends.output.clone());
        }
        crate::rules::flow_is_known(id, known.catalog, pointer, self.report);
        let signature = known.catalog.flow(id);
        signature.map_or((Type::Json, Type::Json), |flow| (flow.input().clone(), flow.output().clone()))
    }

    /// A parameter of a type, null if it is absent and may be.
    fn value_or_null(&mut self, node: NodeIx, name: &str, ty: &Type, what: &str) -> Option<Template> {
        match self.given(node, name) {
            Some((json, pointer)) => Some(self.template(json, Some(ty), &pointer, self.spot(node))?.template),
            None if ty.may_be_null() => Some(null()),
            None => {
                let what = format!("{what}, of type `{}`", loomwork_types::short(ty));
                self.missing(&super::params::Slot { name, what: &what }, &self.with_pointer(node));
                None
            }
        }
    }

    pub(super) fn set(&mut self, node: NodeIx) -> Checked {
        let built = self.free_object(&self.document(node).with, false, &self.with_pointer(node), self.spot(node));
        match built {
            Some(built) => (Some(What::Set { value: built.template }), built.ty),
            None => (None, Type::Json),
        }
    }

    /// `{ "of": "{{ nodes.look.body }}", "type": "order" }`
    pub(super) fn value(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["of", "type"]);
        let ty = match self.given(node, "type") {
            Some((json, pointer)) => match self.written_type(json, &pointer) {
                Some(ty) => Some(ty),
                None => return (None, Type::Json),
            },
            None => None,
        };
        let Some((json, pointer)) = self.required(node, "of", "the value") else { return (None, Type::Json) };
        match self.template(json, ty.as_ref(), &pointer, self.spot(node)) {
            Some(built) => (Some(What::Set { value: built.template }), built.ty),
            None => (None, ty.unwrap_or(Type::Json)),
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
        let payload = self.value_or_null(node, "payload", &Type::Json, "what the event carries");
        let what = event.zip(payload).map(|(event, payload)| What::Emit { event: event.template, payload });
        (what, Type::Json)
    }

    pub(super) fn respond(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["value"]);
        let answer = self.known.ends.answer.clone();
        let value = self.value_or_null(node, "value", &answer, "the flow's answer");
        (value.map(|value| What::Respond { value }), Type::Json)
    }

    pub(super) fn return_(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["value"]);
        let output = self.known.ends.output.clone();
        let value = self.value_or_null(node, "value", &output, "the flow's output");
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
