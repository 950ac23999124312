//! What the reference interpreter keeps of a frame.

use super::Flaw;
use loomwork_check::plan::{NodeIx, ScopeIx, Section, WireIx};
use loomwork_value::Value;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

pub struct Frame {
    pub scope: ScopeIx,
    pub kind: Kind,
    pub alive: bool,
    /// Found quiet, and waiting for its end.
    pub queued: bool,
    pub out: BTreeMap<NodeIx, Out>,
    pub made: BTreeSet<NodeIx>,
    pub settled: BTreeMap<WireIx, bool>,
    pub running: BTreeMap<NodeIx, Running>,
    pub visits: BTreeMap<NodeIx, u32>,
    pub ending: Option<Ending>,
    pub item: Option<Value>,
    pub index: u32,
    pub last: Json,
}

#[derive(Clone, Copy)]
pub enum Kind {
    Root,
    Section { outer: usize, owner: NodeIx, section: Section },
    Visit { home: usize, head: NodeIx },
}

#[derive(Clone)]
pub enum Out {
    Output(Json),
    Fault(Flaw),
}

#[derive(Clone)]
pub enum Ending {
    Fault(Flaw),
    Return(Json),
    Cancelled,
}

/// What was decided about a scope node before its frames have ended.
#[derive(Clone, PartialEq)]
pub enum Decided {
    Stopped,
    Fault(Flaw),
    Cancelled,
}

pub enum Running {
    Call {
        attempt: u32,
        input: Json,
    },
    Wait,
    Each {
        items: Vec<Value>,
        next: usize,
        results: Vec<Option<Json>>,
        decided: Option<Decided>,
    },
    /// `kept` is the round that ended before a pause.
    Repeat {
        round: u32,
        last: Json,
        kept: Option<usize>,
        decided: Option<Decided>,
    },
    Try {
        pending: Option<Pending>,
        decided: Option<Decided>,
        in_finally: bool,
    },
}

pub enum Pending {
    Ok(Json),
    Fault(Flaw),
    Return(Json),
}

impl Frame {
    pub fn new(scope: ScopeIx, kind: Kind) -> Self {
        Self {
            scope,
            kind,
            alive: true,
            queued: false,
            out: BTreeMap::new(),
            made: BTreeSet::new(),
            settled: BTreeMap::new(),
            running: BTreeMap::new(),
            visits: BTreeMap::new(),
            ending: None,
            item: None,
            index: 0,
            last: Json::Null,
        }
    }
}

impl Running {
    /// True for a node that cancellation does not end at once: its frames end first.
    pub fn is_scope(&self) -> bool {
        match self {
            Running::Call { .. } | Running::Wait => false,
            Running::Repeat { kept, .. } => kept.is_none(),
            Running::Each { .. } | Running::Try { .. } => true,
        }
    }

    pub fn decided(&mut self) -> Option<&mut Option<Decided>> {
        match self {
            Running::Each { decided, .. } | Running::Repeat { decided, .. } | Running::Try { decided, .. } => Some(decided),
            Running::Call { .. } | Running::Wait => None,
        }
    }

    pub fn cancel(&mut self) {
        if let Some(decided) = self.decided() {
            *decided = Some(Decided::Cancelled);
        }
    }
}
