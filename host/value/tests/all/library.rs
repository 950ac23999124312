//! Every function of the library, given anything at all: it answers, and what it makes was paid for.

use crate::sample::value;
use loomwork_value::library::{FUNCTIONS, call, find};
use loomwork_value::{Meter, Value, ops};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn functions_never_panic_and_charge_for_what_they_make(row in 0..FUNCTIONS.len(), args in vec(value(), 0..5)) {
        let mut meter = Meter::new(100_000);
        if let Ok(made) = call(&mut meter, row as u32, &args) {
            let paid = meter.spent() * 16 + 64;
            let given: u64 = args.iter().map(weight).sum();
            prop_assert!(weight(&made) <= paid + given, "{} made {made:?} for {}", FUNCTIONS[row].name, meter.spent());
        }
    }

    #[test]
    fn functions_take_their_own_kinds(row in 0..FUNCTIONS.len(), text in "[a-c ]{0,6}", number in -2..8_i64, list in vec(-3..3_i64, 0..5)) {
        // Arguments of likely types, so that the bodies are reached and not only the checks before them.
        let row = &FUNCTIONS[row];
        let likely = [Value::from(text.as_str()), Value::Int(number), Value::from(list.iter().copied().map(Value::Int).collect::<Vec<_>>()), Value::from("a")];
        for first in &likely {
            for second in &likely {
                let args: Vec<Value> = [first, second, &likely[1], &likely[1]].into_iter().take(row.max.min(4)).cloned().collect();
                let _ = (row.call)(&mut Meter::default(), &args);
            }
        }
    }
}

/// How much a value holds, about.
fn weight(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.len() as u64,
        Value::Bytes(bytes) => bytes.len() as u64,
        Value::List(list) => list.iter().map(|value| 1 + weight(value)).sum(),
        Value::Map(map) => map.entries.iter().map(|(_, value)| 1 + weight(value)).sum(),
        Value::Optional(Some(inner)) => 1 + weight(inner),
        _ => 1,
    }
}

/// Calls a function by name.
fn run(name: &str, args: &[Value]) -> Result<Value, &'static str> {
    let method = FUNCTIONS.iter().any(|row| row.name == name && row.written(true));
    let function = find(name, method, args.len()).expect("a function");
    call(&mut Meter::default(), function, args).map_err(|error| error.code)
}

fn same(a: &Value, b: &Value) -> bool {
    ops::equal(&mut Meter::default(), a, b) == Ok(true)
}

#[test]
fn texts_count_code_points() {
    let text = Value::from("ta©o©αT");
    let is = |name: &str, rest: &[Value], wanted: Value| {
        let args: Vec<Value> = std::iter::once(text.clone()).chain(rest.iter().cloned()).collect();
        let found = run(name, &args).expect("a value");
        assert!(same(&found, &wanted), "{name}{rest:?} gave {found:?}");
    };
    is("indexOf", &["©".into(), Value::Int(3)], Value::Int(4));
    is("lastIndexOf", &["©".into()], Value::Int(4));
    is("lastIndexOf", &["©α".into(), Value::Int(4)], Value::Int(4));
    is("lastIndexOf", &["T".into(), Value::Int(5)], Value::Int(-1));
    is("charAt", &[Value::Int(7)], "".into());
    is("substring", &[Value::Int(2), Value::Int(6)], "©o©α".into());
    is("reverse", &[], "Tα©o©at".into());
    assert_eq!(run("charAt", &[text.clone(), Value::Int(8)]).err(), Some("expr.index"));
    assert_eq!(run("substring", &[text, Value::Int(4), Value::Int(2)]).err(), Some("expr.argument"));
}

#[test]
fn splits_with_and_without_a_limit() {
    let split = |text: &str, by: &str, limit: Option<i64>| {
        let args: Vec<Value> = [text.into(), by.into()].into_iter().chain(limit.map(Value::Int)).collect();
        let parts = run("split", &args).expect("a list");
        let joined = run("join", &[parts, "|".into()]).expect("a text");
        let Value::String(joined) = joined else { panic!("a text") };
        joined.to_string()
    };
    assert_eq!(split("a b c", " ", None), "a|b|c");
    assert_eq!(split("a b c", " ", Some(2)), "a|b c");
    assert_eq!(split("a b c", " ", Some(0)), "");
    assert_eq!(split("aßc", "", None), "a|ß|c");
    assert_eq!(split("aßc", "", Some(2)), "a|ßc");
    assert_eq!(split("abc", "", Some(1)), "abc");
}

#[test]
fn sorts_stably_and_refuses_a_mixture() {
    let list = |items: &[Value]| Value::from(items.to_vec());
    let sorted = run("sort", &[list(&[Value::Int(3), 1.0.into(), 2_u64.into()])]).expect("numbers sort together");
    assert!(same(&sorted, &list(&[Value::Int(1), Value::Int(2), Value::Int(3)])));
    assert_eq!(run("sort", &[list(&[Value::Int(1), "a".into()])]).err(), Some("expr.no_overload"));
    assert_eq!(run("sort", &[list(&[Value::Null])]).err(), Some("expr.no_overload"));
    let by_keys =
        run("@sortByKeys", &[list(&["b".into(), "a".into(), "c".into()]), list(&[Value::Int(1), Value::Int(1), Value::Int(0)])]);
    assert!(same(&by_keys.expect("a list"), &list(&["c".into(), "b".into(), "a".into()])));
}
