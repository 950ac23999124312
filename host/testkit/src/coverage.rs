//! What the cases of a component must show at least: every fault that it declares, and every label of every enum it takes.

use crate::case::Case;
use loomwork_catalog::{Function, Package};
use loomwork_types::Type;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What has been seen in cases.
#[derive(Default)]
pub struct Coverage {
    /// By function: the words in its inputs, names of fields and cases among them.
    words: BTreeMap<String, BTreeSet<String>>,
    /// Codes, of all functions together: they share their errors.
    faults: BTreeSet<String>,
}

impl Coverage {
    pub fn see(&mut self, case: &Case) {
        gather(&case.input, self.words.entry(case.function.clone()).or_default());
        self.faults.extend(case.fault.as_ref().map(|fault| fault.code.clone()));
    }

    /// A sentence for each thing that no case shows.
    pub fn missing(&self, package: &Package) -> Vec<String> {
        let functions = package.functions.iter().map(|function| &function.path);
        let unusable = package.unusable.iter().map(|unusable| &unusable.path);
        let mut missing: Vec<String> = functions
            .chain(unusable)
            .filter(|path| !self.words.contains_key(&***path))
            .map(|path| format!("`{path}` has no case"))
            .collect();
        let declared: BTreeSet<String> = package.functions.iter().flat_map(|function| codes(package, function)).collect();
        missing.extend(declared.difference(&self.faults).map(|code| format!("no case shows the fault `{code}`")));
        missing.extend(package.functions.iter().flat_map(|function| self.missing_labels(function)));
        missing
    }

    fn missing_labels(&self, function: &Function) -> Vec<String> {
        let none = BTreeSet::new();
        let words = self.words.get(&*function.path).unwrap_or(&none);
        let mut labels = BTreeSet::new();
        function.params.iter().for_each(|param| enum_labels(&param.ty, &mut labels));
        let unseen = labels.iter().filter(|label| !words.contains(**label));
        unseen.map(|label| format!("no case of `{}` uses `{label}`", function.path)).collect()
    }
}

/// The codes of a function's own errors.
fn codes(package: &Package, function: &Function) -> Vec<String> {
    let name = package.id.split('@').next().and_then(|id| id.rsplit(':').next()).unwrap_or_default();
    let cases: Vec<&str> = match &function.error {
        Some(Type::Variant(of)) => of.cases.iter().map(|case| &*case.json).collect(),
        Some(Type::Enum(of)) => of.labels.iter().map(|(_, json)| &**json).collect(),
        _ => Vec::new(),
    };
    cases.into_iter().map(|case| format!("{name}.{case}")).collect()
}

fn enum_labels<'a>(ty: &'a Type, labels: &mut BTreeSet<&'a str>) {
    match ty {
        Type::Enum(of) | Type::Flags(of) => labels.extend(of.labels.iter().map(|(_, json)| &**json)),
        Type::List(of) | Type::Option(of) => enum_labels(of, labels),
        Type::Tuple(of) => of.iter().for_each(|ty| enum_labels(ty, labels)),
        Type::Record(of) => of.fields.iter().for_each(|field| enum_labels(&field.ty, labels)),
        Type::Variant(of) => {
            labels.extend(of.cases.iter().map(|case| &*case.json));
            of.cases.iter().filter_map(|case| case.ty.as_ref()).for_each(|ty| enum_labels(ty, labels));
        }
        _ => {}
    }
}

fn gather(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(words.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| gather(item, words)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            words.insert(name.clone());
            gather(value, words);
        }),
        _ => {}
    }
}
