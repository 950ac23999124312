//! The generated core module of a flow: its nodes, scopes, expressions, and the four functions of the interface.

use crate::CompileError;
use crate::code::{Code, FRAME};
use crate::module::{ENTRY, Expressions, Module, ON_FRAME};
use crate::shape::{Shape, is_head};
use crate::{encode, node, root, wiring};
use loomwork_check::plan::{NodeIx, Plan, ScopeIx, Section};
use loomwork_expr::generate::generate;
use loomwork_expr::ir::Checked;
use wasm_encoder::{Instruction, ValType};

/// What a module says of itself.
pub(crate) struct About<'a> {
    /// JSON, for `describe`.
    pub description: &'a str,
    /// What a saved state must have come from.
    pub identity: &'a str,
}

pub(crate) struct FlowModule<'a> {
    pub plan: &'a Plan,
    pub shape: Shape,
    pub module: Module,
    /// The reader of each root.
    pub readers: Vec<String>,
}

/// Generates everything.
pub(crate) fn generate_flow(plan: &Plan, about: &About<'_>) -> Result<Module, CompileError> {
    let learned = pass(plan, about, Module::default())?;
    pass(plan, about, Module::again(&learned))
}

fn pass(plan: &Plan, about: &About<'_>, module: Module) -> Result<Module, CompileError> {
    let shape = Shape::of(plan)?;
    let mut flow = FlowModule { plan, shape, module, readers: root::names(plan) };
    flow.interface(about);
    flow.start_flow();
    flow.open_scope(0);
    for index in 0..plan.nodes.len() as NodeIx {
        wiring::define(&mut flow, index);
        node::define(&mut flow, index);
    }
    root::define(&mut flow);
    encode::NEEDED.iter().for_each(|name| {
        flow.module.import(name);
    });
    Ok(flow.module)
}

impl FlowModule<'_> {
    /// `price.run`
    pub fn name(&self, node: NodeIx, what: &str) -> String {
        format!("{}.{what}", self.entry(node))
    }

    /// The name of a node's entry.
    pub fn entry(&self, node: NodeIx) -> String {
        entry(&self.plan.nodes[node as usize].id)
    }

    /// Defines the function that evaluates an expression of a node.
    pub fn expression(&mut self, node: NodeIx, what: &str, checked: &Checked) -> String {
        let name = self.name(node, what);
        let generated = generate(checked, &mut Expressions { module: &mut self.module, readers: &self.readers });
        self.module.define_generated(&name, generated);
        name
    }

    pub fn scope_name(&self, scope: ScopeIx) -> String {
        match self.plan.scopes[scope as usize].owner {
            None => "flow.open".to_owned(),
            Some((node, Section::Body)) => self.name(node, "body.open"),
            Some((node, Section::Catch)) => self.name(node, "catch.open"),
            Some((node, Section::Finally)) => self.name(node, "finally.open"),
        }
    }

    /// Defines the function that makes a new frame's first nodes ready, and then lets go of it.
    pub fn open_scope(&mut self, scope: ScopeIx) {
        let name = self.scope_name(scope);
        let plan = self.plan;
        let mut code = Code::new(&mut self.module, ON_FRAME, &["frame"]);
        for entry in &plan.scopes[scope as usize].entries {
            if is_head(plan, *entry) {
                code.get(FRAME).number(0).number(*entry).runtime("frame_arrive");
            } else {
                code.get(FRAME).number(*entry).runtime("frame_ready");
            }
        }
        code.get(FRAME).runtime("frame_release");
        code.define(&name);
    }

    /// The flow's own entry: the run begins.
    fn start_flow(&mut self) {
        let (words, timeout) = (self.shape.words(0), self.plan.timeout_ms);
        let mut code = Code::new(&mut self.module, ENTRY, &["what", "frame", "inner"]);
        code.number(words).limit(timeout).runtime("frame_root").call("flow.open", ON_FRAME);
        code.define("flow");
    }

    fn interface(&mut self, about: &About<'_>) {
        self.advance();
        let mut code = Code::new(&mut self.module, (&[], &[ValType::I32]), &[]);
        code.text(about.description).runtime("machine_describe");
        code.define("describe");
        let mut code = Code::new(&mut self.module, (&[], &[ValType::I32]), &[]);
        code.text(about.identity).runtime("machine_save");
        code.define("save");
        let mut code = Code::new(&mut self.module, (&[ValType::I32; 2], &[ValType::I32]), &["address", "length"]);
        code.get(0).get(1).text(about.identity).runtime("machine_restore");
        code.define("restore");
    }

    /// Takes the events, then goes to the entry of each task in turn, until there is none.
    fn advance(&mut self) {
        let mut code = Code::new(&mut self.module, (&[ValType::I32; 2], &[ValType::I32]), &["events", "count", "task"]);
        let task = 2;
        code.get(0).get(1).runtime("turn_begin");
        code.op(Instruction::Loop(wasm_encoder::BlockType::Empty));
        code.runtime("turn_next").tee(task).when();
        // The task lies in memory: which entry, then the entry's parameters.
        code.get(task).load(4).get(task).load(8).get(task).load(12).get(task).load(0);
        code.op(Instruction::CallIndirect { type_index: ENTRY_TYPE, table_index: 0 });
        code.op(Instruction::Br(1)).end().end().runtime("turn_finish");
        code.define("advance");
    }
}

/// What the module itself calls its functions, or begins their names with.
const OWN: [&str; 6] = ["flow", "read", "describe", "advance", "save", "restore"];

/// The name of the entry of a node: its id, unless a function of the module's own is called so.
pub(crate) fn entry(id: &str) -> String {
    if OWN.contains(&id) { format!("node {id}") } else { id.to_owned() }
}

/// The entry's type is the first of the module.
pub(crate) const ENTRY_TYPE: u32 = 0;

/// Where the frame and the one that has ended are among an entry's parameters.
pub(crate) const ENTRY_FRAME: u32 = 1;
pub(crate) const ENTRY_INNER: u32 = 2;
