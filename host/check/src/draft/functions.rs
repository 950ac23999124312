//! The functions that a flow's packages offer: `http/client#send` → package `loom:http@0.1.0`, path `client#send`.

use crate::report::{Report, brief};
use loomwork_catalog::{Catalog, Function, NotFound, Package};
use loomwork_diagnostic::nearest;
use loomwork_flow::{Flow, pointer_step};

pub(crate) struct Functions<'a> {
    /// Alias, and the package if there is one.
    packages: Vec<(&'a str, Option<&'a Package>)>,
}

/// Why a `use` names no function.
pub(super) struct Mistake {
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
}

impl<'a> Functions<'a> {
    /// Looks the flow's packages up, and reports those that are not at hand.
    pub fn new(flow: &'a Flow, catalog: &'a Catalog, report: &mut Report<'_>) -> Self {
        let mut packages = Vec::new();
        for (alias, id) in &flow.packages {
            let package = catalog.package(id);
            if let Err(mistake) = &package {
                let hint = match mistake.suggestion() {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None if catalog.packages().next().is_none() => "No packages are at hand here at all.".to_owned(),
                    None => "Add the package, or mend its name or version.".to_owned(),
                };
                let pointer = format!("/packages/{}", pointer_step(alias));
                report.error_hint("flow.missing_package", &pointer, mistake.to_string(), hint);
            }
            packages.push((alias.as_str(), package.ok().map(|package| &**package)));
        }
        Self { packages }
    }

    /// The function that a `use` with a `#` names. `Err(None)`: its package is missing, which has been reported.
    pub(super) fn find(&self, uses: &str) -> Result<(&'a Package, &'a Function), Option<Mistake>> {
        let (place, name) = uses.split_once('#').unwrap_or((uses, ""));
        let (alias, interface) = place.split_once('/').unwrap_or((place, ""));
        let package = match self.packages.iter().find(|(known, _)| *known == alias) {
            Some((_, Some(package))) => *package,
            Some((_, None)) => return Err(None),
            None => return Err(Some(self.unknown_package(alias))),
        };
        let path = format!("{interface}#{name}");
        match package.function(&path).or_else(|| only_one_called(package, name).filter(|_| interface.is_empty())) {
            Some(function) => Ok((package, function)),
            None => Err(Some(unknown_function(package, alias, &path))),
        }
    }

    fn unknown_package(&self, alias: &str) -> Mistake {
        let aliases = self.packages.iter().map(|(alias, _)| *alias);
        let hint = match nearest(alias, aliases) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Add it to the flow's `packages`: `\"{}\": \"loom:name@0.1\"`.", brief(alias)),
        };
        let message = format!("the flow has no package `{}`", brief(alias));
        Mistake { code: "flow.unknown_package", message, hint: Some(hint) }
    }
}

/// The interface may be left out where only one has a function of this name.
fn only_one_called<'a>(package: &'a Package, name: &str) -> Option<&'a Function> {
    let mut found = package.functions.iter().filter(|function| &*function.name == name);
    found.next().filter(|_| found.next().is_none())
}

fn unknown_function(package: &Package, alias: &str, path: &str) -> Mistake {
    let unusable = package
        .unusable
        .iter()
        .find(|unusable| *unusable.path == *path || path.starts_with('#') && unusable.path.ends_with(path));
    if let Some(unusable) = unusable {
        let message = NotFound::Unusable { path: unusable.path.to_string(), reason: unusable.reason.clone() }.to_string();
        return Mistake { code: "flow.unusable_function", message, hint: None };
    }
    let written = |path: &str| match path.strip_prefix('#') {
        Some(name) => format!("{alias}#{name}"),
        None => format!("{alias}/{path}"),
    };
    let name = path.rsplit('#').next().unwrap_or_default();
    let paths = || package.functions.iter().map(|function| &*function.path);
    let same = || package.functions.iter().find(|function| *function.name == *name).map(|function| &*function.path);
    let near_name = || {
        let near = nearest(name, package.functions.iter().map(|function| &*function.name))?;
        package.functions.iter().find(|function| *function.name == *near).map(|function| &*function.path)
    };
    let some: Vec<String> = paths().take(8).map(|path| format!("`{}`", written(path))).collect();
    let hint = match same().or_else(|| nearest(path, paths())).or_else(near_name) {
        Some(near) => Some(format!("Did you mean `{}`?", written(near))),
        None => Some(format!("Its functions are {}.", some.join(", "))),
    };
    let message = format!("package `{}` has no function `{}`", package.id, brief(&written(path)));
    Mistake { code: "flow.unknown_function", message, hint }
}
