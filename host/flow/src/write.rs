//! [`Flow`] → JSON in the one order of fields that documents have. What has its default value is left out.

use crate::document::{Concurrency, Debounce, Flow, HttpTrigger, Node, Retry, Trigger, TriggerKind, Verify, Wire};
use crate::json::Json;
use crate::migrate::VERSION;
use crate::read::{ANSWERS, BACKOFFS, DURABILITIES, HTTP_INPUTS, JOINS, MISSED, SCHEMES};

/// The document as JSON.
pub fn to_json(flow: &Flow) -> Json {
    Members::default()
        .with("loomwork", Json::Number(VERSION.to_string()))
        .text("id", &flow.id)
        .optional_text("description", &flow.description)
        .filled("packages", texts(&flow.packages))
        .filled("types", texts(&flow.types))
        .optional_text("input", &flow.input)
        .optional_text("output", &flow.output)
        .optional_text("answer", &flow.answer)
        .filled("triggers", Json::List(flow.triggers.iter().map(trigger).collect()))
        .optional("concurrency", flow.concurrency.as_ref().map(concurrency))
        .optional("debounce", flow.debounce.as_ref().map(debounce))
        .optional_text("timeout", &flow.timeout)
        .optional_text("error_flow", &flow.error_flow)
        .choice("durability", flow.durability, DURABILITIES)
        .with("nodes", Json::List(flow.nodes.iter().map(node).collect()))
        .with("wires", Json::List(flow.wires.iter().map(wire).collect()))
        .optional("view", Some(flow.view.clone()).filter(|view| *view != Json::Null))
        .object()
}

/// One node as JSON.
pub fn node(node: &Node) -> Json {
    Members::default()
        .text("id", &node.id)
        .text("use", &node.uses)
        .optional_text("in", &node.scope)
        .filled("with", Json::Object(node.with.clone()))
        .choice("join", node.join, JOINS)
        .optional("max_visits", node.max_visits.map(count))
        .optional_text("timeout", &node.timeout)
        .optional("retry", node.retry.as_ref().map(retry))
        .optional_text("cache", &node.cache)
        .optional("pin", node.pin.clone())
        .optional("disabled", node.disabled.then_some(Json::Bool(true)))
        .optional_text("note", &node.note)
        .object()
}

fn retry(retry: &Retry) -> Json {
    Members::default()
        .with("attempts", count(retry.attempts))
        .optional_text("delay", &retry.delay)
        .choice("backoff", retry.backoff, BACKOFFS)
        .optional("factor", retry.factor.and_then(number))
        .optional_text("max_delay", &retry.max_delay)
        .optional("jitter", retry.jitter.and_then(number))
        .optional_text("when", &retry.when)
        .object()
}

fn wire(wire: &Wire) -> Json {
    let port = (wire.port != "ok").then(|| Json::text(&wire.port));
    Members::default().text("from", &wire.from).optional("port", port).text("to", &wire.to).object()
}

fn concurrency(concurrency: &Concurrency) -> Json {
    Members::default().optional_text("key", &concurrency.key).with("limit", count(concurrency.limit)).object()
}

fn debounce(debounce: &Debounce) -> Json {
    Members::default().optional_text("key", &debounce.key).text("delay", &debounce.delay).object()
}

fn trigger(trigger: &Trigger) -> Json {
    let members = Members::default().text("id", &trigger.id);
    match &trigger.kind {
        TriggerKind::Manual => members.text("kind", "manual"),
        TriggerKind::Http(trigger) => http(members.text("kind", "http"), trigger),
        TriggerKind::Cron { schedule, zone, missed } => {
            members.text("kind", "cron").text("schedule", schedule).optional_text("zone", zone).choice("missed", *missed, MISSED)
        }
        TriggerKind::Event { name } => members.text("kind", "event").text("name", name),
        TriggerKind::Flow { flow } => members.text("kind", "flow").text("flow", flow),
        TriggerKind::Form { title } => members.text("kind", "form").optional_text("title", title),
    }
    .object()
}

fn http(members: Members, trigger: &HttpTrigger) -> Members {
    let faults = trigger.faults.iter().map(|(code, status)| (code.clone(), count(u32::from(*status)))).collect();
    members
        .text("method", &trigger.method)
        .text("path", &trigger.path)
        .choice("answer", trigger.answer, ANSWERS)
        .choice("input", trigger.input, HTTP_INPUTS)
        .filled("faults", Json::Object(faults))
        .optional_text("auth", &trigger.auth)
        .optional("verify", trigger.verify.as_ref().map(verify))
        .optional_text("idempotency", &trigger.idempotency)
}

fn verify(verify: &Verify) -> Json {
    let scheme = SCHEMES.iter().find(|(_, scheme)| *scheme == verify.scheme).map(|(word, _)| Json::text(*word));
    Members::default().optional("scheme", scheme).text("secret", &verify.secret).object()
}

fn texts(pairs: &[(String, String)]) -> Json {
    Json::Object(pairs.iter().map(|(name, text)| (name.clone(), Json::text(text))).collect())
}

fn count(count: u32) -> Json {
    Json::Number(count.to_string())
}

fn number(number: f64) -> Option<Json> {
    number.is_finite().then(|| Json::Number(number.to_string()))
}

/// An object in the making.
#[derive(Default)]
struct Members(Vec<(String, Json)>);

impl Members {
    fn with(mut self, name: &str, value: Json) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    fn text(self, name: &str, text: &str) -> Self {
        self.with(name, Json::text(text))
    }

    fn optional(self, name: &str, value: Option<Json>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn optional_text(self, name: &str, text: &Option<String>) -> Self {
        self.optional(name, text.as_deref().map(Json::text))
    }

    /// Left out if it is empty.
    fn filled(self, name: &str, value: Json) -> Self {
        match &value {
            Json::List(items) if items.is_empty() => self,
            Json::Object(members) if members.is_empty() => self,
            _ => self.with(name, value),
        }
    }

    /// Left out if it is the default.
    fn choice<T: Copy + Default + PartialEq>(self, name: &str, chosen: T, choices: &[(&str, T)]) -> Self {
        let word = choices.iter().find(|(_, choice)| *choice == chosen).map(|(word, _)| Json::text(*word));
        self.optional(name, word.filter(|_| chosen != T::default()))
    }

    fn object(self) -> Json {
        Json::Object(self.0)
    }
}
