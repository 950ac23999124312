//! The types of `wit/flow/machine.wit` as component types. A test compares them with the file.

use wasm_encoder::{ComponentDefinedTypeEncoder, ComponentTypeSection, ComponentValType as V, PrimitiveValType as P};

/// The name under which a flow exports its machine.
pub(crate) const NAME: &str = "loom:flow/machine@0.1.0";

/// Named types, and the type of each of [`crate::encode::EXPORTS`].
#[derive(Default)]
pub(crate) struct Interface {
    /// By name, as they must be exported: each after those it is made of.
    pub types: Vec<(&'static str, u32)>,
    pub functions: Vec<(&'static str, u32)>,
}

/// Defines the types, as the component's first.
pub(crate) fn define(section: &mut ComponentTypeSection) -> Interface {
    let string = V::Primitive(P::String);
    let (u32_, u64_) = (V::Primitive(P::U32), V::Primitive(P::U64));
    let mut types = Vec::new();
    let json = defined(section, &mut types, "json", |ty| ty.primitive(P::String));
    let start = defined(section, &mut types, "start", |ty| {
        ty.record([("input", json), ("run", string), ("seed", u64_), ("vars", json)]);
    });
    let deadline = anonymous(section, |ty| ty.option(u64_));
    let call = defined(section, &mut types, "call", |ty| {
        ty.record([("step", u32_), ("node", u32_), ("attempt", u32_), ("first", u32_), ("deadline", deadline), ("input", json)]);
    });
    let timer = defined(section, &mut types, "timer", |ty| ty.record([("step", u32_), ("at", u64_)]));
    let signal = defined(section, &mut types, "signal", |ty| {
        ty.record([("step", u32_), ("node", u32_), ("name", string), ("key", json)]);
    });
    let question = defined(section, &mut types, "question", |ty| {
        ty.record([("step", u32_), ("node", u32_), ("due", deadline), ("about", json)]);
    });
    let data = anonymous(section, |ty| ty.option(json));
    let fault = defined(section, &mut types, "fault", |ty| ty.record([("code", string), ("message", string), ("data", data)]));
    let emitted = anonymous(section, |ty| ty.tuple([string, json]));
    let command = defined(section, &mut types, "command", |ty| {
        ty.variant([
            ("call", Some(call)),
            ("sleep", Some(timer)),
            ("listen", Some(signal)),
            ("ask", Some(question)),
            ("cancel", Some(u32_)),
            ("emit", Some(emitted)),
            ("respond", Some(json)),
            ("finish", Some(json)),
            ("abort", Some(fault)),
        ]);
    });
    let returned = anonymous(section, |ty| ty.tuple([u32_, json]));
    let threw = anonymous(section, |ty| ty.tuple([u32_, fault]));
    let happened = defined(section, &mut types, "happened", |ty| {
        ty.variant([
            ("start", Some(start)),
            ("returned", Some(returned)),
            ("threw", Some(threw)),
            ("fired", Some(u32_)),
            ("heard", Some(returned)),
            ("stop", None),
        ]);
    });
    let event = defined(section, &mut types, "event", |ty| ty.record([("at", u64_), ("what", happened)]));
    let events = anonymous(section, |ty| ty.list(event));
    let commands = anonymous(section, |ty| ty.list(command));
    let advanced = anonymous(section, |ty| ty.result(Some(commands), Some(fault)));
    let bytes = anonymous(section, |ty| ty.list(V::Primitive(P::U8)));
    let restored = anonymous(section, |ty| ty.result(None, Some(string)));
    let functions = vec![
        ("describe", function(section, &[], string)),
        ("advance", function(section, &[("events", events)], advanced)),
        ("save", function(section, &[], bytes)),
        ("restore", function(section, &[("state", bytes)], restored)),
    ];
    Interface { types, functions }
}

fn anonymous(section: &mut ComponentTypeSection, write: impl FnOnce(ComponentDefinedTypeEncoder<'_>)) -> V {
    let index = section.len();
    write(section.defined_type());
    V::Type(index)
}

fn defined(
    section: &mut ComponentTypeSection,
    types: &mut Vec<(&'static str, u32)>,
    name: &'static str,
    write: impl FnOnce(ComponentDefinedTypeEncoder<'_>),
) -> V {
    types.push((name, section.len()));
    anonymous(section, write)
}

fn function(section: &mut ComponentTypeSection, params: &[(&str, V)], result: V) -> u32 {
    let index = section.len();
    section.function().params(params.iter().copied()).result(Some(result));
    index
}
