//! A question that a run asks people: what an `ask` command carries, what a person may answer, and when it is decided.
//!
//! The checker writes questions, hosts read them; both go by this one page. `docs/machine.md` has it in words.

use loomwork_types::{Fault, Field, Mismatch, Names, Type, canonical, datetime, parse, writer};
use loomwork_value::Timestamp;
use serde::Deserialize;

/// What an `ask` command's `about` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub title: String,
    pub message: Option<String>,
    /// What each person fills in, in order; empty if they only say yes or no.
    pub fields: Vec<FormField>,
    /// Who may answer, by name or as `group:<name>`; anybody if empty.
    pub approvers: Vec<String>,
    /// How many must agree. One who does not decides it alone.
    pub count: u32,
    /// False if whoever started the run must not answer.
    pub self_approval: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FormField {
    /// In the answer's JSON.
    pub name: String,
    pub ty: Type,
    pub label: Option<String>,
    pub help: Option<String>,
}

/// One person's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    pub who: String,
    /// Milliseconds since 1970.
    pub at: u64,
    pub approved: bool,
    pub note: Option<String>,
    /// The form as filled in, as [`Question::accept`] gave it.
    pub answer: Option<String>,
}

/// What stands beside a field of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Label {
    pub label: Option<String>,
    pub help: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    title: String,
    message: Option<String>,
    form: Vec<FieldText>,
    approvers: Vec<String>,
    count: u32,
    self_approval: bool,
}

#[derive(Deserialize)]
struct FieldText {
    name: String,
    #[serde(rename = "type")]
    ty: String,
    label: Option<String>,
    help: Option<String>,
}

impl Question {
    /// Reads the `about` of an `ask` command.
    pub fn read(about: &str) -> Result<Self, Fault> {
        let wrong = |why: String| Fault::new("approval.unreadable", format!("this is not a question: {why}"));
        let Text { title, message, form, approvers, count, self_approval } =
            serde_json::from_str(about).map_err(|error| wrong(error.to_string()))?;
        let field = |FieldText { name, ty, label, help }| match parse(&ty, &Names::default()) {
            Ok(ty) => Ok(FormField { name, ty, label, help }),
            Err(_) => Err(wrong(format!("`{ty}` is not a type"))),
        };
        let fields = form.into_iter().map(field).collect::<Result<_, _>>()?;
        Ok(Self { title, message, fields, approvers, count, self_approval })
    }

    /// The record that the form is; none if there is nothing to fill in.
    pub fn form(&self) -> Option<Type> {
        let field = |field: &FormField| Field {
            name: field.name.as_str().into(),
            json: field.name.as_str().into(),
            ty: field.ty.clone(),
            docs: None,
        };
        (!self.fields.is_empty()).then(|| Type::record(self.fields.iter().map(field).collect::<Vec<_>>()))
    }

    /// What a person filled in, in canonical JSON. Whoever agrees fills in the form; whoever does not need not.
    pub fn accept(&self, approved: bool, answer: Option<&str>) -> Result<Option<String>, Mismatch> {
        match (self.form(), answer) {
            (Some(form), Some(answer)) => canonical(&form, answer).map(Some),
            (Some(form), None) if approved => canonical(&form, "null").map(Some),
            (None, Some(answer)) => canonical(&Type::option(Type::record(Vec::new())), answer).map(|_| None),
            (Some(_) | None, None) => Ok(None),
        }
    }

    /// The decision that these answers make, in their order, as the JSON to be told to the machine; none if it is still open.
    pub fn decision(&self, votes: &[Vote]) -> Option<String> {
        let refused = votes.iter().position(|vote| !vote.approved);
        let enough = (self.count.max(1) as usize).checked_sub(1);
        let last = refused.or(enough).filter(|last| *last < votes.len())?;
        let votes = &votes[..=last];
        let with_form = !self.fields.is_empty();
        let mut out = format!("{{\"approved\":{}", refused.is_none());
        if with_form {
            out.push_str(",\"answer\":");
            out.push_str(votes.iter().rev().find_map(|vote| vote.answer.as_deref()).unwrap_or("null"));
        }
        out.push_str(",\"by\":[");
        for (place, vote) in votes.iter().enumerate() {
            out.push_str(if place == 0 { "" } else { "," });
            write_vote(vote, with_form, &mut out);
        }
        out.push_str("],\"timed_out\":false}");
        Some(out)
    }
}

fn write_vote(vote: &Vote, with_form: bool, out: &mut String) {
    out.push_str("{\"who\":");
    writer::string(&vote.who, out);
    out.push_str(",\"at\":\"");
    // Every instant up to the year 9999 has a text.
    let _ = datetime::print(Timestamp { nanos: i128::from(vote.at) * 1_000_000 }, out);
    out.push_str(&format!("\",\"approved\":{},\"note\":", vote.approved));
    text_or_null(vote.note.as_deref(), out);
    if with_form {
        out.push_str(",\"answer\":");
        out.push_str(vote.answer.as_deref().unwrap_or("null"));
    }
    out.push('}');
}

fn text_or_null(text: Option<&str>, out: &mut String) {
    match text {
        Some(text) => writer::string(text, out),
        None => out.push_str("null"),
    }
}

/// The type of a decision: `answer` is there if people fill in a form.
pub(crate) fn decision(form: Option<&Type>) -> Type {
    let answer = || form.map(|form| ("answer", Type::option(form.clone())));
    let mut vote =
        vec![("who", Type::String), ("at", Type::Datetime), ("approved", Type::Bool), ("note", Type::option(Type::String))];
    vote.extend(answer());
    let mut decision = vec![("approved", Type::Bool)];
    decision.extend(answer());
    decision.extend([("by", Type::list(record(vote))), ("timed_out", Type::Bool)]);
    record(decision)
}

fn record(fields: Vec<(&str, Type)>) -> Type {
    let field = |(name, ty): (&str, Type)| Field {
        // WIT's names have no `_`.
        name: name.replace('_', "-").into(),
        json: name.into(),
        ty,
        docs: None,
    };
    Type::record(fields.into_iter().map(field).collect::<Vec<_>>())
}

/// The `form` of a question: its record's fields as a JSON list, types written out.
pub(crate) fn form_json(form: &Type, labels: &[Label]) -> String {
    let Type::Record(record) = form else { return "[]".to_owned() };
    let mut out = String::from("[");
    for (place, field) in record.fields.iter().enumerate() {
        out.push_str(if place == 0 { "{\"name\":" } else { ",{\"name\":" });
        writer::string(&field.json, &mut out);
        out.push_str(",\"type\":");
        writer::string(&field.ty.to_string(), &mut out);
        let label = labels.get(place);
        out.push_str(",\"label\":");
        text_or_null(label.and_then(|label| label.label.as_deref()), &mut out);
        out.push_str(",\"help\":");
        text_or_null(label.and_then(|label| label.help.as_deref()).or(field.docs.as_deref()), &mut out);
        out.push('}');
    }
    out.push(']');
    out
}

#[cfg(test)]
mod tests {
    use super::{Question, Vote};

    const ABOUT: &str = r#"{"title":"Pay?","message":null,"form":[{"name":"reason","type":"option<string>","label":"Why?","help":null},
        {"name":"amount","type":"u32","label":null,"help":null}],"approvers":[],"count":2,"self_approval":true}"#;

    fn vote(who: &str, approved: bool, answer: Option<&str>) -> Vote {
        Vote { who: who.into(), at: 0, approved, note: None, answer: answer.map(str::to_owned) }
    }

    #[test]
    fn enough_who_agree_decide_and_so_does_one_who_does_not() {
        let question = Question::read(ABOUT).unwrap();
        assert_eq!(question.decision(&[]), None);
        assert_eq!(question.decision(&[vote("ann", true, Some("{\"amount\":1}"))]), None);
        let both = question.decision(&[vote("ann", true, Some("{\"amount\":1}")), vote("bob", true, Some("{\"amount\":2}"))]);
        let both = both.unwrap();
        assert!(
            both.starts_with(r#"{"approved":true,"answer":{"amount":2},"by":[{"who":"ann","at":"1970-01-01T00:00:00Z","#),
            "{both}"
        );
        let ty = super::decision(question.form().as_ref());
        loomwork_types::decode(&ty, &both).unwrap();
        let refused = question.decision(&[vote("ann", false, None), vote("bob", true, Some("{\"amount\":2}"))]).unwrap();
        assert!(
            refused.starts_with(r#"{"approved":false,"answer":null,"by":[{"who":"ann""#) && !refused.contains("bob"),
            "{refused}"
        );
        loomwork_types::decode(&ty, &refused).unwrap();
    }

    #[test]
    fn a_form_is_filled_in_by_its_type() {
        let question = Question::read(ABOUT).unwrap();
        assert_eq!(question.accept(true, Some("{\"amount\": 3}")).unwrap().unwrap(), "{\"reason\":null,\"amount\":3}");
        assert!(question.accept(true, Some("{\"amount\": \"3\"}")).is_err());
        assert!(question.accept(true, None).is_err(), "whoever agrees fills it in");
        assert_eq!(question.accept(false, None), Ok(None));
        let plain = Question { fields: Vec::new(), ..question };
        assert_eq!(plain.accept(true, None), Ok(None));
        assert_eq!(plain.accept(true, Some("{}")), Ok(None));
        assert!(plain.accept(true, Some("{\"amount\": 3}")).is_err(), "there is nothing to fill in");
    }

    #[test]
    fn what_is_no_question_is_refused() {
        for text in ["", "{}", "null", &ABOUT.replace("u32", "u33")] {
            assert_eq!(Question::read(text).unwrap_err().code, "approval.unreadable", "{text}");
        }
    }
}
