//! Readers of roots: for each thing that expressions name, a function that looks it up from the expression's frame.

use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::OF_FRAME;
use loomwork_check::plan::{Plan, Root};
use loomwork_types::Type;

/// The name of each root's reader.
pub(crate) fn names(plan: &Plan) -> Vec<String> {
    let names = plan.roots.iter().enumerate().map(|(number, root)| {
        let node = |node: u32| &plan.nodes[node as usize].id;
        let (name, hops) = match root {
            Root::Input => ("read.input".to_owned(), 0),
            Root::Vars => ("read.vars".to_owned(), 0),
            Root::Run => ("read.run".to_owned(), 0),
            Root::Output { node: of, hops } => (format!("read.nodes.{}", node(*of)), *hops),
            Root::Fault { node: of, hops } => (format!("read.nodes.{}.error", node(*of)), *hops),
            Root::Item { hops } => ("read.each.item".to_owned(), *hops),
            Root::Index { hops } => ("read.each.index".to_owned(), *hops),
            Root::Round { hops } => ("read.repeat.index".to_owned(), *hops),
            Root::Last { hops } => ("read.repeat.last".to_owned(), *hops),
            Root::RetryError => ("read.error".to_owned(), 0),
            Root::RetryAttempt => ("read.attempt".to_owned(), 0),
        };
        let name = if hops == 0 { name } else { format!("{name}^{hops}") };
        (number, name)
    });
    let mut seen = std::collections::BTreeSet::new();
    names.map(|(number, name)| if seen.insert(name.clone()) { name } else { format!("{name}#{number}") }).collect()
}

/// Defines the readers that are used.
pub(crate) fn define(flow: &mut FlowModule<'_>) {
    for number in 0..flow.readers.len() {
        let name = flow.readers[number].clone();
        if flow.module.is_declared(&name) {
            reader(flow, &name, &flow.plan.roots[number]);
        }
    }
}

fn reader(flow: &mut FlowModule<'_>, name: &str, root: &Root) {
    let plan = flow.plan;
    let mut code = Code::new(&mut flow.module, OF_FRAME, &["frame"]);
    match root {
        Root::Input => {
            let ty = code.module.pool.ty(&plan.input);
            code.number(ty).runtime("read_input");
        }
        Root::Vars => {
            code.runtime("read_vars");
        }
        Root::Run => {
            code.runtime("read_run");
        }
        Root::Output { node, hops } => {
            let ty = code.module.pool.ty(&plan.nodes[*node as usize].output);
            code.get(FRAME).number(*hops).number(*node).number(ty).runtime("read_output");
        }
        Root::Fault { node, hops } => {
            code.get(FRAME).number(*hops).number(*node).runtime("read_fault");
        }
        Root::Item { hops } => {
            code.get(FRAME).number(*hops).runtime("read_item");
        }
        Root::Index { hops } | Root::Round { hops } => {
            code.get(FRAME).number(*hops).runtime("read_index");
        }
        Root::Last { hops } => {
            let ty = code.module.pool.ty(&Type::Json);
            code.get(FRAME).number(*hops).number(ty).runtime("read_last");
        }
        Root::RetryError => {
            code.runtime("read_error");
        }
        Root::RetryAttempt => {
            code.runtime("read_attempt");
        }
    }
    code.define(name);
}
