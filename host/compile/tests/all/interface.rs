//! What a component shows of itself: its interface, its sections, and the same bytes every time.

use crate::generate::{Choices, plan};
use crate::host::{Loaded, returned, show, start};
use crate::plans::{Draft, TEXTS, call, literal};
use loomwork_compile::{OpenError, compile_plan, open};
use wit_component::{DecodedWasm, WitPrinter};

fn small() -> Vec<u8> {
    let mut draft = Draft::default();
    draft.node("work", 0, call(literal("{}")));
    compile_plan(&draft.plan(), &TEXTS).unwrap().bytes
}

#[test]
fn the_interface_is_that_of_the_wit_file() {
    let DecodedWasm::Component(found, world) = wit_component::decode(&small()).unwrap() else { panic!("a component") };
    assert!(found.worlds[world].imports.is_empty(), "a flow imports nothing");
    assert_eq!(found.worlds[world].exports.len(), 1);
    let package = found.package_names.iter().find(|(name, _)| name.to_string() == "loom:flow@0.1.0").unwrap();
    let shown = print(&found, *package.1);
    let mut wanted = wit_parser::Resolve::default();
    let (package, _) = wanted.push_dir("../../wit/flow").unwrap();
    for (_, interface) in wanted.interfaces.iter_mut() {
        interface.docs = Default::default();
    }
    let wanted = print(&wanted, package);
    let interface = |text: &str| text.split("\nworld").next().unwrap().trim().to_owned();
    assert_eq!(interface(&shown), interface(&wanted));
}

/// Without comments.
fn print(resolve: &wit_parser::Resolve, package: wit_parser::PackageId) -> String {
    let mut printer = WitPrinter::default();
    printer.emit_docs(false);
    printer.print(resolve, package, &[]).unwrap();
    printer.output.to_string()
}

#[test]
fn what_was_put_in_is_read_back() {
    let opened = open(&small()).unwrap();
    assert_eq!((opened.document.as_str(), opened.lock.as_str()), ("{}", "{}"));
    assert_eq!(opened.compiler, loomwork_compile::COMPILER_VERSION);
    assert!(matches!(open(b"no wasm"), Err(OpenError::NotAComponent(_))));
    assert!(matches!(open(&wasm_encoder::Module::new().finish()), Err(OpenError::NotAComponent(_))));
    assert!(matches!(open(&wasm_encoder::Component::new().finish()), Err(OpenError::NotAFlow("loom:document"))));
    let cut = small();
    for length in [1, 8, 100, cut.len() / 2, cut.len() - 1] {
        assert!(open(&cut[..length]).is_err());
    }
}

#[test]
fn a_flow_describes_itself() {
    let described: serde_json::Value = serde_json::from_str(&Loaded::new(&small()).machine().describe()).unwrap();
    assert_eq!(described["nodes"][0]["id"], "work");
    assert_eq!(described["nodes"][0]["use"], "test:nodes@0.1.0/nodes#work");
    assert!(described["document"].as_str().unwrap().starts_with("sha256:"));
}

#[test]
fn a_component_is_saved_and_restored() {
    let flow = Loaded::new(&small());
    let mut machine = flow.machine();
    assert_eq!(show(&machine.advance(&[start(1, "1")]).unwrap()), "call 1 node 0 {}");
    let state = machine.save();
    let mut other = flow.machine();
    assert_eq!(other.restore(&state), Ok(()));
    assert_eq!(show(&other.advance(&[returned(2, 1, "1")]).unwrap()), "finish null");
    assert!(other.restore(b"no state").is_err());
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let bytes: Vec<u8> = (0..900u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let compiled = || -> Vec<String> {
        let cases = bytes.chunks(300).map(|bytes| plan(&mut Choices(bytes)));
        cases.map(|plan| compile_plan(&plan, &TEXTS).unwrap().digest).collect()
    };
    let here = compiled();
    // Another thread has other seeds for its hash maps.
    let there = std::thread::scope(|scope| scope.spawn(compiled).join().unwrap());
    assert_eq!(here, there);
}
