//! What is fuzzed, as functions of bytes: the targets under `fuzz/` call them with random input, the tests with the committed corpus.
//! Each must end, without a panic, whatever the bytes.

use loomwork_catalog::{Catalog, Package};
use loomwork_expr::{Mode, Names, Roots};
use loomwork_types::{Type, decode, encode};
use loomwork_value::{Meter, Value};

/// A flow document: read, checked, printed; what is printed reads as the same flow.
pub fn document(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (flow, map, _) = loomwork_flow::parse(text);
    let Some(flow) = flow else { return };
    loomwork_check::check(&flow, &map, &Catalog::new());
    let printed = loomwork_flow::print(&flow);
    let (again, _, _) = loomwork_flow::parse(&printed);
    assert_eq!(again.as_ref(), Some(&flow), "what is printed reads as another flow");
}

/// An expression or a template: split, parsed, checked in both modes, evaluated within a small budget.
pub fn expression(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = loomwork_expr::template::split(text);
    let Ok(parsed) = loomwork_expr::parse(text) else { return };
    for mode in [Mode::Strict, Mode::Template] {
        if let Ok(checked) = loomwork_expr::check(&parsed, &Names::new(["input", "x"]), mode) {
            let _ = loomwork_expr::evaluate(&checked, &Fixed, &mut Meter::new(100_000));
        }
    }
}

struct Fixed;

impl Roots for Fixed {
    fn get(&self, root: u32) -> Option<Value> {
        (root == 0).then_some(Value::Int(7))
    }
}

/// A type and a JSON text, parted by the first line's end: what decodes also encodes, to what decodes to the same.
pub fn mapping(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((ty, json)) = text.split_once('\n') else { return };
    let Ok(ty) = loomwork_types::parse(ty, &loomwork_types::Names::default()) else { return };
    let Ok(value) = decode(&ty, json) else { return };
    let mut written = String::new();
    if encode(&value, &ty, &mut written).is_err() {
        return;
    }
    let again = decode(&ty, &written).expect("what was written can be read");
    let mut rewritten = String::new();
    encode(&again, &ty, &mut rewritten).expect("what was read can be written");
    assert_eq!(written, rewritten);
    assert!(decode(&Type::Json, &written).is_ok(), "typed JSON is JSON");
}

/// A component: what it says of itself.
pub fn component(data: &[u8]) {
    let _ = Package::read(data);
    let _ = loomwork_compile::open(data);
}
