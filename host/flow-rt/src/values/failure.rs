//! Errors: made by generated code, set aside while another side has its say, thrown again.

use super::Runtime;
use super::export::export;
use loomwork_types::Fault;
use loomwork_value::Value;

export! {
    /// Fails with a code and a message, both texts.
    fn fail(runtime, code: i32, message: i32) {
        let text = |handle| match runtime.get(handle) { Value::String(text) => text.to_string(), _ => String::new() };
        let error = Fault::new(text(code), text(message));
        runtime.fail(error);
    }

    /// Fails because a root is absent.
    fn fail_absent(runtime) { runtime.fail(Fault::new("expr.absent", "this has no value here")); }

    /// Sets the error aside; 0, and the error stays, if it is a limit: those are not absorbed.
    fn hold(runtime, slot: i32) -> i32 { i32::from(runtime.hold(slot as usize)) }

    /// Throws again what is in the slot, unless a limit was hit since.
    fn rethrow(runtime, slot: i32) { runtime.rethrow(slot as usize) }
}

impl Runtime {
    fn hold(&mut self, slot: usize) -> bool {
        if self.error.as_ref().is_none_or(is_limit) {
            return false;
        }
        if self.held.len() <= slot {
            self.held.resize(slot + 1, None);
        }
        self.held[slot] = self.error.take();
        true
    }

    fn rethrow(&mut self, slot: usize) {
        let held = self.held.get_mut(slot).and_then(Option::take);
        if !self.error.as_ref().is_some_and(is_limit) {
            self.error = held;
        }
    }
}

fn is_limit(error: &Fault) -> bool {
    error.code.starts_with("limit.")
}
