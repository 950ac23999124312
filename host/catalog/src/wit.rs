//! A component's WIT: what it exports, what it imports, and what its authors wrote about both.

mod convert;
mod docs;

use crate::CatalogError;
use convert::Converter;
use loomwork_types::{Field, Type};
use std::sync::Arc;
use wit_parser::decoding::DecodedWasm;
use wit_parser::{Function, Interface, InterfaceId, Resolve, WorldId, WorldItem, WorldKey};

/// What a component's bytes say, before any manifest.
pub(crate) struct Wit {
    /// `namespace:name@version` of the package whose interfaces it exports.
    pub(crate) id: Option<String>,
    pub(crate) docs: Option<String>,
    pub(crate) exports: Vec<Export>,
    /// Path and reason.
    pub(crate) unusable: Vec<(String, String)>,
    /// Imported interfaces outside the baseline.
    pub(crate) capabilities: Vec<String>,
}

/// A function whose types are values.
pub(crate) struct Export {
    pub(crate) interface: Option<String>,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) params: Vec<Field>,
    pub(crate) output: Option<Type>,
    pub(crate) error: Option<Type>,
    pub(crate) fallible: bool,
    pub(crate) docs: String,
}

/// Interfaces of these packages are always there, inert: see the engine's baseline.
const BASELINE: [&str; 6] = ["wasi:cli", "wasi:io", "wasi:clocks", "wasi:random", "wasi:filesystem", "loom:types"];

/// Reads a component. `docs` is the content of its `package-docs` section, which must not be among `bytes`.
pub(crate) fn read(bytes: &[u8], docs: Option<&[u8]>) -> Result<Wit, CatalogError> {
    let invalid = |error: &dyn std::fmt::Display| CatalogError::Invalid { reason: first_line(&error.to_string()) };
    let decoded = wit_parser::decoding::decode(bytes).map_err(|error| invalid(&error))?;
    let DecodedWasm::Component(mut resolve, world) = decoded else {
        return Err(CatalogError::NotComponent { what: "a WIT package without code" });
    };
    let main = main_package(&resolve, world);
    let mut package_docs = None;
    if let Some(docs) = docs {
        package_docs = docs::add(&mut resolve, world, docs);
    }
    let mut wit = Wit {
        id: main.clone(),
        docs: package_docs,
        exports: Vec::new(),
        unusable: Vec::new(),
        capabilities: imports(&resolve, world),
    };
    let mut reader = Reader { resolve: &resolve, types: Converter::new(&resolve), main, wit: &mut wit };
    reader.world(world);
    Ok(wit)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("no reason given").chars().take(300).collect()
}

/// The package of the first exported interface that is not WASI's own.
fn main_package(resolve: &Resolve, world: WorldId) -> Option<String> {
    let packages = resolve.worlds[world].exports.iter().filter_map(|(key, _)| match key {
        WorldKey::Interface(id) => resolve.interfaces[*id].package,
        WorldKey::Name(_) => None,
    });
    let names = packages.map(|package| resolve.packages[package].name.clone());
    names.into_iter().find(|name| name.namespace != "wasi").map(|name| name.to_string())
}

fn imports(resolve: &Resolve, world: WorldId) -> Vec<String> {
    let mut names: Vec<String> =
        resolve.worlds[world].imports.iter().filter_map(|(key, item)| import(resolve, key, item)).collect();
    names.sort();
    names.dedup();
    names
}

/// The name of an import that gives the component something to call. Types alone are no capability.
fn import(resolve: &Resolve, key: &WorldKey, item: &WorldItem) -> Option<String> {
    match item {
        WorldItem::Type { .. } => None,
        WorldItem::Function(function) => Some(function.name.clone()),
        WorldItem::Interface { id, .. } => {
            let interface = &resolve.interfaces[*id];
            let baseline = interface.package.is_some_and(|package| {
                let name = &resolve.packages[package].name;
                BASELINE.contains(&format!("{}:{}", name.namespace, name.name).as_str())
            });
            (!baseline && !interface.functions.is_empty()).then(|| resolve.name_world_key(key))
        }
    }
}

struct Reader<'a> {
    resolve: &'a Resolve,
    types: Converter<'a>,
    main: Option<String>,
    wit: &'a mut Wit,
}

impl Reader<'_> {
    fn world(&mut self, world: WorldId) {
        let resolve = self.resolve;
        for (key, item) in &resolve.worlds[world].exports {
            match item {
                WorldItem::Function(function) => self.function(None, "", function),
                WorldItem::Interface { id, .. } => self.interface(key, *id),
                WorldItem::Type { .. } => {}
            }
        }
    }

    fn interface(&mut self, key: &WorldKey, id: InterfaceId) {
        let interface = &self.resolve.interfaces[id];
        let full = self.resolve.name_world_key(key);
        let short = self.short(interface).unwrap_or_else(|| full.clone());
        for function in interface.functions.values() {
            self.function(Some(&full), &short, function);
        }
    }

    /// Interfaces of the main package by their own name, others in full, so that no two paths are the same.
    fn short(&self, interface: &Interface) -> Option<String> {
        let package = self.resolve.packages[interface.package?].name.to_string();
        (Some(&package) == self.main.as_ref()).then(|| interface.name.clone()).flatten()
    }

    fn function(&mut self, interface: Option<&str>, short: &str, function: &Function) {
        let path = format!("{short}#{}", function.name);
        match self.export(interface, path.clone(), function) {
            Ok(export) => self.wit.exports.push(export),
            Err(reason) => self.wit.unusable.push((path, reason)),
        }
    }

    fn export(&mut self, interface: Option<&str>, path: String, function: &Function) -> Result<Export, String> {
        if interface == Some("exports") && function.name == "init" {
            return Err("it belongs to the Python runtime, which has called it already".into());
        }
        if function.kind.resource().is_some() {
            return Err("it belongs to a resource, which would have to outlive the call".into());
        }
        if function.kind.is_async() {
            return Err("it is async; nodes are plain functions".into());
        }
        let mut params = Vec::new();
        for param in &function.params {
            let ty = self.types.ty(&param.ty).map_err(|reason| format!("parameter `{}` {reason}", param.name))?;
            params.push(Field::new(&param.name, ty));
        }
        let mut result = match &function.result {
            Some(ty) => Some(self.types.ty(ty).map_err(|reason| format!("the result {reason}"))?),
            None => None,
        };
        let mut error = None;
        let mut fallible = false;
        if let Some(Type::Result(of)) = &result {
            fallible = true;
            error = of.err.clone();
            result = of.ok.clone();
        }
        Ok(Export {
            interface: interface.map(str::to_string),
            name: function.name.clone(),
            path,
            params,
            output: result,
            error,
            fallible,
            docs: function.docs.contents.clone().unwrap_or_default().trim().to_string(),
        })
    }
}

/// Docs of a field, case or type, if there are any.
fn words(docs: &wit_parser::Docs) -> Option<Arc<str>> {
    docs.contents.as_deref().map(str::trim).filter(|docs| !docs.is_empty()).map(Arc::from)
}
