//! Generated code beside its runtime.

use crate::guest::*;
use loomwork_engine::Expressions;

fn modules(eval: &str) -> (Vec<u8>, Vec<u8>) {
    let runtime =
        format!(r#"(module {MEMORY} (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))"#);
    let generated = format!(
        r#"(module (import "rt" "memory" (memory 1)) (import "rt" "twice" (func $twice (param i32) (result i32)))
        (func (export "eval") (param i32 i32 i32) (result i32) {eval}))"#
    );
    (wat::parse_str(runtime).expect("a module"), wat::parse_str(generated).expect("a module"))
}

/// Answers with its number, and its first byte doubled.
const TWICE: &str = r#"
    (i32.store8 (i32.const 12) (local.get 0))
    (i32.store8 (i32.const 13) (call $twice (i32.load8_u (local.get 1))))
    (i32.store (i32.const 8) (i32.const 2)) (i32.const 8)"#;

#[tokio::test]
async fn the_two_share_a_memory() {
    let (runtime, generated) = modules(TWICE);
    let mut expressions = Expressions::load(&engine(), &runtime, &generated).await.expect("linked");
    assert_eq!(expressions.eval(3, &[21]).as_deref(), Ok(&[3, 42][..]));
    assert_eq!(expressions.eval(4, &[1, 2, 3]).as_deref(), Ok(&[4, 2][..]));
}

#[tokio::test]
async fn harm_is_a_fault() {
    let engine = engine();
    for (eval, code) in [("unreachable", "trap.unreachable"), ("(i32.const -2)", "component.bad_result")] {
        let (runtime, generated) = modules(eval);
        let mut expressions = Expressions::load(&engine, &runtime, &generated).await.expect("linked");
        assert_eq!(expressions.eval(0, &[1]).expect_err("a fault").code, code);
        assert_eq!(expressions.eval(0, &[1]).expect_err("a fault").code, "expr.broken");
    }
    assert_eq!(Expressions::load(&engine, b"no", b"no").await.expect_err("a fault").code, "component.invalid");
}
