//! Older documents are brought up by named steps. There is none yet, so the test brings its own.

use loomwork_flow::{Located, Migration, Shape, migrate, print_json, scan};

/// A made-up step: `steps` became `nodes`.
fn steps_become_nodes(document: &mut Located) {
    if let Shape::Object(members) = &mut document.value {
        for member in members.iter_mut().filter(|member| member.key == "steps") {
            member.key = "nodes".to_owned();
        }
    }
}

fn nothing(_: &mut Located) {}

const STEPS: &[Migration] =
    &[Migration { name: "steps_become_nodes", apply: steps_become_nodes }, Migration { name: "nothing", apply: nothing }];

fn migrated(version: u32) -> Option<String> {
    let mut document = scan("{\"loomwork\": 1, \"steps\": [1]}").0.unwrap();
    migrate(&mut document, version, STEPS).then(|| print_json(&document.to_json()))
}

#[test]
fn a_document_goes_through_every_step_from_its_version_on() {
    assert_eq!(migrated(1).unwrap(), r#"{ "loomwork": 3, "nodes": [1] }"#);
    assert_eq!(migrated(2).unwrap(), r#"{ "loomwork": 3, "steps": [1] }"#);
    assert_eq!(migrated(3).unwrap(), r#"{ "loomwork": 1, "steps": [1] }"#, "the last version is left alone");
    assert_eq!(migrated(4), None);
    assert_eq!(migrated(0), None);
}

#[test]
fn there_is_a_step_for_each_version() {
    assert_eq!(loomwork_flow::MIGRATIONS.len() + 1, loomwork_flow::VERSION as usize);
}
