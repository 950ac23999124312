//! What generated code calls, by name. `host/compile/src/imports.rs` lists the same functions with their types.
//!
//! A frame is given as the address of its words, whose first is its number, so that generated code counts settled wires
//! with a plain load and store. Texts and values are handles; 0 says that there is none, or that it failed.

use super::activity::Ending;
use super::calls::Retry;
use super::command::Command;
use super::each::OnError;
use super::frame::{Kind, Section};
use super::interface::{Answer, RawEvent, RawText, take, take_events};
use super::read::Read;
use super::scope::{Done, EndedAs};
use super::slots::Output;
use super::{FrameNo, Machine, Text};
use crate::values;
use loomwork_types::{Fault, Type, datetime, decode, duration};
use loomwork_value::Value;
use std::cell::UnsafeCell;

type Words = *const u32;

/// What [`turn_next`] answers with; generated code reads it in place.
#[repr(C)]
pub struct RawTask {
    entry: u32,
    what: u32,
    frame: Words,
    inner: Words,
}

struct Instance {
    machine: Machine,
    answer: Answer,
    task: RawTask,
}

/// Runs something on the machine of this instance. Not to be called again from inside.
fn with<T>(work: impl FnOnce(&mut Instance) -> T) -> T {
    thread_local! {
        static INSTANCE: UnsafeCell<Option<Box<Instance>>> = const { UnsafeCell::new(None) };
    }
    // SAFETY: the cell is this thread's own, and nothing that `with` is given calls `with`: exported functions call
    // neither each other nor generated code.
    INSTANCE.with(|instance| work(unsafe { &mut *instance.get() }.get_or_insert_with(Instance::new)))
}

impl Instance {
    fn new() -> Box<Self> {
        let task = RawTask { entry: 0, what: 0, frame: std::ptr::null(), inner: std::ptr::null() };
        Box::new(Self { machine: Machine::default(), answer: Answer::default(), task })
    }
}

/// The number of a frame that generated code names by its words.
fn number(frame: Words) -> FrameNo {
    // SAFETY: generated code passes only addresses it was given, and a frame's words live as long as the frame.
    if frame.is_null() { 0 } else { unsafe { *frame } }
}

fn words(machine: &Machine, frame: Option<FrameNo>) -> Words {
    frame.and_then(|frame| machine.frames.get(frame)).map_or(std::ptr::null(), |frame| frame.words.as_ptr())
}

/// A time limit in milliseconds; negative is none.
fn limit(ms: i64) -> Option<u64> {
    u64::try_from(ms).ok()
}

fn text(handle: i32) -> Text {
    values::with(|runtime| match runtime.get(handle) {
        Value::String(text) => text.clone(),
        _ => "null".into(),
    })
}

fn put(value: Value) -> i32 {
    values::with(|runtime| runtime.put(value))
}

fn ty(number: u32) -> Type {
    values::with(|runtime| runtime.ty(number).clone())
}

/// A root's value as a handle; 0 if it is absent, or not what it should be.
fn handle(read: Read) -> i32 {
    values::with(|runtime| match read {
        Ok(Some(value)) => runtime.put(value),
        Ok(None) => 0,
        Err(fault) => runtime.fail(fault),
    })
}

fn on_error(mode: u32) -> OnError {
    match mode {
        0 => OnError::Fail,
        1 => OnError::Skip,
        _ => OnError::Collect,
    }
}

fn section(number: u32) -> Section {
    match number {
        0 => Section::Body,
        1 => Section::Catch,
        _ => Section::Finally,
    }
}

/// Exports functions on the machine: `export! { fn name(instance, argument: type, …) -> type { … } }`.
macro_rules! export {
    ($($(#[$doc:meta])* fn $name:ident($instance:ident $(, $arg:ident: $ty:ty)*) $(-> $result:ty)? $body:block)*) => {
        $(
            $(#[$doc])*
            #[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
            pub extern "C" fn $name($($arg: $ty),*) $(-> $result)? {
                with(|$instance| $body)
            }
        )*
    };
}

export! {
    // The interface.

    fn turn_begin(instance, events: *mut RawEvent, count: usize) {
        // SAFETY: the host wrote the events through `cabi_realloc`.
        instance.machine.events = unsafe { take_events(events, count) }.into();
    }
    /// The next task; null if there is nothing left to do.
    fn turn_next(instance) -> *const RawTask {
        let Some(task) = instance.machine.next() else { return std::ptr::null() };
        let machine = &instance.machine;
        let (frame, inner) = (words(machine, Some(task.frame)), words(machine, task.inner));
        instance.task = RawTask { entry: task.entry, what: task.what as u32, frame, inner };
        &instance.task
    }
    fn turn_finish(instance) -> *const u8 { instance.answer.commands(&mut instance.machine) }
    fn machine_describe(instance, description: i32) -> *const u8 {
        let description = text(description);
        instance.answer.bytes(description.as_bytes().to_vec())
    }
    fn machine_save(instance, identity: i32) -> *const u8 {
        let state = instance.machine.save(&text(identity));
        instance.answer.bytes(state)
    }
    fn machine_restore(instance, address: *const u8, length: usize, identity: i32) -> *const u8 {
        // SAFETY: the host wrote the state through `cabi_realloc`.
        let state = unsafe { take(RawText::new(address, length)) };
        match Machine::restore(&state, &text(identity)) {
            Some(machine) => {
                instance.machine = machine;
                instance.answer.restored(None)
            }
            None => instance.answer.restored(Some("not a state of this flow, or damaged")),
        }
    }

    // Frames, wires and endings.

    fn frame_root(instance, count: u32, timeout: i64) -> Words {
        let root = instance.machine.open_root(count, limit(timeout));
        words(&instance.machine, Some(root))
    }
    fn frame_ready(instance, frame: Words, node: u32) { instance.machine.make_ready(number(frame), node, false) }
    fn frame_skip(instance, frame: Words, node: u32) { instance.machine.make_ready(number(frame), node, true) }
    fn frame_arrive(instance, frame: Words, hops: u32, head: u32) { instance.machine.arrive(number(frame), hops, head) }
    fn frame_release(instance, frame: Words) { instance.machine.release(number(frame)) }
    fn frame_visit(instance, frame: Words, head: u32, max: u32) -> u32 { instance.machine.count_visit(number(frame), head, max) }
    fn frame_set(instance, frame: Words, node: u32, output: i32) {
        instance.machine.set_output(number(frame), node, Output::new(text(output)));
    }
    /// A disabled node passes on what another gave.
    fn frame_pass(instance, frame: Words, node: u32, from: u32) {
        let output = instance.machine.output_text(number(frame), from);
        instance.machine.set_output(number(frame), node, Output::new(output));
    }
    fn frame_fault(instance, frame: Words, node: u32) { instance.machine.keep_fault(number(frame), node) }
    fn frame_raise(instance, frame: Words, node: u32) { instance.machine.raise(number(frame), node) }
    fn frame_return(instance, frame: Words, value: i32) {
        instance.machine.give(number(frame), Ending::Return(text(value)));
        instance.machine.release(number(frame));
    }
    fn frame_emit(instance, event: i32, payload: i32) {
        let command = Command::Emit { event: text(event).as_ref().into(), payload: text(payload) };
        instance.machine.commands.push(command);
    }
    /// 0 if the run has been answered before.
    fn frame_respond(instance, value: i32) -> u32 {
        if instance.machine.respond(text(value)) {
            return 1;
        }
        fail(Fault::new("respond.twice", "the run has been answered already"))
    }
    /// Whether a node's output is of its type; 0 if not.
    fn frame_check(instance, frame: Words, node: u32, of: u32) -> u32 {
        match instance.machine.output(number(frame), 0, node, &ty(of)) {
            Ok(_) => 1,
            Err(fault) => fail(fault),
        }
    }
    /// How a scope's frame ended: 0 quietly, 1 with a fault, 2 with a return, 3 cancelled.
    fn scope_ended(instance, inner: Words) -> EndedAs { instance.machine.ended_as(number(inner)) }
    /// Which section a scope's frame is of: 0 body, 1 catch, 2 finally.
    fn scope_section(instance, inner: Words) -> u32 {
        match instance.machine.frames.get(number(inner)).map(|inner| inner.kind) {
            Some(Kind::Scope { section, .. }) => section as u32,
            _ => 0,
        }
    }
    fn scope_pass_return(instance, frame: Words, inner: Words) { instance.machine.pass_return(number(frame), number(inner)) }

    // The fault at hand.

    /// It is why the last expression or text failed.
    fn fault_expression(instance) {
        let fault = values::with(|runtime| runtime.take_error());
        instance.machine.fault = Some(fault.unwrap_or_else(|| Fault::new("expr.failed", "the expression failed")));
    }
    fn fault_new(instance, code: i32, message: i32) {
        instance.machine.fault = Some(Fault::new(text(code).to_string(), text(message).to_string()));
    }
    fn fault_data(instance, data: i32) {
        if let Some(fault) = &mut instance.machine.fault {
            fault.data = Some(text(data).to_string());
        }
    }

    // Calls and waits.

    fn call_begin(instance, frame: Words, node: u32, input: i32, timeout: i64, keep: u32) {
        instance.machine.call(number(frame), node, text(input), limit(timeout), keep != 0);
    }
    fn call_again(instance, frame: Words, node: u32, timeout: i64) { instance.machine.call_again(number(frame), node, limit(timeout)) }
    /// Which attempt has just failed; `attempt` in `retry.when`.
    fn call_attempt(instance, frame: Words, node: u32) -> u32 { instance.machine.attempt(number(frame), node) }
    fn call_retry(instance, frame: Words, node: u32, attempts: u32, delay: u64, factor: f64, max_delay: u64, jitter: f64) -> u32 {
        let retry = Retry { attempts, delay_ms: delay, factor, max_delay_ms: max_delay, jitter };
        instance.machine.retry(number(frame), node, &retry).into()
    }
    /// Waits for as long as a JSON text says; 0 if it is no duration.
    fn wait_for(instance, frame: Words, node: u32, length: i32, timeout: i64) -> u32 {
        let Some(wait) = plain(&text(length)).and_then(|text| duration::parse(&text)) else {
            return refuse("not a duration, such as 1h30m");
        };
        let at = instance.machine.now.saturating_add(milliseconds(wait.nanos));
        instance.machine.wait_until(number(frame), node, at, limit(timeout));
        1
    }
    /// Waits until the instant in a JSON text; 0 if it is none.
    fn wait_until(instance, frame: Words, node: u32, instant: i32, timeout: i64) -> u32 {
        let Some(instant) = plain(&text(instant)).and_then(|text| datetime::parse(&text)) else {
            return refuse("not an instant, such as 2026-05-01T12:00:00Z");
        };
        instance.machine.wait_until(number(frame), node, milliseconds(instant.nanos), limit(timeout));
        1
    }

    /// Listens for a signal: its name as plain text, its key as JSON, until the instant in a JSON text if there is one; 0 if that is none.
    fn wait_signal(instance, frame: Words, node: u32, name: i32, key: i32, until: i32, timeout: i64) -> u32 {
        let mut due = limit(timeout).map(|timeout| instance.machine.now.saturating_add(timeout));
        if until != 0 {
            let Some(instant) = plain(&text(until)).and_then(|text| datetime::parse(&text)) else {
                return refuse("not an instant, such as 2026-05-01T12:00:00Z");
            };
            let until = milliseconds(instant.nanos);
            due = Some(due.map_or(until, |due| due.min(until)));
        }
        instance.machine.listen(number(frame), node, text(name), text(key), due);
        1
    }
    fn wait_answer(instance, frame: Words, node: u32, about: i32, timeout: i64, default: u32) {
        instance.machine.ask(number(frame), node, text(about), limit(timeout), default != 0);
    }

    // Scope nodes.

    fn each_begin(instance, frame: Words, node: u32, items: i32, concurrency: u32, timeout: i64) -> u32 {
        let items = values::with(|runtime| runtime.get(items).clone());
        instance.machine.each_begin(number(frame), node, items, concurrency, limit(timeout)).into()
    }
    fn each_next(instance, frame: Words, node: u32, count: u32) -> Words {
        let inner = instance.machine.each_next(number(frame), node, count);
        words(&instance.machine, inner)
    }
    fn each_store(instance, frame: Words, node: u32, inner: Words, result: i32, mode: u32) {
        instance.machine.each_store(number(frame), node, number(inner), text(result), on_error(mode));
    }
    fn each_failed(instance, frame: Words, node: u32, inner: Words, mode: u32) {
        instance.machine.each_failed(number(frame), node, number(inner), on_error(mode));
    }
    fn each_break(instance, frame: Words, node: u32) { instance.machine.each_break(number(frame), node) }
    fn each_done(instance, frame: Words, node: u32) -> Done { instance.machine.each_done(number(frame), node) }

    fn repeat_begin(instance, frame: Words, node: u32, timeout: i64) {
        instance.machine.repeat_begin(number(frame), node, limit(timeout));
    }
    fn repeat_open(instance, frame: Words, node: u32, count: u32) -> Words {
        let inner = instance.machine.repeat_open(number(frame), node, count);
        words(&instance.machine, inner)
    }
    fn repeat_store(instance, frame: Words, node: u32, result: i32) -> u32 {
        instance.machine.repeat_store(number(frame), node, text(result))
    }
    fn repeat_turn(instance, frame: Words, node: u32, inner: Words) {
        instance.machine.repeat_turn(number(frame), node, number(inner));
    }
    fn repeat_sleep(instance, frame: Words, node: u32, inner: Words, delay: u64) {
        instance.machine.repeat_sleep(number(frame), node, number(inner), delay);
    }
    fn repeat_kept(instance, frame: Words, node: u32) -> Words {
        let inner = instance.machine.repeat_kept(number(frame), node);
        words(&instance.machine, inner)
    }
    fn repeat_done(instance, frame: Words, node: u32) -> Done { instance.machine.repeat_done(number(frame), node) }
    fn repeat_failed(instance, frame: Words, node: u32) { instance.machine.repeat_failed(number(frame), node) }

    fn try_begin(instance, frame: Words, node: u32, timeout: i64) {
        instance.machine.try_begin(number(frame), node, limit(timeout));
    }
    fn try_open(instance, frame: Words, node: u32, of: u32, count: u32) -> Words {
        let inner = instance.machine.try_open(number(frame), node, section(of), count);
        words(&instance.machine, inner)
    }
    fn try_ok(instance, frame: Words, node: u32, result: i32) { instance.machine.try_ok(number(frame), node, text(result)) }
    fn try_caught(instance, frame: Words, node: u32) { instance.machine.try_caught(number(frame), node) }
    fn try_fault(instance, frame: Words, node: u32) { instance.machine.try_fault(number(frame), node) }
    fn try_return(instance, frame: Words, node: u32, inner: Words) {
        instance.machine.try_return(number(frame), node, number(inner));
    }
    fn try_done(instance, frame: Words, node: u32) -> Done { instance.machine.try_done(number(frame), node) }

    // Reading.

    fn read_output(instance, frame: Words, hops: u32, node: u32, of: u32) -> i32 {
        handle(instance.machine.output(number(frame), hops, node, &ty(of)))
    }
    fn read_fault(instance, frame: Words, hops: u32, node: u32) -> i32 {
        handle(instance.machine.node_fault(number(frame), hops, node))
    }
    fn read_item(instance, frame: Words, hops: u32) -> i32 { handle(instance.machine.item(number(frame), hops)) }
    fn read_index(instance, frame: Words, hops: u32) -> i32 { handle(instance.machine.index(number(frame), hops)) }
    fn read_last(instance, frame: Words, hops: u32, of: u32) -> i32 {
        handle(instance.machine.last(number(frame), hops, &ty(of)))
    }
    fn read_input(instance, of: u32) -> i32 { handle(instance.machine.input(&ty(of))) }
    fn read_vars(instance) -> i32 { handle(instance.machine.vars()) }
    fn read_run(instance) -> i32 { handle(instance.machine.about_run()) }
    fn read_error(instance) -> i32 { handle(instance.machine.fault_at_hand()) }
    fn read_attempt(instance) -> i32 { put(Value::Int(instance.machine.attempt.into())) }

    // Texts.

    /// The text of a node's output.
    fn text_output(instance, frame: Words, node: u32) -> i32 {
        let text = instance.machine.output_text(number(frame), node);
        put(Value::String(text))
    }
    /// The slice of an output's text at a path; 0 if it must be read as a value instead.
    fn text_slice(instance, frame: Words, hops: u32, node: u32, path: i32) -> i32 {
        let slice = instance.machine.slice(number(frame), hops, node, &text(path));
        slice.map_or(0, |slice| put(Value::String(slice)))
    }
    fn text_input(instance, path: i32) -> i32 {
        let slice = instance.machine.input_slice(&text(path));
        slice.map_or(0, |slice| put(Value::String(slice)))
    }
    /// What a JSON text says, as plain text; 0 if it is no string.
    fn text_plain(_instance, json: i32) -> i32 {
        match plain(&text(json)) {
            Some(text) => put(Value::String(text)),
            None => refuse("not a text") as i32,
        }
    }
}

/// The text that a JSON string stands for.
fn plain(json: &str) -> Option<Text> {
    match decode(&Type::String, json) {
        Ok(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Fails as an expression does.
fn fail(fault: Fault) -> u32 {
    values::with(|runtime| runtime.fail(fault));
    0
}

fn refuse(message: &'static str) -> u32 {
    fail(Fault::new("type.mismatch", message))
}

/// Whole milliseconds, rounded up; nothing is before 1970 or takes less than no time.
fn milliseconds(nanos: i128) -> u64 {
    let ms = nanos.div_euclid(1_000_000) + i128::from(nanos.rem_euclid(1_000_000) > 0);
    u64::try_from(ms.max(0)).unwrap_or(u64::MAX)
}
