//! Tagged JSON loses nothing.

use crate::sample::value;
use loomwork_value::{Value, json, tagged};
use proptest::prelude::*;

proptest! {
    #[test]
    fn tagged_values_read_back(value in value()) {
        let mut text = String::new();
        tagged::write(&value, &mut text);
        let back = tagged::read(&text).expect("what was written can be read");
        let mut again = String::new();
        tagged::write(&back, &mut again);
        prop_assert_eq!(text, again);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let _ = json::read(&text);
        let _ = tagged::read(&text);
    }
}

#[test]
fn refuses_what_is_not_tagged() {
    for text in [
        "1",
        "{}",
        r#"{"int": 1}"#,
        r#"{"int": "x"}"#,
        r#"{"int": "1", "uint": "1"}"#,
        r#"{"map": [[{"double": "1"}, {"null": null}]]}"#,
        r#"{"bytes": "é1"}"#,
    ] {
        assert!(tagged::read(text).is_err(), "{text}");
    }
}

#[test]
fn knows_the_values_of_the_conformance_cases() {
    assert!(matches!(tagged::read(r#"{"double": "inf"}"#), Ok(Value::Double(double)) if double == f64::INFINITY));
    assert!(matches!(tagged::read(r#"{"bytes": "00ff"}"#), Ok(Value::Bytes(bytes)) if *bytes == [0, 255]));
}
