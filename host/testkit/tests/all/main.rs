//! All cases of all components, as `cargo xtask components` has built them.

mod cases;
mod hostile;
mod words;

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies two folders deep in the checkout")
}

/// Native code is kept from one run to the next.
fn bench() -> loomwork_testkit::Bench {
    loomwork_testkit::Bench::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("native")).expect("the engine starts")
}

/// Each component's folder and its built component. The Python one may be missing where it could not be built.
fn components() -> Vec<(PathBuf, PathBuf)> {
    let parents = [root().join("components"), root().join("components/foreign")];
    let entries = parents.iter().flat_map(|parent| std::fs::read_dir(parent).expect("the folder of the components is there"));
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.join("wit").is_dir()).collect();
    folders.sort();
    let built = |folder: &Path| {
        root().join("dist/components").join(folder.file_name().expect("a folder has a name")).with_extension("wasm")
    };
    let pairs = folders.into_iter().map(|folder| (built(&folder), folder)).map(|(wasm, folder)| (folder, wasm));
    let may_lack = |folder: &Path| folder.join("app.py").exists() && std::env::var_os("CI").is_none();
    let pairs: Vec<_> = pairs.filter(|(folder, wasm)| wasm.exists() || !may_lack(folder)).collect();
    for (_, wasm) in &pairs {
        assert!(wasm.exists(), "{} is not built: run `cargo xtask components`", wasm.display());
    }
    pairs
}
