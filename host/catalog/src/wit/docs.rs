//! Doc comments, which travel beside a component's types in the section `package-docs`, in the format of WIT packages: one
//! version byte, then JSON. What does not match the component's types is passed over; docs are no reason to refuse it.

use serde_json::Value;
use wit_parser::{Docs, InterfaceId, Resolve, TypeDefKind, TypeId, WorldId, WorldItem, WorldKey};

/// Adds the docs to the exported interfaces and functions; answers with those of the package.
pub(super) fn add(resolve: &mut Resolve, world: WorldId, section: &[u8]) -> Option<String> {
    let root: Value = serde_json::from_slice(section.get(1..)?).ok()?;
    let exports: Vec<(WorldKey, WorldItem)> =
        resolve.worlds[world].exports.iter().map(|(key, item)| (key.clone(), item.clone())).collect();
    for (key, item) in exports {
        match (&key, &item) {
            (WorldKey::Interface(_), WorldItem::Interface { id, .. }) => {
                let name = resolve.interfaces[*id].name.clone().unwrap_or_default();
                interface(resolve, *id, &root["interfaces"][&name]);
            }
            (WorldKey::Name(name), WorldItem::Interface { id, .. }) => {
                let found = in_a_world(&root, &["interface_exports", "interfaces"], name);
                interface(resolve, *id, found);
            }
            (WorldKey::Name(name), WorldItem::Function(_)) => {
                let docs = text(in_a_world(&root, &["func_exports", "funcs"], name));
                if let Some(WorldItem::Function(function)) = resolve.worlds[world].exports.get_mut(&key) {
                    function.docs = docs;
                }
            }
            _ => {}
        }
    }
    text(&root["docs"]).contents
}

/// The component does not say which of the package's worlds it was made for.
fn in_a_world<'a>(root: &'a Value, kinds: &[&str], name: &str) -> &'a Value {
    let worlds = root["worlds"].as_object().into_iter().flat_map(|worlds| worlds.values());
    let mut found = worlds.flat_map(|world| kinds.iter().map(|kind| &world[*kind][name])).filter(|found| !found.is_null());
    found.next().unwrap_or(&Value::Null)
}

fn interface(resolve: &mut Resolve, id: InterfaceId, docs: &Value) {
    let target = &mut resolve.interfaces[id];
    target.docs = text(docs);
    for (name, function) in &mut target.functions {
        function.docs = text(&docs["funcs"][name]);
    }
    let types: Vec<(String, TypeId)> = target.types.iter().map(|(name, id)| (name.clone(), *id)).collect();
    for (name, id) in types {
        ty(resolve, id, &docs["types"][&name]);
    }
}

fn ty(resolve: &mut Resolve, id: TypeId, docs: &Value) {
    let def = &mut resolve.types[id];
    def.docs = text(docs);
    let item = |name: &str| text(&docs["items"][name]);
    match &mut def.kind {
        TypeDefKind::Record(of) => of.fields.iter_mut().for_each(|field| field.docs = item(&field.name)),
        TypeDefKind::Variant(of) => of.cases.iter_mut().for_each(|case| case.docs = item(&case.name)),
        _ => {}
    }
}

/// Docs are text, or stand under `docs`.
fn text(value: &Value) -> Docs {
    let text = value.as_str().or_else(|| value["docs"].as_str());
    Docs { contents: text.map(str::to_string) }
}
