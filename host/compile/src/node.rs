//! Nodes: each becomes an entry, which goes by what has happened, and the functions that the entry calls.

mod branch;
mod call;
mod each;
mod guard;
mod plain;
mod repeat;
mod wait;

use crate::code::{Code, FRAME};
use crate::flow::{ENTRY_FRAME, ENTRY_INNER, FlowModule};
use crate::module::{ENTRY, ON_FRAME, ON_FRAME_AND};
use crate::shape::is_head;
use crate::template::Made;
use crate::wiring::settle_name;
use loomwork_check::plan::{NodeIx, Port, ScopeIx, Template, What};
use loomwork_types::Type;

/// The handle of `true`.
const TRUE: u32 = loomwork_expr::generate::runtime::TRUE as u32;
const FALSE: u32 = loomwork_expr::generate::runtime::FALSE as u32;

/// What a node's entry can be told besides to run or to be skipped, and so which functions it has.
#[derive(Clone, Copy, Default)]
struct Hears {
    /// It asked the host for something, which came: the output is set.
    returned: bool,
    /// What came is looked at before it goes on: `returned`.
    checked: bool,
    /// What it asked for failed: `threw`.
    threw: bool,
    /// Its time limit can pass while nothing of it runs.
    timed_out: bool,
    /// A pause is over: `again`.
    again: bool,
    /// A frame of its scope has ended: `ended`.
    ended: bool,
}

pub(crate) fn define(flow: &mut FlowModule<'_>, node: NodeIx) {
    let of = &flow.plan.nodes[node as usize];
    let mut hears = if of.disabled {
        plain::disabled(flow, node);
        Hears::default()
    } else {
        match &of.what {
            What::Call(call) => call::define(flow, node, call),
            What::Branch { cases } => branch::define(flow, node, cases),
            What::Each(each) => each::define(flow, node, each),
            What::Repeat(repeat) => repeat::define(flow, node, repeat),
            What::Try { .. } => guard::define(flow, node),
            What::Set { value } => plain::set(flow, node, value),
            What::Emit { event, payload } => plain::emit(flow, node, event, payload),
            What::Return { value } => plain::return_value(flow, node, value),
            What::Fail { code, message, data } => plain::fail(flow, node, [code, message], data.as_ref()),
            What::Respond { value } => plain::respond(flow, node, value),
            What::Wait(wait) => wait::define(flow, node, wait),
            What::Flow { input, .. } => call::of_flow(flow, node, input),
        }
    };
    // What a function gives is of its type because its component says so; for the rest only this check does.
    hears.checked = hears.returned && !matches!(of.what, What::Call(_)) && of.output != Type::Json;
    if hears.checked {
        returned(flow, node);
    }
    fault(flow, node);
    if is_head(flow.plan, node) {
        visit(flow, node);
    }
    entry(flow, node, hears);
}

/// What came becomes the output if it is of its type, else a fault.
fn returned(flow: &mut FlowModule<'_>, node: NodeIx) {
    let (name, fault, ok) = (flow.name(node, "returned"), flow.name(node, "fault"), settle_name(flow, node, Some(Port::Ok)));
    let ty = flow.module.pool.ty(&flow.plan.nodes[node as usize].output);
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    code.get(FRAME).number(node).number(ty).runtime("frame_check").or_fault(&fault).get(FRAME).call(&ok, ON_FRAME);
    code.define(&name);
}

fn entry(flow: &mut FlowModule<'_>, node: NodeIx, hears: Hears) {
    let name = |what: &str| flow.name(node, what);
    let [run, visit, returned, fault, threw, again, ended] =
        ["run", "visit", "returned", "fault", "threw", "again", "ended"].map(name);
    let (ok, dead) = (settle_name(flow, node, Some(Port::Ok)), settle_name(flow, node, None));
    let (entry, is_head) = (flow.entry(node), is_head(flow.plan, node));
    // By the number of what has happened; what cannot happen ends in the trap that is last.
    let cases: [Option<&str>; 6] = [
        (!is_head).then_some(&*run),
        (!is_head).then_some(&*dead),
        is_head.then_some(&*visit),
        hears.returned.then_some(if hears.checked { &*returned } else { &*ok }),
        Some(if hears.threw { &*threw } else { &*fault }).filter(|_| hears.threw || hears.ended || hears.timed_out),
        hears.again.then_some(&*again),
    ];
    let mut code = Code::new(&mut flow.module, ENTRY, &["what", "frame", "inner"]);
    for (number, case) in cases.iter().enumerate() {
        if let Some(case) = case {
            code.get(0).is(number as u32).when().get(ENTRY_FRAME).call(case, ON_FRAME).leave().end();
        }
    }
    if hears.ended {
        code.get(ENTRY_FRAME).get(ENTRY_INNER).call(&ended, ON_FRAME_AND);
    }
    code.define(&entry);
}

/// The fault at hand goes out by the `error` wire, or is raised.
fn fault(flow: &mut FlowModule<'_>, node: NodeIx) {
    let (name, error) = (flow.name(node, "fault"), settle_name(flow, node, Some(Port::Error)));
    let of = &flow.plan.nodes[node as usize];
    let handled = of.handles_error && !matches!(of.what, What::Fail { .. });
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    if handled {
        code.get(FRAME).number(node).runtime("frame_fault").get(FRAME).call(&error, ON_FRAME);
    } else {
        code.get(FRAME).number(node).runtime("frame_raise");
    }
    code.define(&name);
}

/// A visit begins: counted, then as any activation. Told of too many once, the head does not get away with it again.
fn visit(flow: &mut FlowModule<'_>, node: NodeIx) {
    let (name, run, fault) = (flow.name(node, "visit"), flow.name(node, "run"), flow.name(node, "fault"));
    let max = flow.plan.nodes[node as usize].max_visits;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    code.switch(
        &|code| {
            code.get(FRAME).number(node).number(max).runtime("frame_visit");
        },
        &[
            &|code| {
                code.get(FRAME).call(&run, ON_FRAME);
            },
            &|code| {
                code.get(FRAME).call(&fault, ON_FRAME);
            },
            &|code| {
                code.get(FRAME).number(node).runtime("frame_raise");
            },
        ],
    );
    code.define(&name);
}

/// What the node kinds share in writing their functions.
impl Code<'_> {
    /// Leaves the handle of a template's text in a local; a failing template faults the node, and the function ends.
    fn made(&mut self, made: &Made, local: u32, fault: &str) -> &mut Self {
        match made {
            Made::Constant(text) => self.text(text).set(local),
            Made::Function(name) => self.get(FRAME).call(name, crate::module::OF_FRAME).tee(local).or_fault(fault),
        }
    }

    /// A 0 on the stack faults the node with why an expression or text failed, and the function ends.
    fn or_fault(&mut self, fault: &str) -> &mut Self {
        self.not().when().runtime("fault_expression").get(FRAME).call(fault, ON_FRAME).leave().end()
    }

    /// Faults the node with a fault of its own, and the function ends.
    fn fault_with(&mut self, code: &str, message: &str, fault: &str) -> &mut Self {
        self.text(code).text(message).runtime("fault_new").get(FRAME).call(fault, ON_FRAME).leave()
    }
}

/// Goes by whether a scope node is done: on with its `ok` or fault, or lets go of its frame.
fn conclude(code: &mut Code<'_>, done: &dyn Fn(&mut Code<'_>), ok: &str, fault: &str) {
    let nothing = |_: &mut Code<'_>| {};
    let goes_on = |code: &mut Code<'_>| {
        code.get(FRAME).call(ok, ON_FRAME);
    };
    let faults = |code: &mut Code<'_>| {
        code.get(FRAME).call(fault, ON_FRAME);
    };
    let lets_go = |code: &mut Code<'_>| {
        code.get(FRAME).runtime("frame_release");
    };
    code.switch(done, &[&nothing, &goes_on, &faults, &lets_go]);
}

/// The text that is a scope's result: of its template, else of its one last node, else null.
fn result(flow: &mut FlowModule<'_>, node: NodeIx, what: &str, template: Option<&Template>, scope: ScopeIx) -> ScopeResult {
    match template {
        Some(template) => ScopeResult::Template(flow.template(node, what, template)),
        None => flow.plan.scopes[scope as usize].result_node.map_or(ScopeResult::Null, ScopeResult::Output),
    }
}

enum ScopeResult {
    Template(Made),
    Output(NodeIx),
    Null,
}

impl ScopeResult {
    /// Leaves the handle of the result in a local, 0 if it failed. `inner` is where the scope's frame is.
    fn write(&self, code: &mut Code<'_>, inner: u32, local: u32) {
        match self {
            ScopeResult::Template(Made::Function(name)) => code.get(inner).call(name, crate::module::OF_FRAME).set(local),
            ScopeResult::Template(Made::Constant(text)) => code.text(text).set(local),
            ScopeResult::Output(node) => code.get(inner).number(*node).runtime("text_output").set(local),
            ScopeResult::Null => code.text("null").set(local),
        };
    }

    /// True if it may leave a 0.
    fn may_fail(&self) -> bool {
        matches!(self, ScopeResult::Template(Made::Function(_)))
    }
}
