//! The one order of fields that a machine's document has.

use crate::json::Json;

pub(super) const MACHINE_FIELDS: &[&str] = &[
    "loomwork",
    "kind",
    "id",
    "description",
    "packages",
    "types",
    "input",
    "output",
    "triggers",
    "error_flow",
    "durability",
    "key",
    "data",
    "start",
    "states",
    "view",
];
pub(super) const DATA_FIELDS: &[&str] = &["type", "start"];
pub(super) const STATE_FIELDS: &[&str] = &["id", "entry", "on", "after", "exit", "error", "output", "note"];
pub(super) const EVENT_FIELDS: &[&str] = &["event", "type", "when", "do", "to", "back", "note"];
pub(super) const TIMER_FIELDS: &[&str] = &["delay", "when", "do", "to", "back", "note"];
pub(super) const ACTION_FIELDS: &[&str] = &["id", "use", "with", "timeout", "retry", "cache", "note"];

/// The same document with its fields in order.
pub(crate) fn ordered(machine: &Json) -> Json {
    fields(machine, MACHINE_FIELDS, &|name, value| match name {
        "data" => members(value, &|field| fields(field, DATA_FIELDS, &|_, value| value.clone())),
        "states" => items(value, &state),
        _ => value.clone(),
    })
}

fn state(state: &Json) -> Json {
    let actions = |value: &Json| items(value, &|action| fields(action, ACTION_FIELDS, &|_, value| value.clone()));
    let transition = |value: &Json, order: &[&str]| {
        fields(value, order, &|name, value| if name == "do" { actions(value) } else { value.clone() })
    };
    fields(state, STATE_FIELDS, &|name, value| match name {
        "entry" | "exit" => actions(value),
        "on" => items(value, &|event| transition(event, EVENT_FIELDS)),
        "after" => items(value, &|timer| transition(timer, TIMER_FIELDS)),
        _ => value.clone(),
    })
}

fn fields(json: &Json, order: &[&str], inner: &dyn Fn(&str, &Json) -> Json) -> Json {
    let Json::Object(members) = json else { return json.clone() };
    let mut sorted: Vec<_> = members.iter().map(|(name, value)| (name.clone(), inner(name, value))).collect();
    sorted.sort_by_key(|(name, _)| order.iter().position(|known| known == name).unwrap_or(order.len()));
    Json::Object(sorted)
}

fn items(json: &Json, inner: &dyn Fn(&Json) -> Json) -> Json {
    match json {
        Json::List(items) => Json::List(items.iter().map(inner).collect()),
        other => other.clone(),
    }
}

fn members(json: &Json, inner: &dyn Fn(&Json) -> Json) -> Json {
    match json {
        Json::Object(members) => Json::Object(members.iter().map(|(name, value)| (name.clone(), inner(value))).collect()),
        other => other.clone(),
    }
}
