//! Plans written by hand, for what needs no document.

use loomwork_catalog::Effect;
use loomwork_check::plan::*;
use loomwork_compile::Texts;
use loomwork_diagnostic::Span;
use loomwork_expr::{Ty, ir};
use loomwork_types::Type;
use loomwork_value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub const TEXTS: Texts<'static> = Texts { document: "{}", lock: "{}", source_map: "{}" };

/// A plan that grows node by node; [`Draft::plan`] works out what follows from nodes and wires.
#[derive(Default)]
pub struct Draft {
    pub nodes: Vec<Node>,
    pub wires: Vec<Wire>,
    pub roots: Vec<Root>,
    pub owners: Vec<(NodeIx, Section)>,
    /// Which nodes are loops, known before their bodies are made.
    pub kinds: BTreeMap<NodeIx, Looped>,
    pub timeout_ms: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Looped {
    Each,
    Repeat,
}

impl Draft {
    pub fn node(&mut self, id: &str, scope: ScopeIx, what: What) -> NodeIx {
        self.nodes.push(Node {
            id: id.into(),
            scope,
            region: None,
            any: false,
            max_visits: 10_000,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            handles_error: false,
            disabled: false,
            passes: None,
            pin: None,
            output: Type::Json,
            timeout_ms: None,
            what,
        });
        self.nodes.len() as NodeIx - 1
    }

    pub fn scope(&mut self, owner: NodeIx, section: Section) -> ScopeIx {
        self.owners.push((owner, section));
        self.owners.len() as ScopeIx
    }

    pub fn wire(&mut self, from: NodeIx, port: Port, to: NodeIx) {
        self.wires.push(Wire { from, port, to });
    }

    /// An expression that is only a root.
    pub fn read(&mut self, root: Root) -> ir::Checked {
        let node = self.root(root);
        checked(node)
    }

    pub fn root(&mut self, root: Root) -> ir::Node {
        let number = self.roots.iter().position(|known| *known == root).unwrap_or_else(|| {
            self.roots.push(root);
            self.roots.len() - 1
        });
        node(ir::Kind::Root(number as u32), Ty::Dyn)
    }

    pub fn plan(self) -> Plan {
        let empty = |owner| Scope { owner, nodes: Vec::new(), entries: Vec::new(), result_node: None };
        let mut scopes: Vec<_> = std::iter::once(None).chain(self.owners.iter().copied().map(Some)).map(empty).collect();
        let mut nodes = self.nodes;
        for (index, wire) in self.wires.iter().enumerate() {
            nodes[wire.from as usize].outgoing.push(index as WireIx);
            nodes[wire.from as usize].handles_error |= wire.port == Port::Error;
            nodes[wire.to as usize].incoming.push(index as WireIx);
        }
        for (index, node) in nodes.iter().enumerate() {
            let scope = &mut scopes[node.scope as usize];
            scope.nodes.push(index as NodeIx);
            if node.incoming.is_empty() {
                scope.entries.push(index as NodeIx);
            }
        }
        for scope in &mut scopes {
            let last =
                |node: &&NodeIx| !nodes[**node as usize].outgoing.iter().any(|wire| self.wires[*wire as usize].port == Port::Ok);
            let mut lasts = scope.nodes.iter().filter(last);
            scope.result_node = lasts.next().copied().filter(|_| lasts.next().is_none());
        }
        let (timeout_ms, wires, roots) = (self.timeout_ms, self.wires, self.roots);
        let needs = Vec::new();
        let mut plan = Plan {
            input: Type::Json,
            output: Type::Json,
            answer: Type::Json,
            timeout_ms,
            concurrency: None,
            debounce: None,
            idempotency: Vec::new(),
            instance: None,
            events: Vec::new(),
            scopes,
            nodes,
            wires,
            needs,
            roots,
        };
        find_regions(&mut plan);
        plan
    }
}

/// For each node, the innermost head that every way to it leads through; a head's own is itself.
fn find_regions(plan: &mut Plan) {
    let heads: Vec<NodeIx> = (0..plan.nodes.len() as NodeIx).filter(|node| plan.nodes[*node as usize].any).collect();
    for node in 0..plan.nodes.len() as NodeIx {
        let of = &plan.nodes[node as usize];
        let entries = plan.scopes[of.scope as usize].entries.clone();
        let same = |head: &NodeIx| plan.nodes[*head as usize].scope == of.scope;
        let around: Vec<NodeIx> =
            heads.iter().copied().filter(|head| same(head) && (*head == node || !reaches(plan, &entries, node, *head))).collect();
        let innermost = |head: &NodeIx| around.iter().all(|outer| outer == head || !reaches(plan, &entries, *head, *outer));
        let region = if plan.nodes[node as usize].any { Some(node) } else { around.iter().copied().find(innermost) };
        plan.nodes[node as usize].region = region;
    }
}

/// True if `node` can be reached from the entries without going through `avoided`.
pub fn reaches(plan: &Plan, entries: &[NodeIx], node: NodeIx, avoided: NodeIx) -> bool {
    let mut reached: Vec<NodeIx> = entries.iter().copied().filter(|entry| *entry != avoided).collect();
    let mut place = 0;
    while place < reached.len() {
        for wire in &plan.nodes[reached[place] as usize].outgoing {
            let to = plan.wires[*wire as usize].to;
            if to != avoided && !reached.contains(&to) {
                reached.push(to);
            }
        }
        place += 1;
    }
    reached.contains(&node)
}

pub fn node(kind: ir::Kind, ty: Ty) -> ir::Node {
    ir::Node { kind, ty, span: Span::default() }
}

pub fn checked(root: ir::Node) -> ir::Checked {
    ir::Checked { root, locals: 0, cost: 1 }
}

pub fn constant(value: Value) -> ir::Node {
    let ty = match value {
        Value::Bool(_) => Ty::Bool,
        Value::Int(_) => Ty::Int,
        Value::String(_) => Ty::String,
        _ => Ty::Dyn,
    };
    node(ir::Kind::Const(value), ty)
}

pub fn binary(op: ir::BinaryOp, left: ir::Node, right: ir::Node) -> ir::Node {
    node(ir::Kind::Binary { op, left: Box::new(left), right: Box::new(right) }, Ty::Bool)
}

pub fn select(operand: ir::Node, field: &str) -> ir::Node {
    node(ir::Kind::Select { operand: Box::new(operand), field: field.into() }, Ty::Dyn)
}

pub fn literal(json: &str) -> Template {
    Template::Literal(json.into())
}

pub fn expr(value: ir::Checked) -> Template {
    Template::Expr { value, ty: Type::Json }
}

pub fn record(fields: Vec<(&str, Template)>) -> Template {
    Template::Record(fields.into_iter().map(|(name, template)| (Arc::from(name), template)).collect())
}

pub fn call(input: Template) -> What {
    What::Call(Call {
        package: "test:nodes@0.1.0".into(),
        function: "nodes#work".into(),
        input,
        effect: Effect::Write,
        once: false,
        secret: Vec::new(),
        retry: None,
        cache_ms: None,
    })
}
