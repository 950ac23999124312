//! Why a guest stopped, as a fault with a stable code.

use crate::limits::Limiter;
use loomwork_types::Fault;
use wasmtime::{Error, Trap};
use wasmtime_wasi::I32Exit;

/// A result that is not of its type: the guest's mistake.
pub(crate) const BAD_RESULT: &str = "component.bad_result";

/// Marks an error of lifting that means "too large".
#[derive(Debug, thiserror::Error)]
#[error("the result is larger than the call's limit")]
pub(crate) struct TooLarge;

/// Marks an error of lifting that means "not of its type".
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadResult(pub String);

/// The fault that an error of wasmtime stands for.
pub(crate) fn fault(error: &Error, limiter: &Limiter) -> Fault {
    if let Some(fault) = error.downcast_ref::<Fault>() {
        return fault.clone();
    }
    if error.downcast_ref::<TooLarge>().is_some() {
        return too_large();
    }
    if limiter.refused {
        return Fault::new("limit.memory", "the call needs more memory than it may have");
    }
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return Fault::new("component.exited", format!("the component called exit with status {}", exit.0))
            .data(format!("{{\"status\":{}}}", exit.0));
    }
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return trapped(*trap);
    }
    if let Some(bad) = error.downcast_ref::<BadResult>() {
        return Fault::new(BAD_RESULT, bad.to_string());
    }
    other(error)
}

pub(crate) fn too_large() -> Fault {
    Fault::new("limit.output", "the result is larger than the call's limit")
}

pub(crate) fn out_of_time() -> Fault {
    Fault::new("limit.time", "the call took longer than it may")
}

fn trapped(trap: Trap) -> Fault {
    let (code, message) = match trap {
        Trap::Interrupt | Trap::OutOfFuel => return out_of_time(),
        Trap::UnreachableCodeReached => ("trap.unreachable", "the component gave up (it reached `unreachable`, as a panic does)"),
        Trap::StackOverflow => ("trap.stack_overflow", "the component's calls are nested too deeply"),
        Trap::MemoryOutOfBounds => ("trap.memory_out_of_bounds", "the component reached outside its memory"),
        Trap::TableOutOfBounds => ("trap.table_out_of_bounds", "the component reached outside a table"),
        Trap::IndirectCallToNull => ("trap.null_call", "the component called a function that is not there"),
        Trap::BadSignature => ("trap.bad_signature", "the component called a function by a wrong type"),
        Trap::IntegerOverflow => ("trap.integer_overflow", "a number in the component became too large"),
        Trap::IntegerDivisionByZero => ("trap.division_by_zero", "the component divided by zero"),
        Trap::BadConversionToInteger => ("trap.bad_conversion", "the component made an integer of a number that is none"),
        Trap::CannotEnterComponent => ("trap.cannot_enter", "the component was called while it could not be"),
        Trap::CannotLeaveComponent => ("trap.cannot_leave", "the component called out while it must not"),
        _ => return Fault::new("trap.other", trap.to_string()),
    };
    Fault::new(code, message)
}

/// Errors that wasmtime gives no type to: what the guest handed over broke the rules, or there was no room.
fn other(error: &Error) -> Fault {
    let text = format!("{error:#}");
    if text.contains("fuel allocated for hostcalls") {
        return too_large();
    }
    if text.contains("minimum size") || text.contains("exceeds memory limits") || text.contains("exceeds table limits") {
        return Fault::new("limit.memory", "the component asks for more memory than the call may have");
    }
    if text.contains("concurrent") && text.contains("limit") {
        return Fault::new("limit.busy", "as many instances as the host allows are in use; try again later");
    }
    Fault::new(BAD_RESULT, format!("the component broke the rules of the component model: {text}"))
}
