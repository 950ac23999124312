//! State machines: read as flows, printed as what they are.

use loomwork_flow::{Command, EditError, Json, machine_json_schema, parse, print};

const DOOR: &str = r#"{
  "kind": "machine", "loomwork": 1, "id": "door", "data": { "opened": { "start": 0, "type": "u32" } }, "start": "closed",
  "states": [
    { "on": [{ "to": "open", "event": "push", "do": [{ "with": { "opened": "{{ data.opened + 1 }}" }, "use": "set" }] }], "id": "closed" },
    { "id": "open", "after": [{ "to": "closed", "delay": "10s" }], "on": [{ "event": "wedge", "to": "broken" }] },
    { "id": "broken", "output": "{{ data.opened }}" }
  ]
}"#;

#[test]
fn a_machine_prints_as_itself_with_its_fields_in_order() {
    let (flow, _, diagnostics) = parse(DOOR);
    let flow = flow.expect("it can be read");
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let text = print(&flow);
    assert!(text.starts_with("{\n  \"loomwork\": 1,\n  \"kind\": \"machine\",\n  \"id\": \"door\",\n  \"data\""), "{text}");
    assert!(text.contains("\"event\": \"push\",\n          \"do\": [{ \"use\": \"set\", \"with\""), "{text}");
    let (again, ..) = parse(&text);
    assert_eq!(again.as_ref(), Some(&flow), "what is printed is the same machine");
    assert_eq!(print(&again.unwrap()), text);
    assert!(flow.nodes.iter().any(|node| node.id == "_closed_wait"));
}

#[test]
fn a_machine_is_changed_in_its_own_document() {
    let mut flow = parse(DOOR).0.expect("it can be read");
    let command = Command::TakeNode { id: "_machine".to_owned() };
    assert_eq!(command.apply(&mut flow, &|text, _, _| text.to_owned()), Err(EditError::Machine));
}

#[test]
fn the_schema_takes_machines() {
    let schema: serde_json::Value = serde_json::from_str(&machine_json_schema()).unwrap();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is a schema");
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let good: serde_json::Value = serde_json::from_str(DOOR).unwrap();
    assert!(schema.is_valid(&good));
    for path in ["/start", "/states/0/id", "/states/0/on/0/event", "/data/opened/type", "/states/1/after/0/delay"] {
        let mut bad = good.clone();
        *bad.pointer_mut(path).expect("it is there") = serde_json::Value::from(7);
        assert!(!schema.is_valid(&bad), "{path}");
        assert!(!parse(&bad.to_string()).2.is_empty(), "{path}");
    }
}

#[test]
fn whatever_is_wrong_is_said_and_nothing_breaks() {
    let good = parse(DOOR).0.map(|flow| flow.machine.expect("a machine").source).expect("it can be read");
    let mut places = Vec::new();
    walk(&good, &mut Vec::new(), &mut places);
    for place in places {
        for other in [Json::Null, Json::text("x"), Json::List(Vec::new()), Json::Object(Vec::new()), Json::Number("3".into())] {
            let changed = with(&good, &place, &other);
            // Read without a panic; a flow only if every part could be read.
            parse(&loomwork_flow::print_json(&changed));
        }
    }
}

fn walk(json: &Json, path: &mut Vec<usize>, places: &mut Vec<Vec<usize>>) {
    places.push(path.clone());
    let children: Vec<&Json> = match json {
        Json::List(items) => items.iter().collect(),
        Json::Object(members) => members.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    for (place, child) in children.into_iter().enumerate() {
        path.push(place);
        walk(child, path, places);
        path.pop();
    }
}

fn with(json: &Json, path: &[usize], other: &Json) -> Json {
    let Some((first, rest)) = path.split_first() else { return other.clone() };
    match json {
        Json::List(items) => {
            let change = |(place, item): (usize, &Json)| if place == *first { with(item, rest, other) } else { item.clone() };
            Json::List(items.iter().enumerate().map(change).collect())
        }
        Json::Object(members) => {
            let change = |(place, (name, value)): (usize, &(String, Json))| {
                (name.clone(), if place == *first { with(value, rest, other) } else { value.clone() })
            };
            Json::Object(members.iter().enumerate().map(change).collect())
        }
        other => other.clone(),
    }
}
