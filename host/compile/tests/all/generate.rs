//! Random plans and random orders of events, out of a list of bytes: fewer and smaller bytes give simpler cases.

use crate::plans::*;
use loomwork_check::plan::*;
use loomwork_expr::ir::{BinaryOp, Kind};
use loomwork_expr::{Ty, ir};
use loomwork_types::Type;
use loomwork_value::Value;

/// Decisions, one byte each; when they run out, the simplest.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    pub fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first as usize * bound / 256
    }

    /// True in so many of 100 cases; false when there is nothing left to decide with.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }
}

const MAX_NODES: usize = 24;

/// A plan that obeys the rules that `check` holds flows to.
pub fn plan(choices: &mut Choices<'_>) -> Plan {
    let mut maker = Maker { choices, draft: Draft::default(), parents: vec![None] };
    if maker.choices.percent(8) {
        maker.draft.timeout_ms = Some(3_000);
    }
    maker.fill(0, 0);
    loop {
        let mut draft = Draft { nodes: maker.draft.nodes.clone(), wires: maker.draft.wires.clone(), ..Draft::default() };
        draft.roots = maker.draft.roots.clone();
        draft.timeout_ms = maker.draft.timeout_ms;
        draft.owners = maker.draft.owners.clone();
        let plan = draft.plan();
        let before = maker.draft.wires.len();
        maker.draft.wires.retain(|wire| obeys(&plan, wire));
        if maker.draft.wires.len() == before {
            return plan;
        }
    }
}

/// An all-join is wired from its own region only, so what leaves a region or closes a cycle ends at a head.
fn obeys(plan: &Plan, wire: &Wire) -> bool {
    let (from, to) = (&plan.nodes[wire.from as usize], &plan.nodes[wire.to as usize]);
    to.any || (from.region == to.region && wire.from < wire.to)
}

struct Maker<'a, 'b> {
    choices: &'a mut Choices<'b>,
    draft: Draft,
    /// For each scope, the scope around it.
    parents: Vec<Option<ScopeIx>>,
}

impl Maker<'_, '_> {
    /// Puts nodes and wires into a scope.
    fn fill(&mut self, scope: ScopeIx, depth: usize) {
        let most = if depth == 0 { 6 } else { 4 };
        let count = if depth == 0 { 1 + self.choices.below(most) } else { self.choices.below(most) };
        let mut nodes = Vec::new();
        for _ in 0..count {
            if self.draft.nodes.len() < MAX_NODES {
                nodes.push(self.node(scope, depth, &nodes));
            }
        }
        self.wires(&nodes);
    }

    fn node(&mut self, scope: ScopeIx, depth: usize, before: &[NodeIx]) -> NodeIx {
        let index = self.draft.nodes.len() as NodeIx;
        let id = format!("n{index}");
        self.draft.node(&id, scope, What::Set { value: literal("null") });
        let kind = self.choices.below(if depth < 3 { 36 } else { 24 });
        let what = match kind {
            0..=7 => self.call(scope),
            8 | 9 => self.branch(scope),
            10 | 11 => What::Set { value: self.value(scope) },
            12 => What::Emit { event: literal("\"told\""), payload: self.value(scope) },
            13 | 14 => What::Wait(Wait::Duration(literal("\"50ms\""))),
            15 => What::Return { value: self.value(scope) },
            16 => What::Fail {
                code: literal("\"test.failed\""),
                message: literal("\"\""),
                data: self.choices.percent(50).then(|| self.value(scope)),
            },
            17 | 18 => self.signal(index, scope),
            19 | 20 => self.approval(scope),
            21 => What::Flow { flow: "other".into(), input: self.value(scope), wait: self.choices.percent(50) },
            22 | 23 => What::Respond { value: self.value(scope) },
            24..=27 => self.each(index, scope, depth),
            28..=30 => self.repeat(index, depth),
            _ => self.guard(index, depth),
        };
        let disabled = self.choices.percent(5);
        let passes = before.first().copied().filter(|_| disabled);
        let timed = matches!(
            what,
            What::Call(_) | What::Flow { .. } | What::Each(_) | What::Repeat(_) | What::Try { .. } | What::Wait(_)
        );
        let node = &mut self.draft.nodes[index as usize];
        node.what = what;
        node.timeout_ms = (timed && self.choices.percent(20)).then_some(200);
        node.disabled = disabled;
        node.passes = passes;
        node.any = self.choices.percent(25);
        node.max_visits = if self.choices.percent(50) { 3 } else { 8 };
        index
    }

    /// Forward wires anywhere, backward wires to heads; what must not be is taken out later.
    fn wires(&mut self, nodes: &[NodeIx]) {
        for (place, from) in nodes.iter().enumerate() {
            for (other, to) in nodes.iter().enumerate() {
                let odds = if other == place + 1 {
                    75
                } else if other > place {
                    25
                } else {
                    30
                };
                let wanted = self.choices.percent(odds);
                if wanted && (other > place || self.draft.nodes[*to as usize].any) {
                    let port = self.port(*from);
                    if let Some(port) = port {
                        self.draft.wire(*from, port, *to);
                    }
                }
            }
        }
    }

    fn port(&mut self, from: NodeIx) -> Option<Port> {
        let error = self.choices.percent(25);
        match &self.draft.nodes[from as usize].what {
            What::Return { .. } | What::Fail { .. } => None,
            _ if error => Some(Port::Error),
            What::Branch { cases } => Some(Port::Case(self.choices.below(cases.len() + 1) as u32)),
            _ => Some(Port::Ok),
        }
    }

    fn call(&mut self, scope: ScopeIx) -> What {
        let input = record(vec![("of", self.value(scope))]);
        let retry = self.choices.percent(35).then(|| Retry {
            attempts: 2 + self.choices.below(2) as u32,
            delay_ms: 100,
            exponential: self.choices.percent(50),
            factor: 3.0,
            max_delay_ms: 250,
            jitter: if self.choices.percent(50) { 0.5 } else { 0.0 },
            when: self.choices.percent(50).then(|| self.retry_when()),
        });
        match call(input) {
            What::Call(call) => What::Call(Call { retry, ..call }),
            other => other,
        }
    }

    /// Some are of a type.
    fn signal(&mut self, node: NodeIx, scope: ScopeIx) -> What {
        if self.choices.percent(50) {
            self.draft.nodes[node as usize].output = Type::S64;
        }
        let name = if self.choices.percent(90) { literal("\"told\"") } else { self.value(scope) };
        let until = self.choices.percent(30).then(|| match self.choices.percent(80) {
            true => literal("\"1970-01-01T00:00:00.150Z\""),
            false => self.value(scope),
        });
        What::Wait(Wait::Signal { name, key: self.choices.percent(50).then(|| self.value(scope)), until })
    }

    fn approval(&mut self, scope: ScopeIx) -> What {
        let about = record(vec![("title", self.value(scope))]);
        let default = self.choices.percent(50).then(|| self.value(scope));
        What::Wait(Wait::Approval(Question { about, form: None, default }))
    }

    fn retry_when(&mut self) -> ir::Checked {
        if self.choices.percent(50) {
            let attempt = self.draft.root(Root::RetryAttempt);
            return checked(binary(BinaryOp::LessOrEqual, attempt, constant(Value::Int(1))));
        }
        let error = self.draft.root(Root::RetryError);
        checked(binary(BinaryOp::Equal, select(error, "code"), constant(Value::String("test.a".into()))))
    }

    fn branch(&mut self, scope: ScopeIx) -> What {
        let count = 1 + self.choices.below(2);
        let cases = (0..count).map(|case| (format!("case{case}").into(), self.condition(scope))).collect();
        What::Branch { cases }
    }

    fn inner(&mut self, owner: NodeIx, section: Section, depth: usize) -> ScopeIx {
        let around = self.draft.nodes[owner as usize].scope;
        let scope = self.draft.scope(owner, section);
        self.parents.push(Some(around));
        self.fill(scope, depth + 1);
        scope
    }

    fn each(&mut self, owner: NodeIx, scope: ScopeIx, depth: usize) -> What {
        let items = if self.choices.percent(10) { self.expression(scope) } else { checked(list(self.choices.below(4) as i64)) };
        self.draft.kinds.insert(owner, Looped::Each);
        let body = self.inner(owner, Section::Body, depth);
        let on_error = [OnError::Fail, OnError::Skip, OnError::Collect][self.choices.below(3)];
        let result = self.choices.percent(50).then(|| self.value(body));
        let stop = self.choices.percent(30).then(|| self.condition(body));
        What::Each(Each { body, items, concurrency: [0, 1, 2][self.choices.below(3)], on_error, result, stop })
    }

    fn repeat(&mut self, owner: NodeIx, depth: usize) -> What {
        self.draft.kinds.insert(owner, Looped::Repeat);
        let body = self.inner(owner, Section::Body, depth);
        let before = self.choices.percent(40).then(|| self.condition(body));
        let after = (before.is_none() || self.choices.percent(20)).then(|| self.condition(body));
        let max = 1 + self.choices.below(4) as u32;
        let delay_ms = self.choices.percent(30).then_some(70);
        let result = self.choices.percent(50).then(|| self.value(body));
        What::Repeat(Repeat { body, before, after, max, delay_ms, result })
    }

    fn guard(&mut self, owner: NodeIx, depth: usize) -> What {
        let body = self.inner(owner, Section::Body, depth);
        let catch = self.choices.percent(60).then(|| self.inner(owner, Section::Catch, depth));
        let finally = self.choices.percent(60).then(|| self.inner(owner, Section::Finally, depth));
        let result = self.choices.percent(40).then(|| self.value(body));
        let catch_result = catch.filter(|_| self.choices.percent(40)).map(|catch| self.value(catch));
        What::Try { body, catch, finally, result, catch_result }
    }

    /// A template that reads something of what there is in a scope.
    fn value(&mut self, scope: ScopeIx) -> Template {
        if self.choices.percent(20) {
            // Not of faults: their words are not compared.
            let root = self.counter(scope).unwrap_or(Root::Input);
            let value = self.draft.read(root);
            return Template::Text(vec![Part::Text("got \"".into()), Part::Expr(text_of(value))]);
        }
        if self.choices.percent(30) { literal("{\"a\": [1, \"x\"]}") } else { expr(self.expression(scope)) }
    }

    fn expression(&mut self, scope: ScopeIx) -> ir::Checked {
        let root = self.any_root(scope);
        let read = self.draft.root(root.clone());
        let Kind::Root(number) = read.kind else { unreachable!("a root") };
        if self.choices.percent(4) || !matches!(root, Root::Output { .. } | Root::Fault { .. }) {
            return checked(read);
        }
        let condition = Box::new(node(Kind::HasRoot(number), Ty::Bool));
        let otherwise = Box::new(constant(Value::Int(0)));
        checked(node(Kind::If { condition, then: Box::new(read), otherwise }, Ty::Dyn))
    }

    fn condition(&mut self, scope: ScopeIx) -> ir::Checked {
        match self.choices.below(4) {
            0 => checked(constant(Value::Bool(self.choices.percent(50)))),
            1 => {
                let root = self.any_root(scope);
                let has = match self.draft.root(root).kind {
                    Kind::Root(number) => node(Kind::HasRoot(number), Ty::Bool),
                    _ => constant(Value::Bool(false)),
                };
                checked(has)
            }
            _ => match self.counter(scope) {
                Some(counter) => {
                    let counter = self.draft.root(counter);
                    let bound = constant(Value::Int(self.choices.below(3) as i64));
                    checked(binary(BinaryOp::GreaterOrEqual, counter, bound))
                }
                None => {
                    let value = self.expression(scope).root;
                    checked(binary(BinaryOp::Equal, value, constant(Value::Int(1))))
                }
            },
        }
    }

    /// `each.index` or `repeat.index` of the nearest body.
    fn counter(&self, mut scope: ScopeIx) -> Option<Root> {
        for hops in 0.. {
            let (owner, _) = *self.draft.owners.get((scope as usize).checked_sub(1)?)?;
            let parent = self.parents[scope as usize]?;
            match self.draft.kinds.get(&owner) {
                Some(Looped::Each) => return Some(Root::Index { hops }),
                Some(Looped::Repeat) => return Some(Root::Round { hops }),
                None => {}
            }
            scope = parent;
        }
        None
    }

    fn any_root(&mut self, scope: ScopeIx) -> Root {
        if self.choices.percent(20) {
            return if self.choices.percent(70) { Root::Input } else { Root::Run };
        }
        let counter = if self.choices.percent(25) { self.counter(scope) } else { None };
        if let Some(counter) = counter {
            let other = self.choices.percent(50);
            return match counter {
                Root::Index { hops } if other => Root::Item { hops },
                Root::Round { hops } if other => Root::Last { hops },
                counter => counter,
            };
        }
        let owner = (scope as usize).checked_sub(1).and_then(|place| self.draft.owners.get(place));
        if let Some((node, Section::Catch)) = owner.copied()
            && self.choices.percent(40)
        {
            return Root::Fault { node, hops: 1 };
        }
        let (mut of, mut hops) = (scope, 0);
        while self.choices.percent(30) {
            let Some(parent) = self.parents[of as usize] else { break };
            of = parent;
            hops += 1;
        }
        let there: Vec<NodeIx> =
            (0..self.draft.nodes.len() as NodeIx).filter(|node| self.draft.nodes[*node as usize].scope == of).collect();
        if there.is_empty() {
            return Root::Input;
        }
        let node = there[self.choices.below(there.len())];
        if self.choices.percent(20) { Root::Fault { node, hops } } else { Root::Output { node, hops } }
    }
}

/// A list of so many numbers from 1.
fn list(length: i64) -> ir::Node {
    let elements = (1..=length).map(|number| ir::Element { value: constant(Value::Int(number)), optional: false }).collect();
    node(Kind::List(elements), Ty::List(std::sync::Arc::new(Ty::Dyn)))
}

/// What can stand inside a text: nothing is written for null.
fn text_of(value: ir::Checked) -> ir::Checked {
    let is_null = binary(BinaryOp::Equal, value.root.clone(), constant(Value::Null));
    let otherwise = Box::new(value.root);
    checked(node(
        Kind::If { condition: Box::new(is_null), then: Box::new(constant(Value::String("nothing".into()))), otherwise },
        Ty::Dyn,
    ))
}
