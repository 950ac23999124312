//! WIT and manifest together: what the author says, held against what the component is.

use crate::manifest::{ExampleEntry, FieldEntry, FunctionEntry, Manifest};
use crate::wit::{Export, Wit};
use crate::{CatalogError, Choices, Code, Effect, Example, FieldHint, Function, Need, Package, Unusable};
use loomwork_types::{Type, canonical, names::suggest};
use std::sync::Arc;

/// Capabilities that the host can hold to reading.
const READABLE: [&str; 7] = [
    "loom:host/http",
    "loom:host/kv",
    "loom:host/sql",
    "loom:host/blob",
    "loom:host/secret",
    "loom:host/log",
    "wasi:http/outgoing-handler",
];

pub(super) fn package(wit: Wit, manifest: &Manifest, name: &str, digest: &str) -> Result<Package, CatalogError> {
    known_functions(&wit, manifest)?;
    let id = id(&wit, manifest, name)?;
    let entry = &manifest.package;
    let title: Arc<str> = entry.title.clone().unwrap_or_else(|| title(short(&id))).into();
    let category: Arc<str> = entry.category.clone().map_or_else(|| title.clone(), Arc::from);
    let docs = wit.docs.as_deref().map(Arc::from);
    let summary = entry.summary.clone().unwrap_or_else(|| wit.docs.as_deref().map(first_sentence).unwrap_or_default());
    let needs = needs(&wit.capabilities, manifest)?;
    let around =
        Around { capabilities: &wit.capabilities, category: &category, icon: entry.icon.as_deref(), exports: &wit.exports };
    let functions: Result<Vec<Function>, CatalogError> =
        wit.exports.iter().map(|export| around.function(export, manifest.functions.get(&export.path))).collect();
    let unusable = wit.unusable.into_iter().map(|(path, reason)| Unusable { path: path.into(), reason });
    Ok(Package {
        id: id.into(),
        digest: digest.into(),
        functions: functions?,
        unusable: unusable.collect(),
        capabilities: wit.capabilities.iter().map(|name| name.as_str().into()).collect(),
        docs,
        title,
        summary: summary.into(),
        icon: entry.icon.as_deref().map(Arc::from),
        category,
        reuse: entry.reuse.unwrap_or(1).max(1),
        needs,
    })
}

fn mistake(reason: impl Into<String>) -> CatalogError {
    CatalogError::Manifest { reason: reason.into() }
}

fn known_functions(wit: &Wit, manifest: &Manifest) -> Result<(), CatalogError> {
    let paths =
        || wit.exports.iter().map(|export| export.path.as_str()).chain(wit.unusable.iter().map(|(path, _)| path.as_str()));
    match manifest.functions.keys().find(|path| !paths().any(|known| known == path.as_str())) {
        None => Ok(()),
        Some(path) => Err(mistake(match suggest(path, paths()) {
            Some(near) => format!("the component has no function `{path}`; did you mean `{near}`?"),
            None => format!("the component has no function `{path}`"),
        })),
    }
}

/// The manifest's id, with the WIT's version where it states none itself; else the WIT's; else a local one.
fn id(wit: &Wit, manifest: &Manifest, name: &str) -> Result<String, CatalogError> {
    let Some(given) = &manifest.package.id else {
        return Ok(wit.id.clone().unwrap_or_else(|| format!("local:{}", slug(name))));
    };
    let (plain, version) = given.split_once('@').map_or((given.as_str(), None), |(plain, version)| (plain, Some(version)));
    let good = plain.split_once(':').is_some_and(|(namespace, name)| is_slug(namespace) && is_slug(name));
    if !good || version.is_some_and(|version| semver::Version::parse(version).is_err()) {
        return Err(mistake(format!("`{given}` is no package id; write `namespace:name` or `namespace:name@1.2.3`")));
    }
    let stated = wit.id.as_deref().and_then(|id| id.split_once('@')).filter(|(same, _)| *same == plain);
    Ok(match (version, stated) {
        (None, Some((_, version))) => format!("{plain}@{version}"),
        _ => given.clone(),
    })
}

fn is_slug(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// A file's name as a package's.
fn slug(name: &str) -> String {
    let letters = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
    let text: String = letters.take(64).collect();
    let text = text.trim_matches('-').to_string();
    if is_slug(&text) { text } else { "component".into() }
}

fn needs(capabilities: &[String], manifest: &Manifest) -> Result<Vec<Need>, CatalogError> {
    manifest
        .capabilities
        .iter()
        .map(|(name, entry)| {
            let found = capabilities.iter().find(|capability| *capability == name || unversioned(capability) == name);
            let found = found.ok_or_else(|| mistake(format!("the component does not import `{name}`, so it needs no reason")))?;
            Ok(Need { capability: found.as_str().into(), reason: entry.reason.as_str().into() })
        })
        .collect()
}

/// `loom:host/http@0.1.0` without its version.
fn unversioned(name: &str) -> &str {
    name.split_once('@').map_or(name, |(plain, _)| plain)
}

/// What all functions of a package share.
struct Around<'a> {
    capabilities: &'a [String],
    category: &'a Arc<str>,
    icon: Option<&'a str>,
    exports: &'a [Export],
}

impl Around<'_> {
    fn function(&self, export: &Export, entry: Option<&FunctionEntry>) -> Result<Function, CatalogError> {
        let none = FunctionEntry::default();
        let entry = entry.unwrap_or(&none);
        let title = entry.title.clone().unwrap_or_else(|| title(&export.name));
        let summary = entry.summary.clone().unwrap_or_else(|| first_sentence(&export.docs));
        let effect = self.effect(export, entry)?;
        if entry.once && effect != Effect::Write {
            return Err(mistake(format!("function `{}`: `once` belongs to `effect = \"write\"`", export.path)));
        }
        let function = Function {
            interface: export.interface.as_deref().map(Arc::from),
            name: export.name.as_str().into(),
            path: export.path.as_str().into(),
            params: export.params.clone(),
            output: export.output.clone(),
            error: export.error.clone(),
            fallible: export.fallible,
            effect,
            once: entry.once,
            title: title.into(),
            summary: summary.into(),
            icon: entry.icon.as_deref().or(self.icon).map(Arc::from),
            category: entry.category.as_deref().map_or_else(|| self.category.clone(), Arc::from),
            docs: export.docs.as_str().into(),
            fields: self.hints(export, entry)?,
            examples: Vec::new(),
        };
        let examples: Result<Vec<Example>, CatalogError> =
            entry.examples.iter().map(|example| checked(&function, example)).collect();
        Ok(Function { examples: examples?, ..function })
    }

    fn effect(&self, export: &Export, entry: &FunctionEntry) -> Result<Effect, CatalogError> {
        let Some(effect) = entry.effect.map(Effect::from) else {
            return Ok(if self.capabilities.is_empty() { Effect::Pure } else { Effect::Write });
        };
        let unheld = self.capabilities.iter().find(|name| !READABLE.contains(&unversioned(name)));
        match (effect, unheld) {
            (Effect::Pure | Effect::Read, Some(capability)) => {
                let reason = format!(
                    "function `{}`: the host cannot hold `{capability}` to reading, so its effect is `write`",
                    export.path
                );
                Err(mistake(reason))
            }
            _ => Ok(effect),
        }
    }

    fn hints(&self, export: &Export, entry: &FunctionEntry) -> Result<Vec<FieldHint>, CatalogError> {
        entry.fields.iter().map(|(name, field)| self.hint(export, name, field)).collect()
    }

    fn hint(&self, export: &Export, name: &str, entry: &FieldEntry) -> Result<FieldHint, CatalogError> {
        let param = export.params.iter().find(|param| *param.name == *name || *param.json == *name);
        let Some(param) = param else {
            let near = suggest(name, export.params.iter().map(|param| &*param.name));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(mistake(format!("function `{}` has no parameter `{name}`{hint}", export.path)));
        };
        if let Some(choices) =
            entry.choices.as_deref().filter(|choices| !self.exports.iter().any(|other| other.path == **choices))
        {
            return Err(mistake(format!(
                "function `{}`: choices name `{choices}`, which the component does not export",
                export.path
            )));
        }
        Ok(FieldHint {
            param: param.json.clone(),
            multiline: entry.multiline,
            secret: entry.secret,
            code: entry.code.as_deref().map(|code| Code(code.into())),
            choices: entry.choices.as_deref().map(|choices| Choices(choices.into())),
        })
    }
}

/// An example must be what it shows.
fn checked(function: &Function, entry: &ExampleEntry) -> Result<Example, CatalogError> {
    let wrong = |what: &str, reason: &dyn std::fmt::Display| {
        mistake(format!("function `{}`: example `{}`: its {what} is wrong: {reason}", function.path, entry.title))
    };
    let json = |what: &str, value: &toml::Value, ty: &Type| {
        let text = serde_json::to_string(value).map_err(|error| wrong(what, &error))?;
        canonical(ty, &text).map(Arc::from).map_err(|mismatch| wrong(what, &mismatch))
    };
    let input = json("input", &entry.input, &function.input())?;
    let output = match (&entry.output, &function.output) {
        (Some(value), Some(ty)) => Some(json("output", value, ty)?),
        (Some(_), None) => return Err(wrong("output", &"the function gives none")),
        (None, _) => None,
    };
    Ok(Example { title: entry.title.as_str().into(), input, output })
}

/// `sort-by` as `Sort by`.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `loom:text@0.1.0` as `text`.
fn short(id: &str) -> &str {
    let plain = unversioned(id);
    plain.split_once(':').map_or(plain, |(_, name)| name)
}

/// Up to the first full stop that ends a sentence, or the first empty line.
fn first_sentence(docs: &str) -> String {
    let paragraph = docs.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.find(". ") {
        Some(end) => line[..end].to_string(),
        None => line.strip_suffix('.').unwrap_or(&line).to_string(),
    }
}
