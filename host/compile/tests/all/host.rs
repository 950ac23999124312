//! Runs compiled flows: the typed interface of `wit/flow/machine.wit` on wasmtime.

use std::cell::RefCell;
use std::collections::BTreeMap;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};

wasmtime::component::bindgen!({ path: "../../wit/flow", world: "flow" });

pub use exports::loom::flow::machine::{Command, Event, Fault, Happened, Start};

thread_local! {
    static ENGINE: Engine = Engine::new(Config::new().cranelift_opt_level(wasmtime::OptLevel::None)).expect("an engine");
    static COMPONENTS: RefCell<BTreeMap<Vec<u8>, Component>> = const { RefCell::new(BTreeMap::new()) };
}

/// One instance of a compiled flow.
pub struct Machine {
    store: Store<()>,
    flow: Flow,
}

/// A flow ready to be instantiated.
#[derive(Clone)]
pub struct Loaded(Component);

impl Loaded {
    pub fn new(bytes: &[u8]) -> Self {
        ENGINE.with(|engine| Self(Component::new(engine, bytes).expect("what was compiled is valid")))
    }

    pub fn machine(&self) -> Machine {
        let mut store = Store::new(self.0.engine(), ());
        let flow = Flow::instantiate(&mut store, &self.0, &Linker::new(self.0.engine())).expect("a flow imports nothing");
        Machine { store, flow }
    }
}

impl Machine {
    pub fn advance(&mut self, events: &[Event]) -> Result<Vec<Command>, Fault> {
        self.flow.loom_flow_machine().call_advance(&mut self.store, events).expect("a machine does not trap")
    }

    pub fn describe(&mut self) -> String {
        self.flow.loom_flow_machine().call_describe(&mut self.store).expect("a machine does not trap")
    }

    pub fn save(&mut self) -> Vec<u8> {
        self.flow.loom_flow_machine().call_save(&mut self.store).expect("a machine does not trap")
    }

    pub fn restore(&mut self, state: &[u8]) -> Result<(), String> {
        self.flow.loom_flow_machine().call_restore(&mut self.store, state).expect("a machine does not trap")
    }
}

pub fn start(at: u64, input: &str) -> Event {
    let start = Start { input: input.to_owned(), run: "run_1".to_owned(), seed: 7, vars: "{}".to_owned() };
    Event { at, what: Happened::Start(start) }
}

pub fn returned(at: u64, step: u32, output: &str) -> Event {
    Event { at, what: Happened::Returned((step, output.to_owned())) }
}

pub fn heard(at: u64, step: u32, payload: &str) -> Event {
    Event { at, what: Happened::Heard((step, payload.to_owned())) }
}

pub fn threw(at: u64, step: u32, code: &str) -> Event {
    threw_with(at, step, code, None)
}

pub fn threw_with(at: u64, step: u32, code: &str, data: Option<&str>) -> Event {
    let fault = Fault { code: code.to_owned(), message: "on purpose".to_owned(), data: data.map(str::to_owned) };
    Event { at, what: Happened::Threw((step, fault)) }
}

pub fn fired(at: u64, step: u32) -> Event {
    Event { at, what: Happened::Fired(step) }
}

/// Commands as one line of text each.
pub fn show(commands: &[Command]) -> String {
    let line = |command: &Command| match command {
        Command::Call(call) => {
            let deadline = call.deadline.map_or(String::new(), |at| format!(" by {at}"));
            let attempt = if call.attempt == 1 { String::new() } else { format!(" attempt {} of {}", call.attempt, call.first) };
            format!("call {} node {}{attempt}{deadline} {}", call.step, call.node, call.input)
        }
        Command::Sleep(timer) => format!("sleep {} until {}", timer.step, timer.at),
        Command::Listen(signal) => format!("listen {} node {} {} {}", signal.step, signal.node, signal.name, signal.key),
        Command::Ask(question) => {
            let due = question.due.map_or(String::new(), |at| format!(" by {at}"));
            format!("ask {} node {}{due} {}", question.step, question.node, question.about)
        }
        Command::Cancel(step) => format!("cancel {step}"),
        Command::Emit((event, payload)) => format!("emit {event} {payload}"),
        Command::Respond(json) => format!("respond {json}"),
        Command::Finish(json) => format!("finish {json}"),
        Command::Abort(fault) => match &fault.data {
            Some(data) => format!("abort {}: {} {data}", fault.code, fault.message),
            None => format!("abort {}: {}", fault.code, fault.message),
        },
    };
    commands.iter().map(line).collect::<Vec<_>>().join("\n")
}
