//! Flows that carry part of a runtime which the host has whole.

use crate::machine::{CANCEL, flow, stop};
use loomwork_engine::{Command, Engine, Settings};
use sha2::{Digest, Sha256};
use std::ops::Range;
use wasm_encoder::{Component, ComponentSectionId, CustomSection, Encode, RawSection, Section};
use wasmparser::{Parser, Payload};

fn engine(runtimes: Vec<&'static [u8]>) -> Engine {
    Engine::new(Settings { runtimes, ..Settings::default() }).expect("the engine starts")
}

fn first_module(component: &[u8]) -> Range<usize> {
    let modules = Parser::new(0).parse_all(component).find_map(|payload| match payload.expect("a component") {
        Payload::ModuleSection { unchecked_range, .. } => Some(unchecked_range),
        _ => None,
    });
    modules.expect("a module")
}

/// The component with its first module marked as a part of `whole`.
fn as_part_of(whole: &[u8], component: &[u8]) -> Vec<u8> {
    let place = first_module(component);
    let (header, rest) = component[place.clone()].split_at(8);
    let mut module = header.to_vec();
    let mark = CustomSection { name: "loomwork:runtime".into(), data: Sha256::digest(whole).to_vec().into() };
    module.push(mark.id());
    mark.encode(&mut module);
    module.extend_from_slice(rest);
    let mut marked = Component::new();
    marked.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data: &module });
    let mut bytes = marked.finish();
    bytes.extend_from_slice(&component[place.end..]);
    bytes
}

/// A runtime that answers, and a flow that carries only a trap in its place.
fn whole_and_part() -> (&'static [u8], Vec<u8>) {
    let answering = flow(CANCEL, "");
    let whole: &'static [u8] = answering[first_module(&answering)].to_vec().leak();
    (whole, as_part_of(whole, &flow("unreachable", "")))
}

#[tokio::test]
async fn the_hosts_own_runtime_is_used() {
    let (whole, part) = whole_and_part();
    let template = engine(vec![b"another", whole]).machine(&part).await.expect("a flow");
    let mut machine = template.instantiate().expect("a machine");
    assert_eq!(machine.advance(&[stop()]), Ok(vec![Command::Cancel(1)]));
}

#[tokio::test]
async fn without_it_the_flow_runs_on_what_it_carries() {
    let (_, part) = whole_and_part();
    let template = engine(vec![b"another"]).machine(&part).await.expect("a flow");
    let mut machine = template.instantiate().expect("a machine");
    assert_eq!(machine.advance(&[stop()]).expect_err("a trap").code, "trap.unreachable");
}

#[tokio::test]
async fn a_mark_that_does_not_fit_is_refused() {
    let (whole, mut part) = whole_and_part();
    let engine = engine(vec![whole, b"\0asm\x01\0\0\0"]);
    part.truncate(part.len() - 9);
    assert_eq!(engine.machine(&part).await.expect_err("cut off").code, "component.invalid");
    let empty = as_part_of(b"\0asm\x01\0\0\0", &flow(CANCEL, ""));
    assert_eq!(engine.machine(&empty).await.expect_err("a runtime without its functions").code, "component.invalid");
    assert_eq!(engine.machine(b"\0asm\x0d\0\x01\0").await.expect_err("empty").code, "flow.not_a_flow");
}
