//! The runtime that a flow carries has less in it than the whole one, and does the same.

use crate::core::{Loaded, core_modules};
use crate::generate::{Choices, plan};
use crate::host::{returned, start};
use crate::plans::*;
use crate::properties::walk;
use loomwork_check::plan::{Port, Root, What};
use loomwork_compile::{compile_plan, runtime};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use wasmparser::{Parser, Payload};

/// How many random flows run on the runtime they carry; each has to be compiled to native code.
const CASES: u32 = 8;
/// What a component of twenty calls, each with an expression for its input, may take. What is still carried without use are functions
/// of the table that have a type in common with one that is called, and the constants of what is left out.
const MOST: usize = 300 * 1024;

fn bytes(seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as u8
    };
    std::iter::repeat_with(next).take(300).collect()
}

#[test]
fn a_trimmed_runtime_does_as_the_reference_does() {
    for case in 0..CASES {
        let plan = plan(&mut Choices(&bytes(2 * case)));
        let loaded = Loaded::as_carried(&compile_plan(&plan, &TEXTS).expect("it can be compiled").bytes);
        walk(&plan, &loaded, &mut Choices(&bytes(2 * case + 1))).unwrap_or_else(|reason| panic!("case {case}: {reason}"));
    }
}

#[test]
fn what_stays_is_what_it_was() {
    let component = compile_plan(&plan(&mut Choices(&bytes(7))), &TEXTS).expect("it can be compiled").bytes;
    let (whole, own) = (bodies(runtime(&BTreeSet::new())), bodies(core_modules(&component)[0]));
    assert_eq!(whole.len(), own.len(), "functions keep their numbers");
    let trap: &[u8] = &[0, 0, 0x0b];
    let changed: Vec<_> = whole.iter().zip(&own).filter(|(whole, own)| whole != own).collect();
    assert!(changed.len() > 100, "only {} functions went", changed.len());
    assert!(changed.iter().all(|(_, own)| **own == trap), "a function is the same or a trap");
}

/// A memory that grows makes the host change the protection of its pages, twice for each run.
#[test]
fn a_small_run_stays_in_its_first_memory() {
    let mut draft = Draft::default();
    let input = draft.read(Root::Input);
    let asked = draft.node("asked", 0, call(record(vec![("of", expr(input))])));
    let answer = draft.read(Root::Output { node: asked, hops: 0 });
    let done = draft.node("done", 0, What::Return { value: expr(answer) });
    draft.wire(asked, Port::Ok, done);
    let mut machine = Loaded::as_carried(&compile_plan(&draft.plan(), &TEXTS).expect("it can be compiled").bytes).machine();
    let (before, text) = (machine.memory(), format!("\"{}\"", "x".repeat(4_000)));
    machine.advance(&[start(5, &text)]).expect("a call");
    machine.advance(&[returned(6, 1, &text)]).expect("the end");
    assert_eq!(machine.memory(), before);
    let large = format!("\"{}\"", "x".repeat(1 << 20));
    machine.advance(&[returned(7, 1, &large)]).expect("ignored");
    assert!(machine.memory() > before, "what does not fit there is asked for");
}

fn bodies(module: &[u8]) -> Vec<&[u8]> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload.expect("a module") {
            bodies.push(&module[body.range()]);
        }
    }
    bodies
}

#[test]
fn a_flow_of_twenty_nodes_is_small_and_compiled_at_once() {
    let mut draft = Draft::default();
    for number in 0..20 {
        let id = format!("n{number}");
        if number == 0 {
            draft.node(&id, 0, call(literal("null")));
            continue;
        }
        let before = draft.read(Root::Output { node: number - 1, hops: 0 });
        let node = draft.node(&id, 0, call(record(vec![("before", expr(before))])));
        draft.wire(node - 1, Port::Ok, node);
    }
    let plan = draft.plan();
    let first = compile_plan(&plan, &TEXTS).expect("it can be compiled").bytes;
    let started = Instant::now();
    let component = compile_plan(&plan, &TEXTS).expect("it can be compiled").bytes;
    let took = started.elapsed();
    assert_eq!(first, component, "the same bytes each time");
    assert!(component.len() < MOST, "{} bytes", component.len());
    assert!(core_modules(&component)[0].len() < runtime(&BTreeSet::new()).len() * 4 / 5, "the runtime is hardly smaller");
    assert!(took < Duration::from_millis(500), "took {took:?}");
}
