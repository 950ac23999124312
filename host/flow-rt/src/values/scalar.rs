//! Numbers in and out of handles.

use super::export::export;
use loomwork_types::Fault;
use loomwork_value::Value;

export! {
    fn box_int(runtime, value: i64) -> i32 { runtime.put(Value::Int(value)) }
    fn box_uint(runtime, value: u64) -> i32 { runtime.put(Value::Uint(value)) }
    fn box_double(runtime, value: f64) -> i32 { runtime.put(Value::Double(value)) }

    /// The int that the checker says is there.
    fn unbox_int(runtime, handle: i32) -> i64 {
        match runtime.get(handle) { Value::Int(value) => *value, _ => impossible() }
    }

    /// The uint that the checker says is there.
    fn unbox_uint(runtime, handle: i32) -> u64 {
        match runtime.get(handle) { Value::Uint(value) => *value, _ => impossible() }
    }

    /// The double that the checker says is there.
    fn unbox_double(runtime, handle: i32) -> f64 {
        match runtime.get(handle) { Value::Double(value) => *value, _ => impossible() }
    }

    /// 1 if the value is of the kind (0 bool, 1 int, 2 uint, 3 double), else it fails.
    fn expect(runtime, handle: i32, kind: i32) -> i32 {
        let value = runtime.get(handle);
        let (fits, name) = match kind {
            0 => (matches!(value, Value::Bool(_)), "bool"),
            1 => (matches!(value, Value::Int(_)), "int"),
            2 => (matches!(value, Value::Uint(_)), "uint"),
            _ => (matches!(value, Value::Double(_)), "double"),
        };
        if fits {
            return 1;
        }
        let message = format!("a {} is not a {name}", value.type_name());
        runtime.fail(Fault::new("expr.no_overload", message))
    }
}

/// Only a wrong checker comes here. A trap is a fault with a code; a wrong number would be a wrong answer.
fn impossible() -> ! {
    #[cfg(target_family = "wasm")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_family = "wasm"))]
    panic!("the value is not of its static type")
}
