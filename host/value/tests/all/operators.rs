//! Operators on anything: they answer, and equality and order are what they should be.

use crate::sample::value;
use loomwork_value::{EvalError, Meter, Value, ops};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn operators_never_panic(a in value(), b in value()) {
        let meter = &mut Meter::default();
        for op in [ops::add, ops::subtract, ops::multiply, ops::divide, ops::modulo] {
            let _ = op(meter, &a, &b);
        }
        for op in [ops::less, ops::greater_or_equal, ops::contains] {
            let _ = op(meter, &a, &b);
        }
        let _ = (ops::index(&a, &b), ops::opt_index(&a, &b), ops::negate(&a), ops::not(&a), ops::size(meter, &a));
        let _ = (ops::to_int(&a), ops::to_uint(&a), ops::to_double(&a), ops::to_string(meter, &a), ops::to_bool(&a));
        let _ = (ops::to_timestamp(&a), ops::to_duration(&a), ops::to_bytes(meter, &a), ops::range(&a), ops::entries(&a));
        let _ = (ops::select(&a, "a"), ops::opt_select(&a, "a"), ops::has(&a, "a"));
        let _ = ops::display(meter, &a, &mut String::new());
    }

    #[test]
    fn equality_is_symmetric_and_agrees_with_order(a in value(), b in value()) {
        let meter = &mut Meter::default();
        prop_assert_eq!(ops::equal(meter, &a, &b), ops::equal(meter, &b, &a));
        if let (Ok(true), Ok(less)) = (ops::equal(meter, &a, &b), ops::less(meter, &a, &b)) {
            prop_assert!(!less);
        }
        if let Ok(less) = ops::less(meter, &a, &b) {
            prop_assert_eq!(Ok(less), ops::greater(meter, &b, &a));
        }
    }
}

fn code(result: Result<Value, EvalError>) -> &'static str {
    result.err().map_or("", |error| error.code)
}

#[test]
fn failures_have_codes() {
    let meter = &mut Meter::default();
    let int = Value::Int;
    assert_eq!(code(ops::add(meter, &int(i64::MAX), &int(1))), "expr.overflow");
    assert_eq!(code(ops::subtract(meter, &Value::Uint(0), &Value::Uint(1))), "expr.overflow");
    assert_eq!(code(ops::divide(meter, &int(i64::MIN), &int(-1))), "expr.overflow");
    assert_eq!(code(ops::modulo(meter, &int(1), &int(0))), "expr.divide_by_zero");
    assert_eq!(code(ops::add(meter, &int(1), &Value::Uint(1))), "expr.no_overload");
    assert_eq!(code(ops::index(&Value::list(vec![]), &int(0))), "expr.index");
    assert_eq!(code(ops::select(&Value::record([]), "a")), "expr.no_such_key");
    assert_eq!(code(ops::to_int(&"x".into())), "expr.conversion");
    assert_eq!(code(ops::value_of_optional(&Value::none())), "expr.no_value");
    assert_eq!(code(ops::add(&mut Meter::new(0), &"a".into(), &"b".into())), "limit.cost");
}

#[test]
fn templates_let_numbers_of_json_meet() {
    let meter = &mut Meter::default();
    let made = ops::adapt(meter, ops::Arithmetic::Multiply, &Value::Int(2), &Value::Double(1.5));
    assert!(matches!(made, Ok(Value::Double(double)) if double == 3.0));
    assert_eq!(code(ops::multiply(meter, &Value::Int(2), &Value::Double(1.5))), "expr.no_overload");
    assert_eq!(code(ops::adapt(meter, ops::Arithmetic::Add, &Value::Uint(2), &Value::Int(-1))), "expr.overflow");
}

#[test]
fn a_value_of_any_depth_is_refused_rather_than_walked() {
    let deep = (0..10_000).fold(Value::Null, |value, _| Value::from(vec![value]));
    let meter = &mut Meter::default();
    assert_eq!(ops::equal(meter, &deep, &deep).err().map(|error| error.code), Some("limit.depth"));
    assert_eq!(ops::display(meter, &deep, &mut String::new()).err().map(|error| error.code), Some("limit.depth"));
    // What is this deep cannot be dropped safely either; evaluation cannot make it.
    std::mem::forget(deep);
}
