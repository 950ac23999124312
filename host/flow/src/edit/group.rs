//! Commands on several nodes at once, taken apart into commands on one thing each.

use super::{Command, EditError, place};
use crate::document::{Flow, scope_owner};
use crate::json::Json;
use std::collections::HashSet;

/// Takes out wires and view entries first, then the nodes from the innermost out.
pub(super) fn remove(flow: &Flow, ids: &[String]) -> Result<Vec<Command>, EditError> {
    let gone = with_inner(flow, ids)?;
    let mut commands = Vec::new();
    for wire in flow.wires.iter().filter(|wire| gone.contains(wire.from.as_str()) || gone.contains(wire.to.as_str())) {
        commands.push(Command::Disconnect { wire: wire.clone() });
    }
    for node in flow.nodes.iter().filter(|node| gone.contains(node.id.as_str())) {
        if view_entry(flow, &node.id).is_some() {
            commands.push(Command::SetView { path: entry_path(&node.id), value: None, at: None });
        }
        commands.push(Command::TakeNode { id: node.id.clone() });
    }
    Ok(commands)
}

/// Takes out the wires that would cross the border, then moves.
pub(super) fn move_into(flow: &Flow, ids: &[String], scope: Option<&str>) -> Result<Vec<Command>, EditError> {
    let moved: HashSet<&str> = ids.iter().map(String::as_str).collect();
    let inner = with_inner(flow, ids)?;
    if let Some(owner) = scope.map(scope_owner) {
        place::index(flow, owner)?;
        if inner.contains(owner) {
            return Err(EditError::IntoItself(owner.to_owned()));
        }
    }
    let mut commands = Vec::new();
    let scope_of = |id: &str| match moved.contains(id) {
        true => scope,
        false => flow.nodes.iter().find(|node| node.id == id).and_then(|node| node.scope.as_deref()),
    };
    for wire in &flow.wires {
        let touched = moved.contains(wire.from.as_str()) || moved.contains(wire.to.as_str());
        if touched && scope_of(&wire.from) != scope_of(&wire.to) {
            commands.push(Command::Disconnect { wire: wire.clone() });
        }
    }
    for (at, node) in flow.nodes.iter().enumerate().filter(|(_, node)| moved.contains(node.id.as_str())) {
        let node = crate::document::Node { scope: scope.map(str::to_owned), ..node.clone() };
        commands.push(Command::ReplaceNode { at, node });
    }
    Ok(commands)
}

/// The nodes named, and all that live inside them.
fn with_inner<'a>(flow: &'a Flow, ids: &'a [String]) -> Result<HashSet<&'a str>, EditError> {
    let mut inner = HashSet::new();
    for id in ids {
        place::index(flow, id)?;
        inner.insert(id.as_str());
    }
    loop {
        let before = inner.len();
        for node in &flow.nodes {
            if node.scope.as_deref().is_some_and(|scope| inner.contains(scope_owner(scope))) {
                inner.insert(&node.id);
            }
        }
        if inner.len() == before {
            return Ok(inner);
        }
    }
}

/// Where the studio keeps what it knows of a node.
pub(super) fn entry_path(id: &str) -> Vec<String> {
    vec!["nodes".to_owned(), id.to_owned()]
}

pub(super) fn view_entry<'a>(flow: &'a Flow, id: &str) -> Option<&'a Json> {
    flow.view.get("nodes").and_then(|nodes| nodes.get(id))
}
