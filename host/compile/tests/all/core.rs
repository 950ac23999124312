//! Runs the two core modules of a compiled flow without a component host, as `docs/core-interface.md` describes.
//!
//! The runtime module is compiled once for all flows, so that many small flows are quick to try. Bugs can be planted
//! between both modules: see [`Bug`].

use crate::host::{Command, Event, Fault, Happened};
use exports::Call;
use loomwork_value::library::Slice;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use wasmparser::{Parser, Payload};
use wasmtime::{Caller, Engine, Func, Instance, Linker, Memory, Module, Store, TypedFunc, Val};

use crate::host::exports::loom::flow::machine as exports;

/// What can be wrong with a machine. Each must be noticed by the property tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    DeadWiresCountLive,
    RetriesOnceLess,
    VisitsSeeNothingBefore,
    FinallySkippedOnReturn,
    CancelsInReverse,
    BreakForgotten,
    ReturnsStayInside,
    CatchGetsNothing,
    AnswersTwice,
    WrongTypesPass,
}

impl Bug {
    pub const ALL: [Bug; 10] = [
        Bug::DeadWiresCountLive,
        Bug::RetriesOnceLess,
        Bug::VisitsSeeNothingBefore,
        Bug::FinallySkippedOnReturn,
        Bug::CancelsInReverse,
        Bug::BreakForgotten,
        Bug::ReturnsStayInside,
        Bug::CatchGetsNothing,
        Bug::AnswersTwice,
        Bug::WrongTypesPass,
    ];
}

thread_local! {
    static ENGINE: Engine = Engine::default();
    static RUNTIMES: std::cell::RefCell<Vec<(Vec<u8>, Module)>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Both modules, compiled.
#[derive(Clone)]
pub struct Loaded {
    runtime: Module,
    flow: Module,
    bug: Option<Bug>,
}

/// The core modules in a component: the runtime, then the flow.
pub fn core_modules(component: &[u8]) -> [&[u8]; 2] {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::ModuleSection { unchecked_range, .. } = payload.expect("a component") {
            found.push(&component[unchecked_range]);
        }
    }
    found.try_into().expect("two core modules")
}

impl Loaded {
    /// The flow beside the whole runtime, which is compiled once for all flows: [`Loaded::as_carried`] is what hosts run.
    pub fn new(component: &[u8]) -> Self {
        let [_, flow] = core_modules(component);
        Self::linked(loomwork_compile::runtime(&BTreeSet::from([Slice::Regex, Slice::Zones])), flow)
    }

    /// The flow beside the runtime it carries, which has no more than it uses.
    pub fn as_carried(component: &[u8]) -> Self {
        let [runtime, flow] = core_modules(component);
        Self::linked(runtime, flow)
    }

    fn linked(runtime: &[u8], flow: &[u8]) -> Self {
        ENGINE.with(|engine| {
            let known =
                RUNTIMES.with_borrow(|known| known.iter().find(|(bytes, _)| bytes == runtime).map(|(_, module)| module.clone()));
            let runtime = known.unwrap_or_else(|| {
                let module = Module::new(engine, runtime).expect("the runtime is valid");
                RUNTIMES.with_borrow_mut(|known| known.push((runtime.to_vec(), module.clone())));
                module
            });
            Self { runtime, flow: Module::new(engine, flow).expect("the generated module is valid"), bug: None }
        })
    }

    pub fn with(mut self, bug: Bug) -> Self {
        self.bug = Some(bug);
        self
    }

    pub fn machine(&self) -> Machine {
        let mut store = Store::new(self.runtime.engine(), ());
        let runtime = Instance::new(&mut store, &self.runtime, &[]).expect("the runtime imports nothing");
        let mut linker = Linker::new(self.runtime.engine());
        linker.instance(&mut store, "rt", runtime).expect("all can be linked");
        if let Some(bug) = self.bug {
            plant(&mut linker, &mut store, &runtime, bug);
        }
        let flow = linker.instantiate(&mut store, &self.flow).expect("the runtime exports what the flow imports");
        let memory = runtime.get_memory(&mut store, "memory").expect("the runtime has a memory");
        let realloc = runtime.get_typed_func(&mut store, "cabi_realloc").expect("the runtime gives memory");
        let advance = flow.get_typed_func(&mut store, "advance").expect("a flow advances");
        Machine { store, flow, memory, realloc, advance, bug: self.bug }
    }
}

/// Puts a function of our own between both modules.
fn plant(linker: &mut Linker<()>, store: &mut Store<()>, runtime: &Instance, bug: Bug) {
    let mut real = |name: &str| runtime.get_func(&mut *store, name).expect("the runtime exports it");
    let call = |func: Func, caller: &mut Caller<'_, ()>, args: &[Val], results: &mut [Val]| {
        func.call(caller, args, results).expect("the runtime does not trap");
    };
    linker.allow_shadowing(true);
    match bug {
        Bug::DeadWiresCountLive => {
            let ready = real("frame_ready");
            linker.define(&mut *store, "rt", "frame_skip", ready).expect("linked");
        }
        Bug::RetriesOnceLess => {
            let attempt = real("call_attempt");
            let wrapped = Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>, frame: i32, node: i32| -> i32 {
                let mut result = [Val::I32(0)];
                call(attempt, &mut caller, &[Val::I32(frame), Val::I32(node)], &mut result);
                result[0].unwrap_i32() + 1
            });
            linker.define(&mut *store, "rt", "call_attempt", wrapped).expect("linked");
        }
        Bug::VisitsSeeNothingBefore => {
            let (visit, read) = (real("frame_visit"), real("read_output"));
            let visits = Arc::new(Mutex::new(BTreeSet::new()));
            let seen = visits.clone();
            let wrapped = Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>, frame: i32, node: i32, max: i32| -> i32 {
                seen.lock().expect("one thread").insert((frame, node));
                let mut result = [Val::I32(0)];
                call(visit, &mut caller, &[Val::I32(frame), Val::I32(node), Val::I32(max)], &mut result);
                result[0].unwrap_i32()
            });
            linker.define(&mut *store, "rt", "frame_visit", wrapped).expect("linked");
            let wrapped =
                Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>, frame: i32, hops: i32, node: i32, ty: i32| -> i32 {
                    // Nodes before the head have smaller numbers.
                    let hidden = visits.lock().expect("one thread").iter().any(|(visit, head)| *visit == frame && node < *head);
                    if hops == 0 && hidden {
                        return 0;
                    }
                    let mut result = [Val::I32(0)];
                    call(read, &mut caller, &[Val::I32(frame), Val::I32(hops), Val::I32(node), Val::I32(ty)], &mut result);
                    result[0].unwrap_i32()
                });
            linker.define(&mut *store, "rt", "read_output", wrapped).expect("linked");
        }
        Bug::FinallySkippedOnReturn => {
            let (try_return, try_open, ready) = (real("try_return"), real("try_open"), real("frame_ready"));
            let state = Arc::new(Mutex::new((false, BTreeSet::new())));
            let returned = state.clone();
            let wrapped = Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>, frame: i32, node: i32, inner: i32| {
                returned.lock().expect("one thread").0 = true;
                call(try_return, &mut caller, &[Val::I32(frame), Val::I32(node), Val::I32(inner)], &mut []);
            });
            linker.define(&mut *store, "rt", "try_return", wrapped).expect("linked");
            let opened = state.clone();
            let wrapped =
                Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>, frame: i32, node: i32, of: i32, words: i32| -> i32 {
                    let mut result = [Val::I32(0)];
                    call(try_open, &mut caller, &[Val::I32(frame), Val::I32(node), Val::I32(of), Val::I32(words)], &mut result);
                    let mut state = opened.lock().expect("one thread");
                    if of == 2 && std::mem::take(&mut state.0) {
                        state.1.insert(result[0].unwrap_i32());
                    }
                    result[0].unwrap_i32()
                });
            linker.define(&mut *store, "rt", "try_open", wrapped).expect("linked");
            let wrapped = Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>, frame: i32, node: i32| {
                if !state.lock().expect("one thread").1.contains(&frame) {
                    call(ready, &mut caller, &[Val::I32(frame), Val::I32(node)], &mut []);
                }
            });
            linker.define(&mut *store, "rt", "frame_ready", wrapped).expect("linked");
        }
        // Planted where commands are read.
        Bug::CancelsInReverse => {}
        Bug::BreakForgotten => {
            let wrapped = Func::wrap(&mut *store, |_frame: i32, _node: i32| {});
            linker.define(&mut *store, "rt", "each_break", wrapped).expect("linked");
        }
        Bug::ReturnsStayInside => {
            let wrapped = Func::wrap(&mut *store, |_frame: i32, _inner: i32| {});
            linker.define(&mut *store, "rt", "scope_pass_return", wrapped).expect("linked");
        }
        Bug::CatchGetsNothing => {
            let wrapped = Func::wrap(&mut *store, |_frame: i32, _node: i32| {});
            linker.define(&mut *store, "rt", "try_caught", wrapped).expect("linked");
        }
        Bug::AnswersTwice => {
            let respond = real("frame_respond");
            let wrapped = Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>, value: i32| -> i32 {
                call(respond, &mut caller, &[Val::I32(value)], &mut [Val::I32(0)]);
                1
            });
            linker.define(&mut *store, "rt", "frame_respond", wrapped).expect("linked");
        }
        Bug::WrongTypesPass => {
            let wrapped = Func::wrap(&mut *store, |_frame: i32, _node: i32, _ty: i32| -> i32 { 1 });
            linker.define(&mut *store, "rt", "frame_check", wrapped).expect("linked");
        }
    }
}

/// One instance.
pub struct Machine {
    store: Store<()>,
    flow: Instance,
    memory: Memory,
    realloc: TypedFunc<(i32, i32, i32, i32), i32>,
    advance: TypedFunc<(i32, i32), i32>,
    bug: Option<Bug>,
}

impl Machine {
    pub fn advance(&mut self, events: &[Event]) -> Result<Vec<Command>, Fault> {
        let list = self.allocate(8, 48 * events.len());
        for (place, event) in events.iter().enumerate() {
            let raw = self.event(event);
            self.write(list + 48 * place as u32, &raw);
        }
        let answer =
            self.advance.call(&mut self.store, (list as i32, events.len() as i32)).expect("a machine does not trap") as u32;
        if self.byte(answer) == 1 {
            return Err(self.fault(answer + 4));
        }
        let (list, count) = (self.word(answer + 4), self.word(answer + 8));
        let mut commands: Vec<_> = (0..count).map(|place| self.command(list + 48 * place)).collect();
        if self.bug == Some(Bug::CancelsInReverse) {
            commands.chunk_by_mut(|a, b| matches!((a, b), (Command::Cancel(_), Command::Cancel(_)))).for_each(<[_]>::reverse);
        }
        Ok(commands)
    }

    /// Bytes of its memory.
    pub fn memory(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    pub fn save(&mut self) -> Vec<u8> {
        let save: TypedFunc<(), i32> = self.flow.get_typed_func(&mut self.store, "save").expect("a flow saves");
        let answer = save.call(&mut self.store, ()).expect("a machine does not trap") as u32;
        let (address, length) = (self.word(answer) as usize, self.word(answer + 4) as usize);
        self.memory.data(&self.store)[address..address + length].to_vec()
    }

    pub fn restore(&mut self, state: &[u8]) -> bool {
        let address = self.bytes(state);
        let restore: TypedFunc<(i32, i32), i32> = self.flow.get_typed_func(&mut self.store, "restore").expect("a flow restores");
        let answer = restore.call(&mut self.store, (address as i32, state.len() as i32)).expect("a machine does not trap");
        self.byte(answer as u32) == 0
    }

    fn allocate(&mut self, align: i32, size: usize) -> u32 {
        self.realloc.call(&mut self.store, (0, 0, align, size as i32)).expect("there is memory") as u32
    }

    fn bytes(&mut self, bytes: &[u8]) -> u32 {
        let address = self.allocate(1, bytes.len());
        self.write(address, bytes);
        address
    }

    fn write(&mut self, address: u32, bytes: &[u8]) {
        self.memory.write(&mut self.store, address as usize, bytes).expect("inside the memory");
    }

    fn event(&mut self, event: &Event) -> [u8; 48] {
        let mut raw = [0; 48];
        raw[..8].copy_from_slice(&event.at.to_le_bytes());
        match &event.what {
            Happened::Start(start) => {
                self.text_at(&mut raw, 16, &start.input);
                self.text_at(&mut raw, 24, &start.run);
                raw[32..40].copy_from_slice(&start.seed.to_le_bytes());
                self.text_at(&mut raw, 40, &start.vars);
            }
            Happened::Returned((step, output)) => {
                raw[8] = 1;
                raw[16..20].copy_from_slice(&step.to_le_bytes());
                self.text_at(&mut raw, 20, output);
            }
            Happened::Threw((step, fault)) => {
                raw[8] = 2;
                raw[16..20].copy_from_slice(&step.to_le_bytes());
                self.text_at(&mut raw, 20, &fault.code);
                self.text_at(&mut raw, 28, &fault.message);
                if let Some(data) = &fault.data {
                    raw[36] = 1;
                    self.text_at(&mut raw, 40, data);
                }
            }
            Happened::Fired(step) => {
                raw[8] = 3;
                raw[16..20].copy_from_slice(&step.to_le_bytes());
            }
            Happened::Heard((step, payload)) => {
                raw[8] = 4;
                raw[16..20].copy_from_slice(&step.to_le_bytes());
                self.text_at(&mut raw, 20, payload);
            }
            Happened::Stop => raw[8] = 5,
        }
        raw
    }

    fn text_at(&mut self, raw: &mut [u8; 48], at: usize, text: &str) {
        let address = self.bytes(text.as_bytes());
        raw[at..at + 4].copy_from_slice(&address.to_le_bytes());
        raw[at + 4..at + 8].copy_from_slice(&(text.len() as u32).to_le_bytes());
    }

    fn byte(&self, address: u32) -> u8 {
        self.memory.data(&self.store)[address as usize]
    }

    fn word(&self, address: u32) -> u32 {
        let data = &self.memory.data(&self.store)[address as usize..][..4];
        u32::from_le_bytes(data.try_into().expect("four bytes"))
    }

    fn long(&self, address: u32) -> u64 {
        u64::from(self.word(address)) | u64::from(self.word(address + 4)) << 32
    }

    fn text(&self, address: u32) -> String {
        let (start, length) = (self.word(address) as usize, self.word(address + 4) as usize);
        String::from_utf8(self.memory.data(&self.store)[start..start + length].to_vec()).expect("UTF-8")
    }

    fn fault(&self, at: u32) -> Fault {
        let data = (self.byte(at + 16) == 1).then(|| self.text(at + 20));
        Fault { code: self.text(at), message: self.text(at + 8), data }
    }

    fn command(&self, at: u32) -> Command {
        let body = at + 8;
        match self.byte(at) {
            0 => Command::Call(Call {
                step: self.word(body),
                node: self.word(body + 4),
                attempt: self.word(body + 8),
                first: self.word(body + 12),
                deadline: (self.byte(body + 16) == 1).then(|| self.long(body + 24)),
                input: self.text(body + 32),
            }),
            1 => Command::Sleep(exports::Timer { step: self.word(body), at: self.long(body + 8) }),
            2 => Command::Listen(exports::Signal {
                step: self.word(body),
                node: self.word(body + 4),
                name: self.text(body + 8),
                key: self.text(body + 16),
            }),
            3 => Command::Ask(exports::Question {
                step: self.word(body),
                node: self.word(body + 4),
                due: (self.byte(body + 8) == 1).then(|| self.long(body + 16)),
                about: self.text(body + 24),
            }),
            4 => Command::Cancel(self.word(body)),
            5 => Command::Emit((self.text(body), self.text(body + 8))),
            6 => Command::Respond(self.text(body)),
            7 => Command::Finish(self.text(body)),
            8 => Command::Abort(self.fault(body)),
            other => panic!("command {other}"),
        }
    }
}
