//! The types of `loom:flow/machine` as they cross into a guest.

use super::Functions;
use crate::limits::Limiter;
use loomwork_journal as journal;
use loomwork_types::Fault as FlowFault;
use std::sync::OnceLock;
use wasmtime::component::{Component, ComponentExportIndex, ComponentNamedList, ComponentType, Instance, Lift, Lower, TypedFunc};
use wasmtime::{Store, format_err};

/// Where a flow's component exports its functions.
#[derive(Clone)]
pub(super) struct Exports {
    describe: ComponentExportIndex,
    advance: ComponentExportIndex,
    save: ComponentExportIndex,
    restore: ComponentExportIndex,
    /// Set once an instance's functions had the machine's types: so have those of every instance of the component.
    compared: OnceLock<()>,
}

impl Exports {
    pub fn of(component: &Component) -> Option<Self> {
        let machine = component.get_export_index(None, "loom:flow/machine@0.1.0")?;
        let function = |name| component.get_export_index(Some(&machine), name);
        Some(Self {
            describe: function("describe")?,
            advance: function("advance")?,
            save: function("save")?,
            restore: function("restore")?,
            compared: OnceLock::new(),
        })
    }

    /// An error if the exports are not of the machine's types.
    pub fn functions(&self, store: &mut Store<Limiter>, instance: &Instance) -> wasmtime::Result<Functions> {
        let functions = Functions {
            describe: self.function(store, instance, &self.describe)?,
            advance: self.function(store, instance, &self.advance)?,
            save: self.function(store, instance, &self.save)?,
            restore: self.function(store, instance, &self.restore)?,
        };
        self.compared.get_or_init(|| ());
        Ok(functions)
    }

    fn function<P, R>(
        &self,
        store: &mut Store<Limiter>,
        instance: &Instance,
        export: &ComponentExportIndex,
    ) -> wasmtime::Result<TypedFunc<P, R>>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let function = instance.get_func(&mut *store, export).ok_or_else(|| format_err!("a function is missing"))?;
        if self.compared.get().is_none() {
            return function.typed(&*store);
        }
        // SAFETY: the same export of the same component has been compared with these types.
        Ok(unsafe { TypedFunc::new_unchecked(function) })
    }
}

#[derive(Clone, ComponentType, Lower)]
#[component(record)]
pub(super) struct Event {
    at: u64,
    what: Happened,
}

#[derive(Clone, ComponentType, Lower)]
#[component(variant)]
pub(super) enum Happened {
    #[component(name = "start")]
    Start(Start),
    #[component(name = "returned")]
    Returned((u32, String)),
    #[component(name = "threw")]
    Threw((u32, Fault)),
    #[component(name = "fired")]
    Fired(u32),
    #[component(name = "heard")]
    Heard((u32, String)),
    #[component(name = "stop")]
    Stop,
}

#[derive(Clone, ComponentType, Lower)]
#[component(record)]
pub(super) struct Start {
    input: String,
    run: String,
    seed: u64,
    vars: String,
}

#[derive(Clone, ComponentType, Lift, Lower)]
#[component(record)]
pub(super) struct Fault {
    code: String,
    message: String,
    data: Option<String>,
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(super) struct Call {
    step: u32,
    node: u32,
    attempt: u32,
    first: u32,
    deadline: Option<u64>,
    input: String,
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(super) struct Timer {
    step: u32,
    at: u64,
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(super) struct Signal {
    step: u32,
    node: u32,
    name: String,
    key: String,
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(super) struct Question {
    step: u32,
    node: u32,
    due: Option<u64>,
    about: String,
}

#[derive(ComponentType, Lift)]
#[component(variant)]
pub(super) enum Command {
    #[component(name = "call")]
    Call(Call),
    #[component(name = "sleep")]
    Sleep(Timer),
    #[component(name = "listen")]
    Listen(Signal),
    #[component(name = "ask")]
    Ask(Question),
    #[component(name = "cancel")]
    Cancel(u32),
    #[component(name = "emit")]
    Emit((String, String)),
    #[component(name = "respond")]
    Respond(String),
    #[component(name = "finish")]
    Finish(String),
    #[component(name = "abort")]
    Abort(Fault),
}

impl From<journal::Event> for Event {
    fn from(journal::Event { at, what }: journal::Event) -> Self {
        use journal::Happened as Told;
        let what = match what {
            Told::Start(journal::Start { input, run, seed, vars }) => Happened::Start(Start { input, run, seed, vars }),
            Told::Returned(step, json) => Happened::Returned((step, json)),
            Told::Threw(step, fault) => Happened::Threw((step, fault.into())),
            Told::Fired(step) => Happened::Fired(step),
            Told::Heard(step, json) => Happened::Heard((step, json)),
            Told::Stop => Happened::Stop,
        };
        Event { at, what }
    }
}

impl From<Command> for super::Command {
    fn from(command: Command) -> Self {
        match command {
            Command::Call(Call { step, node, attempt, first, deadline, input }) => {
                Self::Call { step, node, attempt, first, deadline, input }
            }
            Command::Sleep(Timer { step, at }) => Self::Sleep { step, at },
            Command::Listen(Signal { step, node, name, key }) => Self::Listen { step, node, name, key },
            Command::Ask(Question { step, node, due, about }) => Self::Ask { step, node, due, about },
            Command::Cancel(step) => Self::Cancel(step),
            Command::Emit((event, payload)) => Self::Emit { event, payload },
            Command::Respond(json) => Self::Respond(json),
            Command::Finish(json) => Self::Finish(json),
            Command::Abort(fault) => Self::Abort(fault.into()),
        }
    }
}

impl From<FlowFault> for Fault {
    fn from(fault: FlowFault) -> Self {
        Self { code: fault.code.into_owned(), message: fault.message, data: fault.data }
    }
}

impl From<Fault> for FlowFault {
    fn from(fault: Fault) -> Self {
        let made = FlowFault::new(fault.code, fault.message);
        match fault.data {
            Some(data) => made.data(data),
            None => made,
        }
    }
}
