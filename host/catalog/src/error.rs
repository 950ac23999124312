//! Why bytes are not a package.

use thiserror::Error;

/// A refused component.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CatalogError {
    #[error("the component is {size} bytes long; {limit} are allowed")]
    TooLarge { size: usize, limit: usize },
    #[error("these bytes are not WebAssembly")]
    NotWasm,
    /// WebAssembly, but a core module, or a WIT package without code.
    #[error("{what}, not a component")]
    NotComponent { what: &'static str },
    #[error("the component is not valid: {reason}")]
    Invalid { reason: String },
    #[error("the component's manifest is not valid: {reason}")]
    Manifest { reason: String },
}

impl CatalogError {
    /// Stable: `package.not_wasm`, `package.not_component` …
    pub fn code(&self) -> &'static str {
        match self {
            CatalogError::TooLarge { .. } => "package.too_large",
            CatalogError::NotWasm => "package.not_wasm",
            CatalogError::NotComponent { .. } => "package.not_component",
            CatalogError::Invalid { .. } => "package.invalid",
            CatalogError::Manifest { .. } => "package.manifest",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            CatalogError::TooLarge { .. } => "Strip debug information (`wasm-tools strip`), or split the component.",
            CatalogError::NotWasm => "Give the `.wasm` file of a component.",
            CatalogError::NotComponent { .. } => {
                "Make a component of the module: `wasm-tools component new`, or `loom node build`."
            }
            CatalogError::Invalid { .. } => "Build it again; `wasm-tools validate --features all` tells more.",
            CatalogError::Manifest { .. } => "Mend `node.toml` and build the component again.",
        }
    }
}
