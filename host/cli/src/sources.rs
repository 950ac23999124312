//! Where things that commands work on come from: documents, inputs, components, grants.

use crate::args::Input;
use crate::exit::Failure;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of any file that a command reads.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// A file's bytes, or the sentence that says why not.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| Failure::usage(format!("cannot read {}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Failure::usage(format!("{} is larger than 64 MiB", path.display())));
    }
    Ok(bytes)
}

/// A file's text.
pub fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path)?).map_err(|_| Failure::usage(format!("{} is not UTF-8 text", path.display())))
}

/// JSON as given, from `@FILE`, or from standard input (`@-`).
pub fn json_argument(given: &str) -> Result<String, Failure> {
    match given.strip_prefix('@') {
        Some("-") => {
            let mut text = String::new();
            let read = std::io::stdin().take(MAX_FILE).read_to_string(&mut text);
            read.map_err(|error| Failure::usage(format!("cannot read standard input: {error}")))?;
            Ok(text)
        }
        Some(file) => text(Path::new(file)),
        None => Ok(given.to_owned()),
    }
}

impl Input {
    /// The input's JSON text.
    pub fn read(&self) -> Result<String, Failure> {
        match &self.input_text {
            Some(file) => Ok(serde_json::Value::String(text(file)?).to_string()),
            None => json_argument(&self.input),
        }
    }
}

/// The `*.flow.json` documents among files and folders, sorted.
pub fn documents(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            collect(path, 0, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Failure::usage("there is no *.flow.json in the folder").hint("Name a document, or a folder that holds one."));
    }
    Ok(found)
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    const MAX_DEPTH: usize = 8;
    let unreadable = |error: std::io::Error| Failure::usage(format!("cannot read {}: {error}", folder.display()));
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        if kind.is_dir() && depth < MAX_DEPTH {
            collect(&path, depth + 1, found)?;
        } else if loomwork_flow::is_document_name(&path.to_string_lossy()) {
            found.push(path);
        }
    }
    Ok(())
}

/// The folder of components: as given, from the environment, in the checkout one stands in, or where the program was built or installed.
pub fn components_folder(given: Option<&Path>) -> Option<PathBuf> {
    let named = given
        .map(Path::to_owned)
        .or_else(|| std::env::var_os("LOOM_COMPONENTS").filter(|folder| !folder.is_empty()).map(PathBuf::from));
    named.or_else(|| likely_folders().into_iter().find(|folder| folder.is_dir()))
}

fn likely_folders() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("dist/components")];
    let program = std::env::current_exe().ok();
    if let Some(beside) = program.as_deref().and_then(Path::parent) {
        let places = ["components", "../share/loomwork/components", "../../dist/components"];
        folders.extend(places.map(|place| beside.join(place)));
    }
    folders
}
