//! Components made from WIT text, with code that does nothing.

use wasm_encoder::{ComponentSection, CustomSection};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, PackageMetadata, Resolve};

/// The types that WIT does not have, as in `wit/types/types.wit`.
pub const TYPES: &str = "package loom:types@0.1.0 { interface types { type json = string; type datetime = string; type duration = string; \
     record blob { digest: string, size: u64, media-type: string } } }\n";

/// A component of the world `w` of the WIT text, whose docs travel with it as in components that are built for Loomwork.
pub fn component(wit: &str) -> Vec<u8> {
    component_with(wit, None)
}

/// The same with a manifest.
pub fn component_with(wit: &str, manifest: Option<&str>) -> Vec<u8> {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let package = resolve.push_str("test.wit", wit).unwrap_or_else(|wrong| panic!("{wit}: {wrong:?}"));
    let world = resolve.select_world(&[package], Some("w")).expect("the text has a world `w`");
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("the world can be embedded");
    let encoder = ComponentEncoder::default().validate(true).module(&module).expect("a module");
    let mut component = { encoder }.encode().expect("a component");
    let docs = PackageMetadata::extract(&resolve, package).encode().expect("docs have JSON");
    append(&mut component, PackageMetadata::SECTION_NAME, &docs);
    if let Some(manifest) = manifest {
        append(&mut component, "loomwork:node", manifest.as_bytes());
    }
    component
}

pub fn append(component: &mut Vec<u8>, name: &str, data: &[u8]) {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(component);
}
