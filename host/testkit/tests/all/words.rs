//! What a builder reads: our own functions have documentation, our packages a manifest and a README.

use loomwork_catalog::Package;

#[test]
fn every_function_is_explained() {
    let mut missing = Vec::new();
    for (folder, wasm) in crate::components() {
        if !folder.join("node.toml").exists() {
            continue;
        }
        let package = Package::read(&std::fs::read(&wasm).expect("it was built")).expect("it is a package");
        let docs = package.functions.iter().filter(|function| function.docs.trim().is_empty());
        missing.extend(docs.map(|function| format!("{}: no documentation", function.path)));
        missing.extend(
            package
                .functions
                .iter()
                .filter(|function| function.title.is_empty())
                .map(|function| format!("{}: no title", function.path)),
        );
        missing.extend(package.docs.is_none().then(|| format!("{}: no documentation", package.id)));
        missing.extend((!folder.join("README.md").exists()).then(|| format!("{}: no README.md", folder.display())));
        missing.extend(
            (package.needs.len() != package.capabilities.len()).then(|| format!("{}: a capability without a reason", package.id)),
        );
        missing.extend(package.unusable.iter().map(|unusable| format!("{}: {}", unusable.path, unusable.reason)));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
