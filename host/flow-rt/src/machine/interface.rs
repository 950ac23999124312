//! The canonical ABI of `loom:flow/machine`: events as they lie in memory, and commands laid out for the host to read.
//!
//! The layouts are those of `wit/flow/machine.wit`; they hold only where an address has 32 bits, that is, in WebAssembly.

use super::command::Command;
use super::event::{Event, Happened};
use super::{Machine, Phase};
use loomwork_types::Fault;

/// A string or a list of bytes.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct RawText {
    address: *const u8,
    length: usize,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawOption {
    tag: u8,
    text: RawText,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawFault {
    code: RawText,
    message: RawText,
    data: RawOption,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawStart {
    input: RawText,
    run: RawText,
    seed: u64,
    vars: RawText,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawReturned {
    step: u32,
    output: RawText,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawThrew {
    step: u32,
    fault: RawFault,
}

#[repr(C)]
union RawHappened {
    start: RawStart,
    returned: RawReturned,
    threw: RawThrew,
    step: u32,
}

#[repr(C)]
pub struct RawEvent {
    at: u64,
    tag: u8,
    body: RawHappened,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawDeadline {
    tag: u8,
    at: u64,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawCall {
    step: u32,
    node: u32,
    attempt: u32,
    first: u32,
    deadline: RawDeadline,
    input: RawText,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawTimer {
    step: u32,
    at: u64,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawSignal {
    step: u32,
    node: u32,
    name: RawText,
    key: RawText,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct RawQuestion {
    step: u32,
    node: u32,
    due: RawDeadline,
    about: RawText,
}

#[repr(C)]
union RawAsked {
    call: RawCall,
    timer: RawTimer,
    signal: RawSignal,
    question: RawQuestion,
    step: u32,
    texts: [RawText; 2],
    fault: RawFault,
}

#[repr(C)]
struct RawCommand {
    tag: u8,
    body: RawAsked,
}

#[repr(C)]
union RawAnswer {
    text: RawText,
    fault: RawFault,
}

#[repr(C)]
struct RawResult {
    tag: u8,
    body: RawAnswer,
}

/// What was answered last. It stays until the next answer, because the host reads it after the call.
#[derive(Default)]
pub(super) struct Answer {
    commands: Vec<Command>,
    laid_out: Vec<RawCommand>,
    bytes: Vec<u8>,
    fault: Option<Fault>,
    result: Option<Box<RawResult>>,
    text: Option<Box<RawText>>,
}

/// Takes over the events that the host wrote.
///
/// # Safety
/// `count` events lie at `address`, in memory that came from `cabi_realloc`, as do all their texts.
pub(super) unsafe fn take_events(address: *mut RawEvent, count: usize) -> Vec<Event> {
    if count == 0 {
        return Vec::new();
    }
    // SAFETY: as the caller promises; the list is freed here and each text is owned from here on.
    unsafe { Vec::from_raw_parts(address, count, count) }.into_iter().map(|event| unsafe { take_event(&event) }).collect()
}

/// # Safety
/// The event's texts came from `cabi_realloc` and are taken only once.
unsafe fn take_event(event: &RawEvent) -> Event {
    // SAFETY: the tag says which member of the union was written.
    let what = unsafe {
        match event.tag {
            0 => {
                let RawStart { input, run, seed, vars } = event.body.start;
                Happened::Start { input: take(input), run: take(run), seed, vars: take(vars) }
            }
            1 => {
                let RawReturned { step, output } = event.body.returned;
                Happened::Returned { step, output: take(output) }
            }
            2 => {
                let RawThrew { step, fault } = event.body.threw;
                let data = (fault.data.tag == 1).then(|| take(fault.data.text));
                Happened::Threw { step, code: take(fault.code), message: take(fault.message), data }
            }
            3 => Happened::Fired { step: event.body.step },
            4 => {
                let RawReturned { step, output } = event.body.returned;
                Happened::Heard { step, payload: take(output) }
            }
            _ => Happened::Stop,
        }
    };
    Event { at: event.at, what }
}

/// # Safety
/// The text came from `cabi_realloc` and is taken only once.
pub(super) unsafe fn take(text: RawText) -> Vec<u8> {
    if text.length == 0 {
        return Vec::new();
    }
    // SAFETY: as the caller promises.
    unsafe { Vec::from_raw_parts(text.address.cast_mut(), text.length, text.length) }
}

impl RawText {
    pub fn new(address: *const u8, length: usize) -> Self {
        Self { address, length }
    }

    fn of(text: &str) -> Self {
        Self { address: text.as_ptr(), length: text.len() }
    }
}

impl RawDeadline {
    fn of(at: Option<u64>) -> Self {
        Self { tag: at.is_some().into(), at: at.unwrap_or_default() }
    }
}

fn raw_fault(fault: &Fault) -> RawFault {
    let data = fault.data.as_deref();
    RawFault {
        code: RawText::of(&fault.code),
        message: RawText::of(&fault.message),
        data: RawOption { tag: data.is_some().into(), text: RawText::of(data.unwrap_or_default()) },
    }
}

fn lay_out(command: &Command) -> RawCommand {
    let (tag, body) = match command {
        Command::Call { step, node, attempt, first, deadline, input } => {
            let call = RawCall {
                step: *step,
                node: *node,
                attempt: *attempt,
                first: *first,
                deadline: RawDeadline::of(*deadline),
                input: RawText::of(input),
            };
            (0, RawAsked { call })
        }
        Command::Sleep { step, at } => (1, RawAsked { timer: RawTimer { step: *step, at: *at } }),
        Command::Listen { step, node, name, key } => {
            let signal = RawSignal { step: *step, node: *node, name: RawText::of(name), key: RawText::of(key) };
            (2, RawAsked { signal })
        }
        Command::Ask { step, node, due, about } => {
            let question = RawQuestion { step: *step, node: *node, due: RawDeadline::of(*due), about: RawText::of(about) };
            (3, RawAsked { question })
        }
        Command::Cancel(step) => (4, RawAsked { step: *step }),
        Command::Emit { event, payload } => (5, RawAsked { texts: [RawText::of(event), RawText::of(payload)] }),
        Command::Respond(answer) => (6, RawAsked { texts: [RawText::of(answer), RawText::of("")] }),
        Command::Finish(output) => (7, RawAsked { texts: [RawText::of(output), RawText::of("")] }),
        Command::Abort(fault) => (8, RawAsked { fault: raw_fault(fault) }),
    };
    RawCommand { tag, body }
}

impl Answer {
    /// `result<list<command>, fault>`
    pub fn commands(&mut self, machine: &mut Machine) -> *const u8 {
        self.commands = std::mem::take(&mut machine.commands);
        self.laid_out = self.commands.iter().map(lay_out).collect();
        self.fault = match &machine.phase {
            Phase::Broken(fault) => Some(fault.clone()),
            _ => None,
        };
        self.result = Some(Box::new(match &self.fault {
            Some(fault) => RawResult { tag: 1, body: RawAnswer { fault: raw_fault(fault) } },
            None => {
                let text = RawText::new(self.laid_out.as_ptr().cast(), self.laid_out.len());
                RawResult { tag: 0, body: RawAnswer { text } }
            }
        }));
        address(self.result.as_deref())
    }

    /// `list<u8>` or `string`
    pub fn bytes(&mut self, bytes: Vec<u8>) -> *const u8 {
        self.bytes = bytes;
        self.text = Some(Box::new(RawText::new(self.bytes.as_ptr(), self.bytes.len())));
        address(self.text.as_deref())
    }

    /// `result<_, string>`
    pub fn restored(&mut self, problem: Option<&'static str>) -> *const u8 {
        let text = RawText::of(problem.unwrap_or_default());
        let body = RawAnswer { text };
        self.result = Some(Box::new(RawResult { tag: problem.is_some().into(), body }));
        address(self.result.as_deref())
    }
}

fn address<T>(kept: Option<&T>) -> *const u8 {
    kept.map_or(std::ptr::null(), |kept| std::ptr::from_ref(kept).cast())
}

/// The sizes that the canonical ABI gives these types.
#[cfg(target_family = "wasm")]
const _: () = {
    assert!(size_of::<RawEvent>() == 48 && align_of::<RawEvent>() == 8);
    assert!(size_of::<RawCommand>() == 48 && align_of::<RawCommand>() == 8);
    assert!(size_of::<RawResult>() == 32 && align_of::<RawResult>() == 4);
};
