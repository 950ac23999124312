//! Every change of a flow is a [`Command`], and applying one gives the command that takes it back.
//!
//! The studio, `loom` and agents edit through these. A command that fails leaves the flow as it was.

mod field;
mod group;
mod place;
mod rename;

pub use field::{FlowField, NodeField};

use crate::document::{Flow, Node, Wire};
use crate::json::Json;

/// One change. Positions (`at`) count from 0; without one, things are added at the end.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    AddNode {
        node: Node,
        at: Option<usize>,
    },
    /// Removes nodes, all that lives in their scopes, and the wires and view entries of what is removed.
    RemoveNodes {
        ids: Vec<String>,
    },
    /// Renames a node in wires, scopes, templates and the view.
    RenameNode {
        from: String,
        to: String,
    },
    /// Renames a case of a `branch`, and the port of its wires.
    RenameCase {
        node: String,
        from: String,
        to: String,
    },
    /// Moves a node to another place in the document's order.
    MoveNode {
        id: String,
        to: usize,
    },
    /// Moves nodes into a section (`lines`, `guard.catch`) or, with None, to the flow itself. Wires that would cross the
    /// border are removed; those among the nodes stay.
    MoveInto {
        ids: Vec<String>,
        scope: Option<String>,
    },
    Connect {
        wire: Wire,
        at: Option<usize>,
    },
    Disconnect {
        wire: Wire,
    },
    /// Sets a parameter, or removes it with None. `at` is where a new one goes.
    SetParameter {
        node: String,
        name: String,
        value: Option<Json>,
        at: Option<usize>,
    },
    SetNode {
        node: String,
        field: NodeField,
    },
    SetFlow(FlowField),
    /// Sets a value in the view by the names that lead to it, or removes it with None. `at` is where a new member goes.
    SetView {
        path: Vec<String>,
        value: Option<Json>,
        at: Option<usize>,
    },
    /// All of them in order, or none.
    Many(Vec<Command>),
    /// Takes out one node and nothing else: what is left of a removal when its wires are gone.
    TakeNode {
        id: String,
    },
    /// Puts a node in the place of another, as it is: the inverse of a rename.
    ReplaceNode {
        at: usize,
        node: Node,
    },
    /// Puts a wire in the place of another, as it is.
    ReplaceWire {
        at: usize,
        wire: Wire,
    },
}

/// Why a command could not be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The flow was written as a state machine, which is changed in its own document.
    Machine,
    /// There is no node with this id.
    NoNode(String),
    /// There is a node with this id already.
    NodeExists(String),
    /// This cannot be an id; why.
    BadId(String, &'static str),
    /// There is no such wire.
    NoWire(Wire),
    /// There is such a wire already.
    WireExists(Wire),
    /// The branch has no case of this name, or has one already.
    Case(String),
    /// A node cannot live inside itself.
    IntoItself(String),
    /// No node or wire has this number.
    NoPlace(usize),
    /// The names lead through something in the view that is not an object.
    View(String),
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Machine => write!(f, "this is a state machine; change its own document"),
            Self::NoNode(id) => write!(f, "there is no node `{id}`"),
            Self::NodeExists(id) => write!(f, "there is a node `{id}` already"),
            Self::BadId(id, why) => write!(f, "`{id}` cannot be an id: {why}"),
            Self::NoWire(wire) => {
                write!(f, "there is no wire from `{}` to `{}`", wire.from, wire.to)
            }
            Self::WireExists(wire) => write!(f, "there is a wire from `{}` to `{}` already", wire.from, wire.to),
            Self::Case(name) => write!(f, "the case `{name}` does not exist, or the new name is taken"),
            Self::IntoItself(id) => write!(f, "`{id}` cannot live inside itself"),
            Self::NoPlace(at) => write!(f, "there is nothing at place {at}"),
            Self::View(name) => write!(f, "`{name}` in the view holds no members"),
        }
    }
}

impl std::error::Error for EditError {}

/// Renames a node in a template: `(template, from, to)` to the new template. `loomwork-check` offers one that knows expressions.
pub type RenameInTemplate<'a> = &'a dyn Fn(&str, &str, &str) -> String;

impl Command {
    /// Applies the command and returns the one that undoes it.
    pub fn apply(&self, flow: &mut Flow, rename: RenameInTemplate<'_>) -> Result<Command, EditError> {
        if flow.machine.is_some() {
            return Err(EditError::Machine);
        }
        match self {
            Self::AddNode { node, at } => place::add_node(flow, node, *at),
            Self::TakeNode { id } => place::take_node(flow, id),
            Self::MoveNode { id, to } => place::move_node(flow, id, *to),
            Self::Connect { wire, at } => place::connect(flow, wire, *at),
            Self::Disconnect { wire } => place::disconnect(flow, wire),
            Self::ReplaceNode { at, node } => {
                place::replace(&mut flow.nodes, *at, node).map(|node| Self::ReplaceNode { at: *at, node })
            }
            Self::ReplaceWire { at, wire } => {
                place::replace(&mut flow.wires, *at, wire).map(|wire| Self::ReplaceWire { at: *at, wire })
            }
            Self::SetParameter { node, name, value, at } => {
                let found = place::index(flow, node)?;
                let (value, at) = place::set_member(&mut flow.nodes[found].with, name, value.clone(), *at);
                Ok(Self::SetParameter { node: node.clone(), name: name.clone(), value, at })
            }
            Self::SetNode { node, field } => {
                let at = place::index(flow, node)?;
                Ok(Self::SetNode { node: node.clone(), field: field.swap(&mut flow.nodes[at]) })
            }
            Self::SetFlow(field) => Ok(Self::SetFlow(field.swap(flow))),
            Self::SetView { path, value, at } => place::set_view(&mut flow.view, path, value.clone(), *at),
            Self::RemoveNodes { ids } => many(&group::remove(flow, ids)?, flow, rename),
            Self::MoveInto { ids, scope } => many(&group::move_into(flow, ids, scope.as_deref())?, flow, rename),
            Self::RenameNode { from, to } => many(&rename::node(flow, from, to, rename)?, flow, rename),
            Self::RenameCase { node, from, to } => many(&rename::case(flow, node, from, to)?, flow, rename),
            Self::Many(commands) => many(commands, flow, rename),
        }
    }
}

/// Applies all commands; if one fails, takes back those before it.
fn many(commands: &[Command], flow: &mut Flow, rename: RenameInTemplate<'_>) -> Result<Command, EditError> {
    let mut inverses = Vec::new();
    for command in commands {
        match command.apply(flow, rename) {
            Ok(inverse) => inverses.push(inverse),
            Err(error) => {
                for inverse in inverses.iter().rev() {
                    inverse.apply(flow, rename).expect("an inverse fits the flow it was made for");
                }
                return Err(error);
            }
        }
    }
    inverses.reverse();
    Ok(Command::Many(inverses))
}
