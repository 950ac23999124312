//! What random cases consist of: how many have each kind of node, and how many go through each kind of event.

use crate::host::{Event, Happened};
use loomwork_check::plan::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

#[derive(Default)]
pub struct Statistics {
    cases: usize,
    with: BTreeMap<&'static str, usize>,
}

/// What must be in at least some of a hundred cases.
const WANTED: [&str; 33] = [
    "call",
    "branch",
    "set",
    "emit",
    "return",
    "fail",
    "wait",
    "signal",
    "approval",
    "another flow",
    "respond",
    "a signal until an instant",
    "reads the run",
    "each",
    "repeat",
    "try",
    "catch",
    "finally",
    "retry",
    "timeout",
    "disabled",
    "error wire",
    "cycle",
    "join any",
    "join all of several",
    "nested scope",
    "a fault thrown",
    "a timer fired",
    "a signal or decision heard",
    "a fault that says when to try again",
    "a payload of another type",
    "stopped",
    "a late event",
];

impl Statistics {
    pub fn count(&mut self, plan: &Plan, events: &[Event]) {
        self.cases += 1;
        let mut seen = BTreeSet::new();
        for (index, node) in plan.nodes.iter().enumerate() {
            seen.extend(of_node(node));
            if node.region == Some(index as NodeIx) && !node.incoming.is_empty() {
                seen.insert("join any");
            }
        }
        if plan.roots.contains(&Root::Run) {
            seen.insert("reads the run");
        }
        if plan.wires.iter().any(|wire| wire.to <= wire.from) {
            seen.insert("cycle");
        }
        let mut answered = BTreeSet::new();
        for event in events {
            match &event.what {
                Happened::Threw((_, fault)) => {
                    seen.insert("a fault thrown");
                    if fault.data.as_ref().is_some_and(|data| data.contains("retry_after")) {
                        seen.insert("a fault that says when to try again");
                    }
                }
                Happened::Heard((_, payload)) => {
                    seen.insert("a signal or decision heard");
                    if payload.starts_with('"') {
                        seen.insert("a payload of another type");
                    }
                }
                Happened::Fired(_) => drop(seen.insert("a timer fired")),
                Happened::Stop => drop(seen.insert("stopped")),
                _ => {}
            }
            if let Happened::Returned((step, _)) | Happened::Heard((step, _)) | Happened::Threw((step, _)) | Happened::Fired(step) =
                &event.what
                && (*step == 9_999 || !answered.insert(*step))
            {
                seen.insert("a late event");
            }
        }
        for what in seen {
            *self.with.entry(what).or_default() += 1;
        }
    }

    pub fn assert_all_above(&self, percent: usize) {
        for what in WANTED {
            let found = self.with.get(what).copied().unwrap_or_default();
            assert!(found * 100 >= percent * self.cases, "only {found} of {} cases have: {what}", self.cases);
        }
    }
}

fn of_node(node: &Node) -> Vec<&'static str> {
    let mut seen = vec![match &node.what {
        What::Call(_) => "call",
        What::Branch { .. } => "branch",
        What::Each(_) => "each",
        What::Repeat(_) => "repeat",
        What::Try { .. } => "try",
        What::Wait(Wait::Signal { .. }) => "signal",
        What::Wait(Wait::Approval(_)) => "approval",
        What::Wait(_) => "wait",
        What::Flow { .. } => "another flow",
        What::Set { .. } => "set",
        What::Emit { .. } => "emit",
        What::Respond { .. } => "respond",
        What::Return { .. } => "return",
        What::Fail { .. } => "fail",
    }];
    if let What::Try { catch, finally, .. } = &node.what {
        seen.extend(catch.map(|_| "catch"));
        seen.extend(finally.map(|_| "finally"));
    }
    if matches!(&node.what, What::Call(Call { retry: Some(_), .. })) {
        seen.push("retry");
    }
    let until = matches!(&node.what, What::Wait(Wait::Signal { until: Some(_), .. }));
    let facts = [
        (until, "a signal until an instant"),
        (node.timeout_ms.is_some(), "timeout"),
        (node.disabled, "disabled"),
        (node.handles_error, "error wire"),
        (!node.any && node.incoming.len() > 1, "join all of several"),
        (node.scope > 0, "nested scope"),
    ];
    seen.extend(facts.iter().filter(|(holds, _)| *holds).map(|(_, fact)| *fact));
    seen
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} cases, of which so many in a hundred have:", self.cases)?;
        for (what, count) in &self.with {
            writeln!(f, "{:4} {what}", count * 100 / self.cases.max(1))?;
        }
        Ok(())
    }
}
