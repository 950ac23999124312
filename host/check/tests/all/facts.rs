//! What is certain to have run, by what an expression may read without a guard.

use crate::check;

/// Whether `nodes.<read>.x` may be read by `reader` without a guard, in a flow of `set` nodes (`b…` are branches with case `yes`).
fn certain(nodes: &[&str], wires: &[&str], reader: &str, read: &str) -> bool {
    let nodes: Vec<String> = nodes.iter().map(|node| document(node, reader, read)).collect();
    let wires: Vec<String> = wires.iter().map(|wire| wire_document(wire)).collect();
    let text = format!("{{\"loomwork\":1,\"id\":\"f\",\"nodes\":[{}],\"wires\":[{}]}}", nodes.join(","), wires.join(","));
    let (checked, diagnostics) = check(&text);
    assert!(diagnostics.iter().all(|d| d.code.starts_with("expr.")), "{text}: {diagnostics:?}");
    checked.is_some()
}

/// `a`, `m any`, `b`: branches are called `b`, `b1` …
fn document(node: &str, reader: &str, read: &str) -> String {
    let (id, join) = node.split_once(' ').unwrap_or((node, "all"));
    if id.starts_with('b') {
        let cases = "{\"name\":\"yes\",\"when\":\"{{ input.yes }}\"}";
        return format!("{{\"id\":\"{id}\",\"use\":\"branch\",\"join\":\"{join}\",\"with\":{{\"cases\":[{cases}]}}}}");
    }
    let value = if id == reader {
        format!("\"{{{{ nodes.{read}{} }}}}\"", if read.starts_with('b') { "" } else { ".x" })
    } else {
        "1".to_owned()
    };
    format!("{{\"id\":\"{id}\",\"use\":\"set\",\"join\":\"{join}\",\"with\":{{\"x\":{value}}}}}")
}

/// `a>c`, `b.yes>c`
fn wire_document(wire: &str) -> String {
    let (from, to) = wire.split_once('>').unwrap();
    let (from, port) = from.split_once('.').unwrap_or((from, "ok"));
    format!("{{\"from\":\"{from}\",\"port\":\"{port}\",\"to\":\"{to}\"}}")
}

#[test]
fn what_comes_before_in_a_line_has_run() {
    assert!(certain(&["a", "c", "d"], &["a>c", "c>d"], "d", "a"));
    assert!(certain(&["a", "b", "d"], &["a>b", "b.yes>d"], "d", "b"));
}

#[test]
fn both_sides_of_a_diamond_have_run_at_its_join() {
    let wires = ["a>c", "a>d", "c>e", "d>e"];
    assert!(certain(&["a", "c", "d", "e"], &wires, "e", "c"));
    assert!(certain(&["a", "c", "d", "e"], &wires, "e", "d"));
    assert!(certain(&["c", "d", "e"], &["c>e", "d>e"], "e", "c"), "two that start by themselves");
}

#[test]
fn one_side_of_a_branch_may_have_been_skipped() {
    let nodes = ["b", "c", "d", "e", "f"];
    let wires = ["b.yes>c", "b.else>d", "c>e", "d>e", "e>f"];
    assert!(!certain(&nodes, &wires, "e", "c"));
    assert!(!certain(&nodes, &wires, "f", "d"));
    assert!(certain(&nodes, &wires, "f", "b"));
    assert!(certain(&nodes, &wires, "f", "e"));
}

#[test]
fn what_runs_beside_a_branch_is_certain_at_the_join() {
    let nodes = ["a", "b", "c", "d", "e"];
    let wires = ["a>b", "a>d", "b.yes>c", "c>e", "d>e"];
    assert!(certain(&nodes, &wires, "e", "d"));
    assert!(!certain(&nodes, &wires, "e", "c"));
    assert!(certain(&nodes, &["a>b", "b.yes>c", "b.yes>d", "c>e", "d>e"], "e", "d"), "both hang on the same case");
}

#[test]
fn a_node_whose_fault_is_handled_may_have_no_output() {
    let nodes = ["a", "c", "d"];
    assert!(certain(&nodes, &["a>c", "c>d"], "d", "a"));
    assert!(!certain(&nodes, &["a>c", "a.error>d", "c>d"], "d", "a"));
    assert!(!certain(&nodes, &["a.error>c", "c>d"], "d", "a"));
    assert!(certain(&nodes, &["a>c", "a.error>d"], "c", "a"), "on the way of `ok` it has");
}

#[test]
fn an_arrival_does_not_wait_for_others() {
    let nodes = ["a", "c", "d", "m any", "e"];
    let wires = ["a>c", "a>d", "c>m", "d>m", "m>e"];
    assert!(!certain(&nodes, &wires, "m", "c"), "the arrival may come from d");
    assert!(!certain(&nodes, &wires, "e", "d"));
    assert!(certain(&nodes, &wires, "e", "a"));
    assert!(certain(&nodes, &wires, "e", "m"));
}

#[test]
fn a_loop_knows_what_came_before_it() {
    let nodes = ["a", "m any", "b", "c", "e"];
    let wires = ["a>m", "m>b", "b.yes>c", "c>m", "b.else>e"];
    assert!(certain(&nodes, &wires, "m", "a"));
    assert!(certain(&nodes, &wires, "c", "m"));
    assert!(certain(&nodes, &wires, "e", "b"));
    assert!(!certain(&nodes, &wires, "m", "c"), "the first visit comes from a");
    assert!(!certain(&nodes, &wires, "e", "c"));
}

#[test]
fn a_loop_with_two_ways_in_knows_what_both_share() {
    let nodes = ["a", "b", "m any", "n any", "e"];
    let wires = ["a>b", "b.yes>m", "b.else>n", "m>n", "n>m"];
    assert!(certain(&nodes[..4], &wires, "m", "a"));
    assert!(certain(&nodes[..4], &wires, "n", "b"));
    assert!(!certain(&nodes[..4], &wires, "n", "m"));
}
