//! A module says which slices of the runtime it needs.

use super::names::Typed;
use loomwork_expr::generate::single;
use loomwork_expr::{Mode, check, parse};
use loomwork_value::library::Slice;

#[test]
fn a_module_needs_only_the_slices_it_uses() {
    assert_eq!(slices("s.contains('a')"), []);
    assert_eq!(slices("math.greatest(i, j, 3)"), []);
    assert_eq!(slices("s.matches('a+')"), [Slice::Regex]);
    assert_eq!(slices("timestamp(0).getHours()"), []);
    assert_eq!(slices("timestamp(0).getHours('Europe/Vienna')"), [Slice::Zones]);
    assert_eq!(slices("s.matches('a+') && timestamp(0).getHours('UTC') == 0"), [Slice::Regex, Slice::Zones]);
}

fn slices(source: &str) -> Vec<Slice> {
    let checked = check(&parse(source).expect("it parses"), &Typed, Mode::Strict).expect("it checks");
    single::module(&[&checked]).slices.into_iter().collect()
}
