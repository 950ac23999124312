//! `wait` for an approval: who is asked what, and what a decision is.

use super::Builder;
use super::infer::record;
use super::params::Slot;
use super::wait::Waiting;
use crate::plan::{NodeIx, Question, Template, Wait};
use crate::question::{Label, decision, form_json};
use crate::report::brief;
use loomwork_flow::{Json, id_mistake};
use loomwork_types::Type;
use std::sync::Arc;

/// How many people can be asked to agree at most.
const MOST_APPROVERS: f64 = 1_000.0;

/// A form: its record, and what a person reads beside each field.
struct Form {
    ty: Type,
    labels: Vec<Label>,
}

impl Builder<'_, '_, '_> {
    pub(super) fn approval(&mut self, node: NodeIx, json: &Json, pointer: &str) -> Waiting {
        let Json::Object(members) = json else {
            let hint = "Write `{ \"title\": \"Pay {{ input.total }}?\" }`.".to_owned();
            self.report.error_hint("flow.type_mismatch", pointer, "an approval has at least a title", hint);
            return None;
        };
        self.only_members(members, &["title", "message", "form", "approvers", "count", "self_approval", "default"], pointer);
        let form = match json.get("form") {
            Some(form) => self.form(form, &format!("{pointer}/form")).map(Some),
            None => Some(None),
        };
        let about = self.about(node, json, pointer);
        let form = form?;
        let ty = form.as_ref().map(|form| form.ty.clone());
        let default = match json.get("default") {
            Some(default) => Some(self.default_decision(node, default, ty.as_ref(), &format!("{pointer}/default"))?),
            None => None,
        };
        let fields = form.as_ref().map_or("[]".to_owned(), |form| form_json(&form.ty, &form.labels));
        let mut about = about?;
        about.insert(2, (Arc::from("form"), Template::Literal(fields.into())));
        let output = decision(ty.as_ref());
        Some((Wait::Approval(Question { about: Template::Record(about), form: ty, default }), output))
    }

    /// All of the question but its form.
    fn about(&mut self, node: NodeIx, json: &Json, pointer: &str) -> Option<Vec<(Arc<str>, Template)>> {
        let spot = self.spot(node);
        if json.get("title").is_none() {
            self.missing(&Slot { name: "title", what: "what people are asked" }, pointer);
        }
        let mut part = |name: &str, ty: Type, absent: &str| {
            let built = match json.get(name) {
                Some(json) => self.template(json, Some(&ty), &format!("{pointer}/{name}"), spot).map(|built| built.template),
                None => Some(Template::Literal(absent.into())),
            };
            built.map(|built| (Arc::from(name), built))
        };
        let title = part("title", Type::String, "\"\"");
        let message = part("message", Type::option(Type::String), "null");
        let approvers = part("approvers", Type::list(Type::String), "[]");
        let self_approval = part("self_approval", Type::Bool, "true");
        let count = self.agreeing(json, pointer);
        Some(vec![title?, message?, approvers?, (Arc::from("count"), Template::Literal(count.into())), self_approval?])
    }

    /// How many people must agree.
    fn agreeing(&mut self, json: &Json, pointer: &str) -> String {
        let pointer = format!("{pointer}/count");
        let count = match json.get("count") {
            None => return "1".to_owned(),
            Some(Json::Number(digits)) => digits.parse::<u32>().ok(),
            Some(_) => None,
        };
        let Some(count) = count else {
            let hint = "It is fixed in the document; an expression cannot stand here.".to_owned();
            self.report.error_hint("flow.type_mismatch", &pointer, "`count` is a whole number", hint);
            return "1".to_owned();
        };
        self.in_range(count.into(), 1.0..=MOST_APPROVERS, &pointer);
        let people = match json.get("approvers") {
            Some(Json::List(people)) if !people.is_empty() => people.as_slice(),
            _ => &[],
        };
        let is_one = |person: &Json| person.as_str().is_some_and(|name| !name.contains("{{") && !name.starts_with("group:"));
        if !people.is_empty() && people.iter().all(is_one) && (count as usize) > people.len() {
            let message = format!("{count} people must agree, but only {} are asked", people.len());
            self.report.error("flow.out_of_range", &pointer, message);
        }
        count.to_string()
    }

    /// A record as WIT writes it, or a list of fields with words for people.
    fn form(&mut self, json: &Json, pointer: &str) -> Option<Form> {
        let Json::List(items) = json else {
            return match self.written_type(json, pointer)? {
                ty @ Type::Record(_) => Some(Form { ty, labels: Vec::new() }),
                other => {
                    let message = format!("a form is a record, not {}", other.noun());
                    self.report.error("flow.type_mismatch", pointer, message);
                    None
                }
            };
        };
        let mut fields: Vec<Option<(String, Type, Label)>> = Vec::new();
        for (ix, item) in items.iter().enumerate() {
            let field = self.form_field(item, &format!("{pointer}/{ix}"));
            let taken = |(name, ..): &(String, Type, Label)| fields.iter().flatten().any(|(other, ..)| other == name);
            if let Some((name, ..)) = field.as_ref().filter(|field| taken(field)) {
                let message = format!("there is a field `{}` already", brief(name));
                self.report.error("flow.bad_name", &format!("{pointer}/{ix}/name"), message);
            }
            fields.push(field);
        }
        let fields: Vec<_> = fields.into_iter().collect::<Option<_>>()?;
        let ty = record(fields.iter().map(|(name, ty, _)| (name.as_str(), ty.clone())));
        Some(Form { ty, labels: fields.into_iter().map(|(.., label)| label).collect() })
    }

    /// `{ "name": "reason", "type": "string", "label": "Why?", "help": "…" }`
    fn form_field(&mut self, json: &Json, pointer: &str) -> Option<(String, Type, Label)> {
        let Json::Object(members) = json else {
            let hint = "Write `{ \"name\": \"reason\", \"type\": \"string\" }`.".to_owned();
            self.report.error_hint("flow.type_mismatch", pointer, "a field of a form has a name and a type", hint);
            return None;
        };
        self.only_members(members, &["name", "type", "label", "help"], pointer);
        for (name, what) in [("name", "how expressions call it"), ("type", "what can be filled in: `string`, `u32`, `bool`")] {
            if json.get(name).is_none() {
                self.missing(&Slot { name, what }, pointer);
            }
        }
        let name = json.get("name")?.as_str().unwrap_or_default();
        if let Some(why) = id_mistake(name) {
            let message = format!("`{}` cannot be the name of a field: {why}", brief(name));
            self.report.error("flow.bad_name", &format!("{pointer}/name"), message);
        }
        let ty = self.written_type(json.get("type")?, &format!("{pointer}/type"))?;
        let mut words = |member: &str| {
            let text = json.get(member)?;
            if text.as_str().is_none() {
                self.report.error("flow.type_mismatch", &format!("{pointer}/{member}"), format!("`{member}` is text"));
            }
            text.as_str().map(str::to_owned)
        };
        let label = Label { label: words("label"), help: words("help") };
        Some((name.to_owned(), ty, label))
    }

    /// `{ "approved": false, "answer": { … } }`, as the decision that is made when the time is up.
    fn default_decision(&mut self, node: NodeIx, json: &Json, form: Option<&Type>, pointer: &str) -> Option<Template> {
        if self.document(node).timeout.is_none() {
            let hint = "Give the node a `timeout`, after which the default is taken.".to_owned();
            let message = "there is no time limit after which this could be taken";
            self.report.error_hint("flow.misplaced_field", pointer, message, hint);
        }
        let Json::Object(members) = json else {
            let hint = "Write `{ \"approved\": false }`.".to_owned();
            self.report.error_hint("flow.type_mismatch", pointer, "a default says whether it is approved", hint);
            return None;
        };
        let known: &[&str] = if form.is_some() { &["approved", "answer"] } else { &["approved"] };
        self.only_members(members, known, pointer);
        let spot = self.spot(node);
        if json.get("approved").is_none() {
            self.missing(&Slot { name: "approved", what: "`true` or `false`" }, pointer);
        }
        let approved = self.template(json.get("approved")?, Some(&Type::Bool), &format!("{pointer}/approved"), spot);
        let answer = match (form, json.get("answer")) {
            (Some(form), Some(answer)) => {
                let ty = Type::option(form.clone());
                Some(self.template(answer, Some(&ty), &format!("{pointer}/answer"), spot)?.template)
            }
            (Some(_), None) => Some(Template::Literal("null".into())),
            (None, _) => None,
        };
        let mut fields = vec![(Arc::from("approved"), approved?.template)];
        fields.extend(answer.map(|answer| (Arc::from("answer"), answer)));
        fields.push((Arc::from("by"), Template::Literal("[]".into())));
        fields.push((Arc::from("timed_out"), Template::Literal("true".into())));
        Some(Template::Record(fields))
    }
}
