//! What a node is: a function of a package, or a control node.

use super::{Functions, at};
use crate::plan::NodeIx;
use crate::report::{Report, brief, listed};
use loomwork_catalog::{Function, Package};
use loomwork_flow::Node;

#[derive(Clone, Copy)]
pub(crate) enum Kind<'a> {
    Function {
        package: &'a Package,
        function: &'a Function,
    },
    Branch,
    Each,
    Repeat,
    Try,
    Wait,
    Call,
    Set,
    Value,
    Emit,
    Respond,
    Return,
    Fail,
    /// Not known, which has been reported; other rules leave it alone.
    Unknown,
}

/// The control nodes by name.
const CONTROL: &[(&str, Kind<'static>)] = &[
    ("branch", Kind::Branch),
    ("each", Kind::Each),
    ("repeat", Kind::Repeat),
    ("try", Kind::Try),
    ("wait", Kind::Wait),
    ("call", Kind::Call),
    ("set", Kind::Set),
    ("value", Kind::Value),
    ("emit", Kind::Emit),
    ("respond", Kind::Respond),
    ("return", Kind::Return),
    ("fail", Kind::Fail),
];

impl Kind<'_> {
    /// The control node's name, or `function`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Function { .. } => "function",
            Self::Branch => "branch",
            Self::Each => "each",
            Self::Repeat => "repeat",
            Self::Try => "try",
            Self::Wait => "wait",
            Self::Call => "call",
            Self::Set => "set",
            Self::Value => "value",
            Self::Emit => "emit",
            Self::Respond => "respond",
            Self::Return => "return",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }

    /// True for the nodes that other nodes live in.
    pub fn is_scope(&self) -> bool {
        matches!(self, Self::Each | Self::Repeat | Self::Try)
    }

    /// True for the nodes that nothing comes after.
    pub fn is_end(&self) -> bool {
        matches!(self, Self::Return | Self::Fail)
    }
}

pub(super) fn kind<'a>(ix: usize, node: &Node, functions: &Functions<'a>, report: &mut Report<'_>) -> Kind<'a> {
    let pointer = at(ix as NodeIx, "use");
    if node.uses.contains('#') {
        return match functions.find(&node.uses) {
            Ok((package, function)) => Kind::Function { package, function },
            Err(mistake) => {
                if let Some(mistake) = mistake {
                    report.error_hint(mistake.code, &pointer, mistake.message, mistake.hint);
                }
                Kind::Unknown
            }
        };
    }
    if let Some((_, kind)) = CONTROL.iter().find(|(name, _)| *name == node.uses) {
        return *kind;
    }
    let names = || CONTROL.iter().map(|(name, _)| *name);
    let hint = report
        .did_you_mean(&node.uses, names())
        .unwrap_or_else(|| format!("A function is written `alias#name`; the control nodes are {}.", listed(names())));
    report.error_hint("flow.unknown_use", &pointer, format!("there is no node `{}`", brief(&node.uses)), hint);
    Kind::Unknown
}
