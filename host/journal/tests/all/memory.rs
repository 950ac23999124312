//! The store in memory does what every store must do.

use loomwork_journal::testing::{CASES, differential};
use loomwork_journal::{MemoryStore, Store};

#[test]
fn every_case_holds() {
    for (name, case) in CASES {
        println!("{name}");
        let store = MemoryStore::new();
        futures::executor::block_on(case(&store as &dyn Store));
    }
}

/// The same batches twice: nothing in it depends on what a machine or a run of the program has by chance. And the batches reach
/// everything that can come out of a write.
#[test]
fn random_batches_cover_all_outcomes() {
    let coverage = futures::executor::block_on(differential(&MemoryStore::new(), 1, 6_000));
    println!("{coverage}");
    let expected = [
        "answered",
        "approval.answered",
        "approval.closed",
        "approval.not_entitled",
        "approval.own_run",
        "cancelled",
        "claimed",
        "claimed nothing",
        "created cancelled",
        "created failed",
        "created finished",
        "created queued",
        "created running",
        "created waiting",
        "debounced",
        "delivered",
        "done",
        "existing",
        "kept",
        "pruned",
        "pruned nothing",
        "put",
        "run.ended",
        "run.unknown",
        "store.conflict",
        "store.fenced",
        "store.gap",
        "store.no_lease",
        "store.not_a_number",
        "sum",
    ];
    for what in expected {
        assert!(coverage.0.get(what).is_some_and(|times| *times >= 3), "{what} comes up too rarely:\n{coverage}");
    }
}
