//! What is known while expressions are checked, and what names mean at one spot in the flow.

use super::{Ends, Sources};
use crate::draft::Draft;
use crate::facts::{Certainty, Facts};
use crate::graph::Graph;
use crate::plan::{NodeIx, Root, ScopeIx, Section};
use loomwork_catalog::Catalog;
use loomwork_expr::{Environment, Resolved, Ty};
use loomwork_types::Type;
use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

pub(crate) struct Known<'a> {
    pub draft: &'a Draft<'a>,
    pub graph: &'a Graph,
    pub certainty: &'a Certainty,
    pub catalog: &'a Catalog,
    pub ends: Ends,
    /// The types worked out so far.
    pub outputs: Vec<Option<Type>>,
    /// For the bodies of `each`: the type of `each.item`.
    pub items: Vec<Option<Ty>>,
    roots: RefCell<Vec<Root>>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    /// The scope whose frame it is evaluated in.
    pub scope: ScopeIx,
    pub when: When,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum When {
    /// Before anything runs: only the input is there.
    Start,
    /// When this node is activated.
    Node(NodeIx),
    /// After a failed attempt of this node: also `error` and `attempt`.
    Retry(NodeIx),
    /// When a frame of the scope has become quiet.
    Quiet,
    /// Between rounds, the first included: what the scope's nodes gave, if they have run.
    Round,
}

impl Spot {
    pub const START: Self = Self { scope: 0, when: When::Start };
}

/// A name that cannot be read where it stands.
pub(crate) struct Misread {
    /// The id written after `nodes.`.
    pub id: String,
    pub why: Why,
}

pub(crate) enum Why {
    /// There is no such node.
    Unknown,
    /// No way leads from it to here.
    NotUpstream,
    /// It lives in a section of this scope node, which has ended or not begun.
    Inside(NodeIx),
    /// It comes before the whole flow.
    TooEarly,
}

impl<'a> Known<'a> {
    pub fn new(Sources { draft, graph, certainty, catalog }: Sources<'a>, ends: Ends) -> Self {
        Self {
            draft,
            graph,
            certainty,
            catalog,
            ends,
            outputs: draft.kinds.iter().map(super::infer::declared_output).collect(),
            items: vec![None; draft.scopes.len()],
            roots: RefCell::new(vec![Root::Input]),
        }
    }

    /// The type of a node's output, if it is known already.
    pub fn output(&self, node: NodeIx) -> Option<Type> {
        self.outputs[node as usize].clone()
    }

    pub fn into_roots(self) -> Vec<Root> {
        self.roots.into_inner()
    }

    fn root(&self, root: Root) -> u32 {
        let mut roots = self.roots.borrow_mut();
        let place = roots.iter().position(|other| *other == root).unwrap_or_else(|| {
            roots.push(root);
            roots.len() - 1
        });
        place as u32
    }
}

/// Names as they are at one spot; what cannot be read there is noted.
pub(crate) struct Names<'k, 'a> {
    known: &'k Known<'a>,
    spot: Spot,
    pub misread: RefCell<Vec<Misread>>,
}

static RUN: LazyLock<Ty> =
    LazyLock::new(|| record(&[("id", Ty::String), ("started_at", Ty::Timestamp), ("seed", Ty::Uint), ("now", Ty::Timestamp)]));
static FAULT: LazyLock<Ty> = LazyLock::new(|| record(&[("code", Ty::String), ("message", Ty::String), ("data", Ty::Dyn)]));

fn record(fields: &[(&str, Ty)]) -> Ty {
    Ty::Record(Arc::new(fields.iter().map(|(name, ty)| (Arc::from(*name), ty.clone())).collect()))
}

impl<'k, 'a> Names<'k, 'a> {
    pub fn new(known: &'k Known<'a>, spot: Spot) -> Self {
        Self { known, spot, misread: RefCell::default() }
    }

    fn found(&self, root: Root, consumed: usize, ty: Ty) -> Option<Resolved> {
        Some(Resolved { root: self.known.root(root), consumed, ty, certain: true })
    }

    /// Notes what is wrong, and answers with something that makes no second mistake of it.
    fn misread(&self, id: &str, why: Why) -> Option<Resolved> {
        self.misread.borrow_mut().push(Misread { id: id.to_owned(), why });
        Some(Resolved { root: 0, consumed: 2, ty: Ty::Dyn, certain: true })
    }

    /// The node that a name stands for at this spot, in a machine.
    fn alias(&self, name: &str) -> Option<&'k str> {
        let (When::Node(node) | When::Retry(node)) = self.spot.when else { return None };
        let aliases = &self.known.draft.flow.nodes[node as usize].aliases;
        aliases.iter().find(|(alias, _)| alias == name).map(|(_, node)| node.as_str())
    }

    fn node(&self, id: &str, wants_error: bool) -> Option<Resolved> {
        let draft = self.known.draft;
        let Some(node) = draft.ids.get(id).copied() else {
            return self.misread(id, Why::Unknown);
        };
        let home = draft.scope_of[node as usize];
        let (mut scope, mut hops, mut when) = (self.spot.scope, 0, self.spot.when);
        loop {
            let owner = draft.scopes[scope as usize].owner;
            if wants_error && owner == Some((node, Section::Catch)) {
                return self.found(Root::Fault { node, hops: hops + 1 }, 3, FAULT.clone());
            }
            if scope == home {
                return self.reading(node, id, hops, when, wants_error);
            }
            let (Some((owner, _)), Some(parent)) = (owner, draft.scopes[scope as usize].parent) else {
                return self.misread(id, self.elsewhere(node));
            };
            (scope, hops, when) = (parent, hops + 1, When::Node(owner));
        }
    }

    /// Why a node that is in none of the scopes around cannot be read.
    fn elsewhere(&self, node: NodeIx) -> Why {
        match self.known.draft.scopes[self.known.draft.scope_of[node as usize] as usize].owner {
            Some((owner, _)) => Why::Inside(owner),
            None => Why::NotUpstream,
        }
    }

    fn reading(&self, node: NodeIx, id: &str, hops: u32, when: When, wants_error: bool) -> Option<Resolved> {
        let known = self.known;
        let facts: Option<&Facts> = match when {
            When::Start => return self.misread(id, Why::TooEarly),
            When::Node(reader) | When::Retry(reader) if !known.graph.is_ancestor(node, reader) => {
                return self.misread(id, Why::NotUpstream);
            }
            When::Node(reader) | When::Retry(reader) => Some(known.certainty.at(reader)),
            When::Quiet => Some(known.certainty.quiet(known.draft.scope_of[node as usize])),
            When::Round => None,
        };
        if wants_error && known.draft.handles_error(node) {
            let certain = facts.is_some_and(|facts| facts.has_failed(node));
            let root = known.root(Root::Fault { node, hops });
            return Some(Resolved { root, consumed: 3, ty: FAULT.clone(), certain });
        }
        let ty = known.output(node).map_or(Ty::Dyn, |ty| Ty::of(&ty));
        let certain = facts.is_some_and(|facts| facts.has_output(node));
        Some(Resolved { root: known.root(Root::Output { node, hops }), consumed: 2, ty, certain })
    }

    /// How many scopes up the nearest one is whose owner is of this kind, and which it is.
    fn around(&self, is_wanted: impl Fn(&crate::draft::Kind<'_>) -> bool) -> Option<(u32, ScopeIx)> {
        let draft = self.known.draft;
        let (mut scope, mut hops) = (self.spot.scope, 0);
        loop {
            let (owner, _) = draft.scopes[scope as usize].owner?;
            if is_wanted(&draft.kinds[owner as usize]) {
                return Some((hops, scope));
            }
            (scope, hops) = (draft.scopes[scope as usize].parent?, hops + 1);
        }
    }
}

impl Environment for Names<'_, '_> {
    fn names(&self) -> Vec<String> {
        use crate::draft::Kind;
        if self.spot.when == When::Start {
            return vec!["input".to_owned(), "vars".to_owned()];
        }
        let mut names = vec!["input", "nodes", "vars", "run"];
        if self.around(|kind| matches!(kind, Kind::Each)).is_some() {
            names.extend(["each.item", "each.index"]);
        }
        if self.around(|kind| matches!(kind, Kind::Repeat)).is_some() {
            names.extend(["repeat.index", "repeat.last"]);
        }
        if matches!(self.spot.when, When::Retry(_)) {
            names.extend(["error", "attempt"]);
        }
        if let When::Node(node) | When::Retry(node) = self.spot.when {
            names.extend(self.known.draft.flow.nodes[node as usize].aliases.iter().map(|(alias, _)| alias.as_str()));
        }
        names.into_iter().map(str::to_owned).collect()
    }

    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        use crate::draft::Kind;
        let retry = matches!(self.spot.when, When::Retry(_));
        if let Some(node) = path.first().and_then(|name| self.alias(name)) {
            return self.node(node, false).map(|found| Resolved { consumed: 1, ..found });
        }
        match path {
            ["input", ..] => self.found(Root::Input, 1, Ty::of(&self.known.ends.input)),
            ["vars", ..] => self.found(Root::Vars, 1, Ty::Dyn),
            ["run", ..] if self.spot.when == When::Start => {
                self.misread.borrow_mut().push(Misread { id: "run".to_owned(), why: Why::TooEarly });
                self.found(Root::Input, 1, Ty::Dyn)
            }
            ["run", ..] => self.found(Root::Run, 1, RUN.clone()),
            ["nodes", id, rest @ ..] => self.node(id, rest.first() == Some(&"error")),
            ["each", field @ ("item" | "index"), ..] => {
                let (hops, scope) = self.around(|kind| matches!(kind, Kind::Each))?;
                match *field {
                    "index" => self.found(Root::Index { hops }, 2, Ty::Int),
                    _ => {
                        let ty = self.known.items[scope as usize].clone().unwrap_or(Ty::Dyn);
                        self.found(Root::Item { hops }, 2, ty)
                    }
                }
            }
            ["repeat", field @ ("index" | "last"), ..] => {
                let (hops, _) = self.around(|kind| matches!(kind, Kind::Repeat))?;
                match *field {
                    "index" => self.found(Root::Round { hops }, 2, Ty::Int),
                    _ => self.found(Root::Last { hops }, 2, Ty::Dyn),
                }
            }
            ["error", ..] if retry => self.found(Root::RetryError, 1, FAULT.clone()),
            ["attempt", ..] if retry => self.found(Root::RetryAttempt, 1, Ty::Int),
            _ => None,
        }
    }
}
