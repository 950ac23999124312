//! One trigger of the document: its `kind` says which other fields it has.

use super::fields::{Fields, Problems};
use crate::document::{Answer, HttpInput, HttpTrigger, Missed, Scheme, Trigger, TriggerKind, Verify};
use crate::located::{Located, Shape};
use crate::scan::shorten;
use loomwork_diagnostic::Diagnostic;

pub(super) fn trigger(located: &Located, problems: &mut Problems) -> Option<Trigger> {
    let kind = located.member("kind").and_then(|member| match &member.value.value {
        Shape::String(kind) => KINDS.iter().find(|(name, ..)| name == kind),
        _ => None,
    });
    match kind {
        Some((_, what, known, read)) => {
            let mut fields = Fields::open(located, what, known, problems)?;
            let id = fields.required_text("id");
            let kind = read(&mut fields)?;
            Some(Trigger { id: id?, kind })
        }
        None => {
            let choices: Vec<(&str, ())> = KINDS.iter().map(|(name, ..)| (*name, ())).collect();
            let every = KINDS.iter().flat_map(|(_, _, known, _)| known.iter().copied()).collect::<Vec<_>>();
            let mut fields = Fields::open(located, "a trigger", &every, problems)?;
            fields.required_text("kind");
            fields.choice("kind", &choices);
            None
        }
    }
}

/// Name, words for messages, fields, and the reader of what is its own.
type Kind = (&'static str, &'static str, &'static [&'static str], fn(&mut Fields<'_>) -> Option<TriggerKind>);

const KINDS: &[Kind] = &[
    ("manual", "a manual trigger", &["id", "kind"], |_| Some(TriggerKind::Manual)),
    ("http", "an HTTP trigger", HTTP_FIELDS, http),
    ("cron", "a cron trigger", &["id", "kind", "schedule", "zone", "missed"], |fields| {
        let schedule = fields.required_text("schedule");
        let (zone, missed) = (fields.text("zone"), fields.choice("missed", MISSED).unwrap_or_default());
        Some(TriggerKind::Cron { schedule: schedule?, zone, missed })
    }),
    ("event", "an event trigger", &["id", "kind", "name"], |fields| {
        Some(TriggerKind::Event { name: fields.required_text("name")? })
    }),
    ("flow", "a flow trigger", &["id", "kind", "flow"], |fields| Some(TriggerKind::Flow { flow: fields.required_text("flow")? })),
    ("form", "a form trigger", &["id", "kind", "title"], |fields| Some(TriggerKind::Form { title: fields.text("title") })),
];

const HTTP_FIELDS: &[&str] = &["id", "kind", "method", "path", "answer", "input", "faults", "auth", "verify", "idempotency"];

pub(crate) const ANSWERS: &[(&str, Answer)] = &[("result", Answer::Result), ("now", Answer::Now), ("respond", Answer::Respond)];
pub(crate) const HTTP_INPUTS: &[(&str, HttpInput)] = &[("body", HttpInput::Body), ("request", HttpInput::Request)];
pub(crate) const MISSED: &[(&str, Missed)] = &[("skip", Missed::Skip), ("once", Missed::Once), ("all", Missed::All)];
pub(crate) const SCHEMES: &[(&str, Scheme)] = &[
    ("standard-webhooks", Scheme::StandardWebhooks),
    ("github", Scheme::Github),
    ("stripe", Scheme::Stripe),
    ("token", Scheme::Token),
];

fn http(fields: &mut Fields<'_>) -> Option<TriggerKind> {
    let method = fields.required_text("method");
    let path = fields.required_text("path");
    let answer = fields.choice("answer", ANSWERS).unwrap_or_default();
    let input = fields.choice("input", HTTP_INPUTS).unwrap_or_default();
    let faults = faults(fields);
    let auth = fields.text("auth");
    let verify = fields.part("verify", verify);
    let idempotency = fields.text("idempotency");
    Some(TriggerKind::Http(HttpTrigger { method: method?, path: path?, answer, input, faults, auth, verify, idempotency }))
}

fn verify(located: &Located, problems: &mut Problems) -> Option<Verify> {
    let mut fields = Fields::open(located, "verify", &["scheme", "secret"], problems)?;
    fields.require("scheme");
    let scheme = fields.choice("scheme", SCHEMES);
    let secret = fields.required_text("secret");
    Some(Verify { scheme: scheme?, secret: secret? })
}

fn faults(fields: &mut Fields<'_>) -> Vec<(String, u16)> {
    let mut faults = Vec::new();
    for member in fields.members("faults") {
        let status = match &member.value.value {
            Shape::Number(digits) => digits.parse().ok().filter(|status| (100..=599).contains(status)),
            _ => None,
        };
        match status {
            Some(status) => faults.push((member.key.clone(), status)),
            None => {
                let message = format!("`{}` needs a status from 100 to 599", shorten(&member.key));
                fields.report(Diagnostic::error("flow.wrong_shape", member.value.span, message));
            }
        }
    }
    faults
}
