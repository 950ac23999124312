//! Edits and what takes them back.

use crate::{any, cases};
use expect_test::expect;
use loomwork_flow::*;
use proptest::prelude::*;

/// A stand-in for the renaming that knows expressions.
fn rename(template: &str, from: &str, to: &str) -> String {
    template.replace(&format!("nodes.{from}."), &format!("nodes.{to}."))
}

fn apply(flow: &mut Flow, command: &Command) -> Result<Command, EditError> {
    command.apply(flow, &rename)
}

const TEXT: &str = r#"{
  "loomwork": 1, "id": "demo",
  "nodes": [
    { "id": "a", "use": "set", "with": { "b": 1 } },
    { "id": "lines", "use": "each", "with": { "items": "{{ nodes.a.list }}" } },
    { "id": "one", "use": "set", "in": "lines", "with": { "x": ["{{ nodes.a.x }}"] } },
    { "id": "two", "use": "set", "in": "lines" },
    { "id": "pick", "use": "branch", "with": { "cases": [{ "name": "big", "when": "{{ nodes.a.big }}" }] } },
    { "id": "end", "use": "return" }
  ],
  "wires": [
    { "from": "a", "to": "lines" }, { "from": "one", "to": "two" }, { "from": "lines", "to": "pick" },
    { "from": "pick", "port": "big", "to": "end" }
  ],
  "view": { "nodes": { "a": { "x": 1 }, "lines": { "x": 2 }, "one": { "x": 3 } } }
}"#;

fn demo() -> Flow {
    parse(TEXT).0.unwrap()
}

/// What a command changes, as the lines that come and go.
fn changed(command: Command) -> String {
    let mut flow = demo();
    let before = print(&flow);
    let inverse = apply(&mut flow, &command).unwrap();
    let after = print(&flow);
    apply(&mut flow, &inverse).unwrap();
    assert_eq!(flow, demo(), "the inverse brings everything back");
    let lines = |text: &str| text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect::<Vec<_>>();
    let (before, after) = (lines(&before), lines(&after));
    let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("-{line}\n"));
    let come = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+{line}\n"));
    gone.chain(come).collect()
}

#[test]
fn renaming_a_node_reaches_every_place() {
    expect![[r#"
        -      "id": "a"
        -        "items": "{{ nodes.a.list }}"
        -        "x": ["{{ nodes.a.x }}"]
        -        "cases": [{ "name": "big", "when": "{{ nodes.a.big }}" }]
        -    { "from": "a", "to": "lines" }
        -      "a": { "x": 1 }
        +      "id": "order"
        +        "items": "{{ nodes.order.list }}"
        +        "x": ["{{ nodes.order.x }}"]
        +        "cases": [{ "name": "big", "when": "{{ nodes.order.big }}" }]
        +    { "from": "order", "to": "lines" }
        +      "order": { "x": 1 }
    "#]]
    .assert_eq(&changed(Command::RenameNode { from: "a".into(), to: "order".into() }));
    expect![[r#"
        -      "id": "lines"
        -      "in": "lines"
        -      "in": "lines"
        -    { "from": "a", "to": "lines" }
        -    { "from": "lines", "to": "pick" }
        -      "lines": { "x": 2 }
        +      "id": "each_line"
        +      "in": "each_line"
        +      "in": "each_line"
        +    { "from": "a", "to": "each_line" }
        +    { "from": "each_line", "to": "pick" }
        +      "each_line": { "x": 2 }
    "#]]
    .assert_eq(&changed(Command::RenameNode { from: "lines".into(), to: "each_line".into() }));
}

#[test]
fn renaming_a_case_takes_its_wires_along() {
    let command = |from: &str, to: &str| Command::RenameCase { node: "pick".into(), from: from.into(), to: to.into() };
    expect![[r#"
        -        "cases": [{ "name": "big", "when": "{{ nodes.a.big }}" }]
        -    { "from": "pick", "port": "big", "to": "end" }
        +        "cases": [{ "name": "huge", "when": "{{ nodes.a.big }}" }]
        +    { "from": "pick", "port": "huge", "to": "end" }
    "#]]
    .assert_eq(&changed(command("big", "huge")));
    assert_eq!(apply(&mut demo(), &command("small", "huge")), Err(EditError::Case("small".into())));
}

#[test]
fn removing_a_scope_removes_what_lives_in_it() {
    expect![[r#"
        -      "id": "lines"
        -      "use": "each"
        -        "items": "{{ nodes.a.list }}"
        -      "id": "one"
        -      "in": "lines"
        -        "x": ["{{ nodes.a.x }}"]
        -      "id": "two"
        -      "in": "lines"
        -    { "from": "a", "to": "lines" }
        -    { "from": "one", "to": "two" }
        -    { "from": "lines", "to": "pick" }
        -      "lines": { "x": 2 }
        -      "one": { "x": 3 }
    "#]]
    .assert_eq(&changed(Command::RemoveNodes { ids: vec!["lines".into()] }));
}

#[test]
fn moving_nodes_keeps_the_wires_among_them() {
    let both = vec!["one".to_owned(), "two".to_owned()];
    expect![[r#"
        -      "in": "lines"
        -      "in": "lines"
    "#]]
    .assert_eq(&changed(Command::MoveInto { ids: both, scope: None }));
    expect![[r#"
        -    { "from": "a", "to": "lines" }
    "#]]
    .assert_eq(&changed(Command::MoveInto { ids: vec!["a".into()], scope: Some("lines".into()) }));
    let into_itself = Command::MoveInto { ids: vec!["lines".into()], scope: Some("lines".into()) };
    assert_eq!(apply(&mut demo(), &into_itself), Err(EditError::IntoItself("lines".into())));
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let wire = Wire::new("a", "lines");
    let wrong = [
        (Command::AddNode { node: Node::new("a", "set"), at: None }, EditError::NodeExists("a".into())),
        (Command::Connect { wire: wire.clone(), at: None }, EditError::WireExists(wire)),
        (Command::Disconnect { wire: Wire::new("a", "end") }, EditError::NoWire(Wire::new("a", "end"))),
        (Command::RenameNode { from: "zzz".into(), to: "b".into() }, EditError::NoNode("zzz".into())),
        (
            Command::SetView {
                path: vec!["nodes".into(), "a".into(), "x".into(), "deep".into()],
                value: Some(Json::Null),
                at: None,
            },
            EditError::View("nodes.a.x".into()),
        ),
    ];
    for (command, error) in wrong {
        let mut flow = demo();
        let many = Command::Many(vec![Command::MoveNode { id: "end".into(), to: 0 }, command]);
        assert_eq!(apply(&mut flow, &many), Err(error));
        assert_eq!(flow, demo());
    }
    let bad = apply(&mut demo(), &Command::RenameNode { from: "a".into(), to: "for".into() });
    assert!(matches!(bad, Err(EditError::BadId(..))));
}

fn command() -> impl Strategy<Value = Command> {
    let ids = || prop::collection::vec(any::id(), 1..3);
    let scope = || prop::option::of(prop_oneof!["[a-e]", "[a-e]\\.catch"]);
    let place = || prop::option::of(0usize..6);
    let field = prop_oneof![
        any::<bool>().prop_map(NodeField::Disabled),
        prop::option::of(any::json()).prop_map(NodeField::Pin),
        any::text().prop_map(NodeField::Uses),
    ];
    let path = prop::collection::vec(prop_oneof![Just("nodes".to_owned()), any::id(), Just("x".to_owned())], 0..4);
    let view_value = prop::option::of(any::json().prop_filter("a view is an object", |json| matches!(json, Json::Object(_))));
    let one = prop_oneof![
        (any::node("[a-g]".prop_map(|id| id)), place()).prop_map(|(node, at)| Command::AddNode { node, at }),
        ids().prop_map(|ids| Command::RemoveNodes { ids }),
        (any::id(), "[a-g]").prop_map(|(from, to)| Command::RenameNode { from, to }),
        (any::id(), 0usize..6).prop_map(|(id, to)| Command::MoveNode { id, to }),
        (ids(), scope()).prop_map(|(ids, scope)| Command::MoveInto { ids, scope }),
        (any::wire(), place()).prop_map(|(wire, at)| Command::Connect { wire, at }),
        any::wire().prop_map(|wire| Command::Disconnect { wire }),
        (any::id(), any::text(), prop::option::of(any::json()), place())
            .prop_map(|(node, name, value, at)| Command::SetParameter { node, name, value, at }),
        (any::id(), field).prop_map(|(node, field)| Command::SetNode { node, field }),
        prop::option::of(any::text()).prop_map(|text| Command::SetFlow(FlowField::Description(text))),
        (path, view_value, place()).prop_map(|(path, value, at)| Command::SetView { path, value, at }),
    ];
    one.prop_recursive(2, 8, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Command::Many))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_edit_can_be_taken_back_and_made_again(flow in any::flow(), commands in prop::collection::vec(command(), 1..6)) {
        let mut edited = flow.clone();
        let mut undo = Vec::new();
        for command in &commands {
            let before = edited.clone();
            match apply(&mut edited, command) {
                Ok(inverse) => undo.push((before, inverse)),
                Err(_) => prop_assert_eq!(&edited, &before, "a failed edit changes nothing"),
            }
        }
        let after = edited.clone();
        let mut redo = Vec::new();
        while let Some((before, inverse)) = undo.pop() {
            redo.push(apply(&mut edited, &inverse).expect("an inverse can be applied"));
            prop_assert_eq!(&edited, &before);
        }
        while let Some(again) = redo.pop() {
            apply(&mut edited, &again).expect("an undone edit can be made again");
        }
        prop_assert_eq!(edited, after);
    }
}
