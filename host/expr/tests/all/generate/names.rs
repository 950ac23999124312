//! The names that expressions of these tests can see, one or two of every type, and what they may hold.

use loomwork_expr::{Environment, Resolved, Ty};
use loomwork_value::{Value, tagged};
use std::sync::Arc;

/// Names of every type.
pub struct Typed;

impl Environment for Typed {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let list = || Ty::List(Arc::new(Ty::Int));
        let (root, ty) = match path[0] {
            "i" => (0, Ty::Int),
            "j" => (1, Ty::Int),
            "u" => (2, Ty::Uint),
            "v" => (3, Ty::Uint),
            "d" => (4, Ty::Double),
            "e" => (5, Ty::Double),
            "b" => (6, Ty::Bool),
            "c" => (7, Ty::Bool),
            "s" => (8, Ty::String),
            "t" => (9, Ty::String),
            "l" => (10, list()),
            "m" => (11, Ty::Map(Arc::new(Ty::String), Arc::new(Ty::Int))),
            "r" => (12, Ty::Record(Arc::new(vec![("total".into(), Ty::Int)]))),
            "x" => (13, Ty::Dyn),
            "y" => (14, Ty::Dyn),
            "nodes" if path.get(1) == Some(&"late") => {
                return Some(Resolved { root: 15, consumed: 2, ty: Ty::Int, certain: false });
            }
            _ => return None,
        };
        Some(Resolved { root, consumed: 1, ty, certain: true })
    }
}

/// Values of the names by root number; each line is one way to bind them. The last name may be absent.
pub fn bindings() -> Vec<Vec<Option<Value>>> {
    let value = |text: &&str| (!text.is_empty()).then(|| tagged::read(text).expect("a tagged value"));
    BINDINGS.iter().map(|row| row.iter().map(value).collect()).collect()
}

#[rustfmt::skip]
const BINDINGS: [[&str; 16]; 4] = [
    [
        r#"{"int":"7"}"#, r#"{"int":"-3"}"#, r#"{"uint":"5"}"#, r#"{"uint":"2"}"#, r#"{"double":"1.5"}"#, r#"{"double":"-0.25"}"#,
        r#"{"bool":true}"#, r#"{"bool":false}"#, r#"{"string":"done"}"#, r#"{"string":"a,b"}"#,
        r#"{"list":[{"int":"3"},{"int":"0"},{"int":"-1"}]}"#, r#"{"map":[[{"string":"a"},{"int":"1"}],[{"string":"b"},{"int":"0"}]]}"#,
        r#"{"map":[[{"string":"total"},{"int":"12"}]]}"#, r#"{"map":[[{"string":"total"},{"int":"4"}]]}"#, r#"{"int":"1"}"#, "",
    ],
    [
        r#"{"int":"9223372036854775807"}"#, r#"{"int":"-9223372036854775808"}"#, r#"{"uint":"18446744073709551615"}"#, r#"{"uint":"0"}"#,
        r#"{"double":"NaN"}"#, r#"{"double":"Infinity"}"#, r#"{"bool":false}"#, r#"{"bool":false}"#, r#"{"string":""}"#, r#"{"string":"日本é"}"#,
        r#"{"list":[]}"#, r#"{"map":[]}"#, r#"{"map":[[{"string":"total"},{"int":"0"}]]}"#, r#"{"list":[{"bool":true},{"int":"1"}]}"#,
        r#"{"null":null}"#, r#"{"int":"8"}"#,
    ],
    [
        r#"{"int":"0"}"#, r#"{"int":"-1"}"#, r#"{"uint":"4294967296"}"#, r#"{"uint":"4294967296"}"#, r#"{"double":"0.0"}"#, r#"{"double":"1e300"}"#,
        r#"{"bool":true}"#, r#"{"bool":true}"#, r#"{"string":"aaa"}"#, r#"{"string":"a"}"#,
        r#"{"list":[{"int":"1"},{"int":"2"},{"int":"3"},{"int":"4"},{"int":"5"}]}"#, r#"{"map":[[{"string":"k"},{"int":"-1"}]]}"#,
        r#"{"map":[[{"string":"total"},{"int":"-9"}]]}"#, r#"{"bool":true}"#, r#"{"string":"text"}"#, "",
    ],
    [
        r#"{"int":"4294967296"}"#, r#"{"int":"2147483648"}"#, r#"{"uint":"1"}"#, r#"{"uint":"3"}"#, r#"{"double":"2.0"}"#, r#"{"double":"-2.0"}"#,
        r#"{"bool":false}"#, r#"{"bool":true}"#, r#"{"string":"x=1"}"#, r#"{"string":"done"}"#,
        r#"{"list":[{"int":"9223372036854775807"},{"int":"-9223372036854775808"}]}"#, r#"{"map":[[{"string":"a"},{"int":"9"}]]}"#,
        r#"{"map":[[{"string":"total"},{"int":"1"}]]}"#, r#"{"double":"0.5"}"#, r#"{"list":[{"string":"a"}]}"#, r#"{"int":"0"}"#,
    ],
];
