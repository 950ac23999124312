//! Which section each node lives in: the flow itself, or the body, catch or finally of a scope node.

use super::{Kind, at};
use crate::plan::{NodeIx, ScopeIx, Section};
use crate::report::{Report, brief};
use loomwork_flow::Flow;
use std::collections::HashMap;

/// How deep scopes may nest.
pub(crate) const MAX_SCOPES: usize = 32;

pub(crate) struct ScopeDraft {
    pub owner: Option<(NodeIx, Section)>,
    pub parent: Option<ScopeIx>,
    pub nodes: Vec<NodeIx>,
}

const FLOW: ScopeDraft = ScopeDraft { owner: None, parent: None, nodes: Vec::new() };

/// Every scope, owners first, and the scope of each node. A node whose place is wrong is put into the flow itself.
pub(super) fn resolve<'a>(
    flow: &'a Flow,
    ids: &HashMap<&str, NodeIx>,
    kinds: &[Kind<'a>],
    report: &mut Report<'_>,
) -> (Vec<ScopeDraft>, Vec<ScopeIx>) {
    let mut homes: Vec<Option<(NodeIx, Section)>> = (0..flow.nodes.len()).map(|ix| home(flow, ix, ids, kinds, report)).collect();
    cut_circles(flow, &mut homes, report);
    let mut scopes = vec![FLOW];
    let mut scope_of = vec![0; flow.nodes.len()];
    let mut waiting: Vec<(ScopeIx, usize)> = vec![(0, 0)];
    while let Some((scope, depth)) = waiting.pop() {
        let owner = scopes[scope as usize].owner;
        let members: Vec<NodeIx> = (0..homes.len() as u32).filter(|node| homes[*node as usize] == owner).collect();
        for node in &members {
            scope_of[*node as usize] = scope;
            if depth == MAX_SCOPES && kinds[*node as usize].is_scope() {
                let message = format!("scopes are nested more than {MAX_SCOPES} deep");
                let hint = "Put the inner part into a flow of its own and use `call`.".to_owned();
                report.error_hint("flow.scopes_too_deep", &at(*node, "in"), message, hint);
                continue;
            }
            for section in sections(*node, kinds[*node as usize], &homes) {
                scopes.push(ScopeDraft { owner: Some((*node, section)), parent: Some(scope), nodes: Vec::new() });
                waiting.push((scopes.len() as ScopeIx - 1, depth + 1));
            }
        }
        scopes[scope as usize].nodes = members;
    }
    (scopes, scope_of)
}

/// The sections a node has: a body always, `catch` and `finally` if something lives there.
fn sections(node: NodeIx, kind: Kind<'_>, homes: &[Option<(NodeIx, Section)>]) -> Vec<Section> {
    let mut sections = Vec::new();
    if kind.is_scope() {
        sections.push(Section::Body);
        sections.extend([Section::Catch, Section::Finally].into_iter().filter(|s| homes.contains(&Some((node, *s)))));
    }
    sections
}

/// The section that a node's `in` names.
fn home(
    flow: &Flow,
    ix: usize,
    ids: &HashMap<&str, NodeIx>,
    kinds: &[Kind<'_>],
    report: &mut Report<'_>,
) -> Option<(NodeIx, Section)> {
    let written = flow.nodes[ix].scope.as_deref()?;
    let pointer = at(ix as NodeIx, "in");
    let (owner, section) = written.split_once('.').map_or((written, None), |(owner, section)| (owner, Some(section)));
    let Some(node) = ids.get(owner).copied() else {
        let scopes = flow.nodes.iter().zip(kinds).filter(|(_, kind)| kind.is_scope()).map(|(node, _)| node.id.as_str());
        let message = format!("there is no scope `{}`", brief(owner));
        report.error_hint("flow.unknown_scope", &pointer, message, report.did_you_mean(owner, scopes));
        return None;
    };
    let kind = kinds[node as usize];
    if !kind.is_scope() {
        if !matches!(kind, Kind::Unknown) {
            let message = format!("nothing can live in `{owner}`: it is a `{}`", kind.name());
            let hint = "Nodes live in an `each`, a `repeat` or a `try`.".to_owned();
            report.error_hint("flow.unknown_scope", &pointer, message, hint);
        }
        return None;
    }
    let found = match (section, kind) {
        (None | Some("body"), _) => Some(Section::Body),
        (Some("catch"), Kind::Try) => Some(Section::Catch),
        (Some("finally"), Kind::Try) => Some(Section::Finally),
        _ => None,
    };
    if found.is_none() {
        let section = brief(section.unwrap_or_default());
        let message = format!("`{owner}` has no section `{section}`");
        let hint = match kind {
            Kind::Try => format!("Write `{owner}`, `{owner}.catch` or `{owner}.finally`."),
            _ => format!("Write `{owner}`: an `{}` has only a body.", kind.name()),
        };
        report.error_hint("flow.unknown_section", &pointer, message, hint);
    }
    found.map(|section| (node, section))
}

/// A node that lives inside itself, over however many steps, is taken out.
fn cut_circles(flow: &Flow, homes: &mut [Option<(NodeIx, Section)>], report: &mut Report<'_>) {
    for start in 0..homes.len() {
        let mut node = start;
        for _ in 0..homes.len() {
            match homes[node] {
                Some((owner, _)) if owner as usize == start => {
                    homes[start] = None;
                    let message = format!("`{}` lives inside itself", flow.nodes[start].id);
                    let hint = "Take `in` out, or name another scope.".to_owned();
                    report.error_hint("flow.scope_circle", &at(start as NodeIx, "in"), message, hint);
                    break;
                }
                Some((owner, _)) => node = owner as usize,
                None => break,
            }
        }
    }
}
