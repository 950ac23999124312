//! Commands that change one thing in one place.

use super::{Command, EditError};
use crate::document::{Flow, Node, Wire};
use crate::identifier::id_mistake;
use crate::json::Json;

pub(super) fn index(flow: &Flow, id: &str) -> Result<usize, EditError> {
    flow.nodes.iter().position(|node| node.id == id).ok_or_else(|| EditError::NoNode(id.to_owned()))
}

/// An error if no new node may have this id.
pub(super) fn free_id(flow: &Flow, id: &str) -> Result<(), EditError> {
    if let Some(why) = id_mistake(id) {
        return Err(EditError::BadId(id.to_owned(), why));
    }
    match index(flow, id) {
        Ok(_) => Err(EditError::NodeExists(id.to_owned())),
        Err(_) => Ok(()),
    }
}

pub(super) fn add_node(flow: &mut Flow, node: &Node, at: Option<usize>) -> Result<Command, EditError> {
    free_id(flow, &node.id)?;
    let at = at.unwrap_or(flow.nodes.len()).min(flow.nodes.len());
    flow.nodes.insert(at, node.clone());
    Ok(Command::TakeNode { id: node.id.clone() })
}

/// Takes out one node that nothing refers to any more.
pub(super) fn take_node(flow: &mut Flow, id: &str) -> Result<Command, EditError> {
    let at = index(flow, id)?;
    let node = flow.nodes.remove(at);
    Ok(Command::AddNode { node, at: Some(at) })
}

pub(super) fn move_node(flow: &mut Flow, id: &str, to: usize) -> Result<Command, EditError> {
    let from = index(flow, id)?;
    let node = flow.nodes.remove(from);
    flow.nodes.insert(to.min(flow.nodes.len()), node);
    Ok(Command::MoveNode { id: id.to_owned(), to: from })
}

pub(super) fn connect(flow: &mut Flow, wire: &Wire, at: Option<usize>) -> Result<Command, EditError> {
    if flow.wires.contains(wire) {
        return Err(EditError::WireExists(wire.clone()));
    }
    let at = at.unwrap_or(flow.wires.len()).min(flow.wires.len());
    flow.wires.insert(at, wire.clone());
    Ok(Command::Disconnect { wire: wire.clone() })
}

pub(super) fn disconnect(flow: &mut Flow, wire: &Wire) -> Result<Command, EditError> {
    let at = flow.wires.iter().position(|other| other == wire).ok_or_else(|| EditError::NoWire(wire.clone()))?;
    flow.wires.remove(at);
    Ok(Command::Connect { wire: wire.clone(), at: Some(at) })
}

/// Puts `new` in place `at` and returns what was there.
pub(super) fn replace<T: Clone>(things: &mut [T], at: usize, new: &T) -> Result<T, EditError> {
    let thing = things.get_mut(at).ok_or(EditError::NoPlace(at))?;
    Ok(std::mem::replace(thing, new.clone()))
}

/// Sets, adds or removes a member; returns the value and the place that bring the old state back.
pub(super) fn set_member(
    members: &mut Vec<(String, Json)>,
    name: &str,
    value: Option<Json>,
    at: Option<usize>,
) -> (Option<Json>, Option<usize>) {
    let found = members.iter().position(|(member, _)| member == name);
    match (found, value) {
        (Some(place), Some(value)) => (Some(std::mem::replace(&mut members[place].1, value)), None),
        (Some(place), None) => (Some(members.remove(place).1), Some(place)),
        (None, Some(value)) => {
            members.insert(at.unwrap_or(members.len()).min(members.len()), (name.to_owned(), value));
            (None, None)
        }
        (None, None) => (None, None),
    }
}

/// Sets a value at a path, making the objects on the way; the inverse removes what was made.
pub(super) fn set_view(view: &mut Json, path: &[String], value: Option<Json>, at: Option<usize>) -> Result<Command, EditError> {
    let undo = |depth: usize, value, at| Command::SetView { path: path[..depth].to_vec(), value, at };
    let Some((name, way)) = path.split_last() else {
        let old = std::mem::replace(view, value.unwrap_or_default());
        return Ok(undo(0, Some(old).filter(|old| *old != Json::Null), None));
    };
    if let Some(stop) = first_missing(view, way)? {
        return match value {
            None => Ok(undo(path.len(), None, None)),
            Some(value) => {
                fill(view, way).push((name.clone(), value));
                Ok(undo(stop, None, None))
            }
        };
    }
    let (value, at) = set_member(fill(view, way), name, value, at);
    Ok(undo(path.len(), value, at))
}

/// How long the path to the first object that is not there is, or None if all are.
fn first_missing(view: &Json, way: &[String]) -> Result<Option<usize>, EditError> {
    let mut at = view;
    for depth in 0..=way.len() {
        match at {
            Json::Null if depth == 0 => return Ok(Some(0)),
            Json::Object(_) => {}
            _ => return Err(EditError::View(way[..depth].join("."))),
        }
        match way.get(depth).map(|name| at.get(name)) {
            Some(Some(next)) => at = next,
            Some(None) => return Ok(Some(depth + 1)),
            None => {}
        }
    }
    Ok(None)
}

/// The members of the object at the end of the way. What is not there is made; [`first_missing`] has seen that it can be.
fn fill<'a>(view: &'a mut Json, way: &[String]) -> &'a mut Vec<(String, Json)> {
    if !matches!(view, Json::Object(_)) {
        *view = Json::Object(Vec::new());
    }
    let Json::Object(members) = view else { unreachable!("it was made an object just now") };
    let Some((name, rest)) = way.split_first() else {
        return members;
    };
    let at = members.iter().position(|(member, _)| member == name).unwrap_or_else(|| {
        members.push((name.clone(), Json::Object(Vec::new())));
        members.len() - 1
    });
    fill(&mut members[at].1, rest)
}
