//! Random values of every kind, also the awkward ones.

use loomwork_value::{Duration, Key, Map, Timestamp, Value};
use proptest::collection::vec;
use proptest::prelude::*;

pub fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key(), inner.clone()), 0..6).prop_map(|entries| map(entries).into()),
            inner.prop_map(Value::some),
        ]
    })
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop_oneof![any::<i64>(), -3..10_i64, Just(i64::MIN), Just(i64::MAX)].prop_map(Value::Int),
        prop_oneof![any::<u64>(), 0..10_u64, Just(u64::MAX)].prop_map(Value::Uint),
        prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(-0.0), -3.0..3.0].prop_map(Value::Double),
        prop_oneof![".{0,12}", "[a-c%s.d{}+]{0,8}", Just("Europe/Berlin".to_owned())].prop_map(Value::from),
        vec(any::<u8>(), 0..12).prop_map(Value::from),
        (-62_135_596_800_000_i64..253_402_300_799_999)
            .prop_filter_map("in range", |millis| Timestamp::from_millis(millis).map(Value::Timestamp)),
        any::<i64>().prop_map(|nanos| Value::Duration(Duration { nanos: nanos.into() })),
        Just(Value::Type("int".into())),
        Just(Value::none()),
    ]
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        any::<bool>().prop_map(Key::Bool),
        (-3..3_i64).prop_map(Key::Int),
        (0..3_u64).prop_map(Key::Uint),
        "[a-c]{0,2}".prop_map(|text| Key::String(text.into())),
    ]
}

/// The last of equal keys stays.
fn map(entries: Vec<(Key, Value)>) -> Map {
    let mut map = Map::default();
    entries.into_iter().for_each(|(key, value)| map.insert(key, value));
    map
}
