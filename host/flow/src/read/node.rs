//! One node of the document, with its retry.

use super::fields::{Fields, Problems};
use crate::document::{Backoff, Join, Node, Retry};
use crate::located::Located;

pub(crate) const NODE_FIELDS: &[&str] =
    &["id", "use", "in", "with", "join", "max_visits", "timeout", "retry", "cache", "pin", "disabled", "note"];

pub(super) fn node(located: &Located, problems: &mut Problems) -> Option<Node> {
    let mut fields = Fields::open(located, "a node", NODE_FIELDS, problems)?;
    let id = fields.required_text("id");
    let uses = fields.required_text("use");
    let node = Node {
        id: id.unwrap_or_default(),
        uses: uses.unwrap_or_default(),
        scope: fields.text("in"),
        with: fields.members("with").iter().map(|m| (m.key.clone(), m.value.to_json())).collect(),
        join: fields.choice("join", JOINS).unwrap_or_default(),
        max_visits: fields.count("max_visits"),
        timeout: fields.text("timeout"),
        retry: fields.part("retry", retry),
        cache: fields.text("cache"),
        pin: fields.json("pin"),
        disabled: fields.flag("disabled"),
        note: fields.text("note"),
        aliases: Vec::new(),
    };
    Some(node)
}

pub(crate) const JOINS: &[(&str, Join)] = &[("all", Join::All), ("any", Join::Any)];
pub(crate) const BACKOFFS: &[(&str, Backoff)] = &[("constant", Backoff::Constant), ("exponential", Backoff::Exponential)];

fn retry(located: &Located, problems: &mut Problems) -> Option<Retry> {
    const FIELDS: &[&str] = &["attempts", "delay", "backoff", "factor", "max_delay", "jitter", "when"];
    let mut fields = Fields::open(located, "retry", FIELDS, problems)?;
    Some(Retry {
        attempts: fields.required_count("attempts").unwrap_or(1),
        delay: fields.text("delay"),
        backoff: fields.choice("backoff", BACKOFFS).unwrap_or_default(),
        factor: fields.number("factor"),
        max_delay: fields.text("max_delay"),
        jitter: fields.number("jitter"),
        when: fields.text("when"),
    })
}
