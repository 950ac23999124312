//! `flow.cycle_without_any`: a wire that closes a cycle ends at a node with `join: any`, or the cycle would wait for itself.

use crate::draft::Draft;
use crate::plan::NodeIx;
use crate::report::Report;

pub(super) fn check(draft: &Draft<'_>, report: &mut Report<'_>) {
    for wire in closing_wires(draft) {
        let wire = draft.wires[wire];
        let (from, to) = (draft.id(wire.from), draft.id(wire.to));
        let message = format!("this wire closes a cycle: `{to}` would wait for `{from}`, which comes after it");
        let hint = format!("Give `{to}` `\"join\": \"any\"`, so that each arrival runs it anew.");
        report.error_hint("flow.cycle_without_any", &format!("/wires/{}", wire.at), message, hint);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Colour {
    New,
    Open,
    Done,
}

/// The wires that lead back in a depth-first walk which leaves out all wires into heads.
fn closing_wires(draft: &Draft<'_>) -> Vec<usize> {
    let mut colours = vec![Colour::New; draft.len()];
    let mut closing = Vec::new();
    let entries = (0..draft.len()).filter(|node| draft.incoming[*node].is_empty());
    for start in entries.chain(0..draft.len()) {
        if colours[start] != Colour::New {
            continue;
        }
        colours[start] = Colour::Open;
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let Some(wire) = draft.outgoing[*node].get(*next).copied() else {
                colours[*node] = Colour::Done;
                path.pop();
                continue;
            };
            *next += 1;
            let to: NodeIx = draft.wires[wire].to;
            match colours[to as usize] {
                _ if draft.is_head(to) => {}
                Colour::Open => closing.push(wire),
                Colour::New => {
                    colours[to as usize] = Colour::Open;
                    path.push((to as usize, 0));
                }
                Colour::Done => {}
            }
        }
    }
    closing
}
