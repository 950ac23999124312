//! Plans written by hand, for what needs no document.

use loomwork_check::plan::*;
use loomwork_catalog::Effect;
use loomwork_compile::Texts;
use loomwork_diagnostic::Span;
use loomwork_expr::{Ty, ir};
use loomwork_types::Type;
use loomwork_value::Value;
use std::sync::Arc;

pub const TEXTS: Texts<'static> = Texts { document: "{}", lock: "{}", source_map: "{}" };

/// A plan that grows node by node; [`Draft::plan`] works out what follows from nodes and wires.
#[derive(Default)]
pub struct Draft {
    pub nodes: Vec<Node>,
    pub wires: Vec<Wire>,
    pub roots: Vec<Root>,
    owners: Vec<(NodeIx, Section)>,
    pub timeout_ms: Option<u64>,
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
            let last = |node: &&NodeIx| !nodes[**node as usize].outgoing.iter().any(|wire| self.wires[*wire as usize].port == Port::Ok);
            let mut lasts = scope.nodes.iter().filter(last);
            scope.result_node = lasts.next().copied().filter(|_| lasts.next().is_none());
        }
        Plan { input: Type::Json, output: Type::Json, timeout_ms: self.timeout_ms, scopes, nodes, wires: self.wires, roots: self.roots }
    }
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
        retry: None,
        cache_ms: None,
    })
}
