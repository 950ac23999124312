//! What can be asked of a store.

use crate::{Given, Happened, Project, Question, RunId, State};
use bytes::Bytes;
use std::collections::BTreeMap;

/// Which runs, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub project: Project,
    pub flow: Option<String>,
    /// Empty: all.
    pub states: Vec<State>,
    pub trigger: Option<String>,
    pub parent: Option<RunId>,
    /// Created not before this, and before that.
    pub from: Option<u64>,
    pub to: Option<u64>,
    /// What the id begins with.
    pub id: Option<String>,
    pub order: Order,
    /// Goes on behind the run of this number.
    pub after: Option<u64>,
    /// At most [`crate::limits::PAGE`].
    pub limit: usize,
}

impl Filter {
    /// The newest runs of a project.
    pub fn of(project: Project) -> Self {
        Self {
            project,
            flow: None,
            states: Vec::new(),
            trigger: None,
            parent: None,
            from: None,
            to: None,
            id: None,
            order: Order::NewestFirst,
            after: None,
            limit: 100,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    NewestFirst,
    OldestFirst,
}

/// How many runs are in which state; states without runs are left out.
pub type Counts = BTreeMap<State, u64>;

/// The machine's state behind the entries before `seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub seq: u64,
    pub state: Bytes,
}

/// Something that a run's machine is to be told: the end of a run it called, a signal, that it is to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub number: u64,
    pub at: u64,
    pub what: Happened,
}

/// A step that waits for a signal or for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// Of the run; with the step it is where a list goes on.
    pub number: u64,
    pub run: RunId,
    pub step: u32,
    pub name: String,
    pub key: String,
    pub since: u64,
    pub question: Option<Question>,
    pub given: Vec<Given>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    pub name: String,
    pub until: u64,
}
