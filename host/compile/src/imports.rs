//! The machine's functions that generated code calls, with their types. They are those of `flow-rt/src/machine/exports.rs`.
//!
//! Functions on values are listed by `loomwork_expr::generate::runtime`.

use wasm_encoder::ValType::{self, F64, I32, I64};

/// A function's parameters and results.
pub(crate) type Signature = (&'static [ValType], &'static [ValType]);

pub(crate) fn signature(name: &str) -> Option<Signature> {
    let own = FUNCTIONS.iter().find(|(own, ..)| *own == name).map(|(_, params, results)| (*params, *results));
    own.or_else(|| loomwork_expr::generate::runtime::signature(name))
}

/// Name, parameters, results.
#[rustfmt::skip]
const FUNCTIONS: &[(&str, &[ValType], &[ValType])] = &[
    ("cabi_realloc", &[I32, I32, I32, I32], &[I32]),
    ("turn_begin", &[I32, I32], &[]),
    ("turn_next", &[], &[I32]),
    ("turn_finish", &[], &[I32]),
    ("machine_describe", &[I32], &[I32]),
    ("machine_save", &[I32], &[I32]),
    ("machine_restore", &[I32, I32, I32], &[I32]),
    // Frames, wires and endings: (frame, node, …).
    ("frame_root", &[I32, I64], &[I32]),
    ("frame_ready", &[I32, I32], &[]),
    ("frame_skip", &[I32, I32], &[]),
    ("frame_arrive", &[I32, I32, I32], &[]),
    ("frame_release", &[I32], &[]),
    ("frame_visit", &[I32, I32, I32], &[I32]),
    ("frame_set", &[I32, I32, I32], &[]),
    ("frame_pass", &[I32, I32, I32], &[]),
    ("frame_fault", &[I32, I32], &[]),
    ("frame_raise", &[I32, I32], &[]),
    ("frame_return", &[I32, I32], &[]),
    ("frame_emit", &[I32, I32], &[]),
    ("frame_respond", &[I32], &[I32]),
    ("frame_check", &[I32, I32, I32], &[I32]),
    ("scope_ended", &[I32], &[I32]),
    ("scope_section", &[I32], &[I32]),
    ("scope_pass_return", &[I32, I32], &[]),
    ("fault_expression", &[], &[]),
    ("fault_new", &[I32, I32], &[]),
    ("fault_data", &[I32], &[]),
    // Calls: (frame, node, input, timeout, keep the input), (frame, node, timeout), and a retry as it is written.
    ("call_begin", &[I32, I32, I32, I64, I32], &[]),
    ("call_again", &[I32, I32, I64], &[]),
    ("call_attempt", &[I32, I32], &[I32]),
    ("call_retry", &[I32, I32, I32, I64, F64, I64, F64], &[I32]),
    ("wait_for", &[I32, I32, I32, I64], &[I32]),
    ("wait_until", &[I32, I32, I32, I64], &[I32]),
    ("wait_signal", &[I32, I32, I32, I32, I32, I64], &[I32]),
    ("wait_answer", &[I32, I32, I32, I64, I32], &[]),
    // Scope nodes: (frame, node, …).
    ("each_begin", &[I32, I32, I32, I32, I64], &[I32]),
    ("each_next", &[I32, I32, I32], &[I32]),
    ("each_store", &[I32, I32, I32, I32, I32], &[]),
    ("each_failed", &[I32, I32, I32, I32], &[]),
    ("each_break", &[I32, I32], &[]),
    ("each_done", &[I32, I32], &[I32]),
    ("repeat_begin", &[I32, I32, I64], &[]),
    ("repeat_open", &[I32, I32, I32], &[I32]),
    ("repeat_store", &[I32, I32, I32], &[I32]),
    ("repeat_turn", &[I32, I32, I32], &[]),
    ("repeat_sleep", &[I32, I32, I32, I64], &[]),
    ("repeat_kept", &[I32, I32], &[I32]),
    ("repeat_done", &[I32, I32], &[I32]),
    ("repeat_failed", &[I32, I32], &[]),
    ("try_begin", &[I32, I32, I64], &[]),
    ("try_open", &[I32, I32, I32, I32], &[I32]),
    ("try_ok", &[I32, I32, I32], &[]),
    ("try_caught", &[I32, I32], &[]),
    ("try_fault", &[I32, I32], &[]),
    ("try_return", &[I32, I32, I32], &[]),
    ("try_done", &[I32, I32], &[I32]),
    // Reading: (frame, scopes up, node, type).
    ("read_output", &[I32, I32, I32, I32], &[I32]),
    ("read_fault", &[I32, I32, I32], &[I32]),
    ("read_item", &[I32, I32], &[I32]),
    ("read_index", &[I32, I32], &[I32]),
    ("read_last", &[I32, I32, I32], &[I32]),
    ("read_input", &[I32], &[I32]),
    ("read_vars", &[], &[I32]),
    ("read_run", &[], &[I32]),
    ("read_error", &[], &[I32]),
    ("read_attempt", &[], &[I32]),
    ("text_output", &[I32, I32], &[I32]),
    ("text_slice", &[I32, I32, I32, I32], &[I32]),
    ("text_input", &[I32], &[I32]),
    ("text_plain", &[I32], &[I32]),
];
