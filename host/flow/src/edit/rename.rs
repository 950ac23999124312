//! Renaming a node or a case everywhere it is named.

use super::group::{entry_path, view_entry};
use super::{Command, EditError, RenameInTemplate, place};
use crate::document::{Flow, Node, scope_owner};
use crate::json::Json;

pub(super) fn node(flow: &Flow, from: &str, to: &str, rename: RenameInTemplate<'_>) -> Result<Vec<Command>, EditError> {
    place::index(flow, from)?;
    if from == to {
        return Ok(Vec::new());
    }
    place::free_id(flow, to)?;
    let change = |template: &str| rename(template, from, to);
    let mut commands = wires(flow, |wire| {
        for end in [&mut wire.from, &mut wire.to].into_iter().filter(|end| *end == from) {
            *end = to.to_owned();
        }
    });
    for (at, node) in flow.nodes.iter().enumerate() {
        let renamed = renamed(node, from, to, &change);
        if renamed != *node {
            commands.push(Command::ReplaceNode { at, node: renamed });
        }
    }
    if let Some(entry) = view_entry(flow, from) {
        let place = flow.view.get("nodes").and_then(|nodes| match nodes {
            Json::Object(members) => members.iter().position(|(name, _)| name == from),
            _ => None,
        });
        commands.push(Command::SetView { path: entry_path(from), value: None, at: None });
        commands.push(Command::SetView { path: entry_path(to), value: Some(entry.clone()), at: place });
    }
    Ok(commands)
}

fn renamed(node: &Node, from: &str, to: &str, change: &dyn Fn(&str) -> String) -> Node {
    let mut node = node.clone();
    if node.id == from {
        node.id = to.to_owned();
    }
    if let Some(scope) = node.scope.as_mut().filter(|scope| scope_owner(scope) == from) {
        scope.replace_range(..from.len(), to);
    }
    for (_, value) in &mut node.with {
        value.rewrite_texts(change);
    }
    if let Some(when) = node.retry.as_mut().and_then(|retry| retry.when.as_mut()) {
        *when = change(when);
    }
    node
}

pub(super) fn case(flow: &Flow, id: &str, from: &str, to: &str) -> Result<Vec<Command>, EditError> {
    let at = place::index(flow, id)?;
    let mut node = flow.nodes[at].clone();
    let mut found = 0;
    for case in cases(&mut node) {
        if let Json::Object(members) = case {
            for (_, name) in members.iter_mut().filter(|(member, _)| member == "name") {
                match name.as_str() {
                    Some(name) if name == to => return Err(EditError::Case(to.to_owned())),
                    Some(word) if word == from => {
                        *name = Json::text(to);
                        found += 1;
                    }
                    _ => {}
                }
            }
        }
    }
    if found != 1 {
        return Err(EditError::Case(from.to_owned()));
    }
    let mut commands = wires(flow, |wire| {
        if wire.from == id && wire.port == from {
            wire.port = to.to_owned();
        }
    });
    commands.push(Command::ReplaceNode { at, node });
    Ok(commands)
}

fn cases(node: &mut Node) -> &mut [Json] {
    match node.with.iter_mut().find(|(name, _)| name == "cases") {
        Some((_, Json::List(cases))) => cases,
        _ => &mut [],
    }
}

fn wires(flow: &Flow, change: impl Fn(&mut crate::document::Wire)) -> Vec<Command> {
    let mut commands = Vec::new();
    for (at, wire) in flow.wires.iter().enumerate() {
        let mut changed = wire.clone();
        change(&mut changed);
        if changed != *wire {
            commands.push(Command::ReplaceWire { at, wire: changed });
        }
    }
    commands
}
