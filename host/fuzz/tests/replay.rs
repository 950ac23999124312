//! Replays the committed corpus of every fuzz target, so that what was found once stays mended.

use loomwork_fuzz::TARGETS;
use std::path::Path;

fn replay(target: &str) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target of this name");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut inputs = 0;
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        run(&std::fs::read(entry.expect("a readable folder").path()).expect("a readable file"));
        inputs += 1;
    }
    assert!(inputs > 20, "{target}: a corpus of {inputs} inputs is none");
    println!("{target}: {inputs} inputs");
}

#[test]
fn documents() {
    replay("document");
}

#[test]
fn expressions() {
    replay("expression");
}

#[test]
fn mappings() {
    replay("mapping");
}

#[test]
fn components() {
    replay("component");
}

#[test]
fn schemas() {
    replay("schema");
}

#[test]
fn states() {
    replay("state");
}
