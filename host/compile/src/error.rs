//! Why a checked flow did not become a component, or bytes are not one.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompileError {
    /// A number that the generated code has no room for.
    TooLarge { what: String },
}

impl CompileError {
    /// `compile.too_large`
    pub fn code(&self) -> &'static str {
        match self {
            CompileError::TooLarge { .. } => "compile.too_large",
        }
    }

    pub fn hint(&self) -> Option<&'static str> {
        match self {
            CompileError::TooLarge { .. } => Some("Split the flow."),
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::TooLarge { what } => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for CompileError {}

/// Why bytes cannot be opened as a compiled flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// No WebAssembly component at all.
    NotAComponent(String),
    /// A component, but not one made of a flow: this section is missing or damaged.
    NotAFlow(&'static str),
}

impl OpenError {
    /// `artifact.not_a_component` or `artifact.not_a_flow`
    pub fn code(&self) -> &'static str {
        match self {
            OpenError::NotAComponent(_) => "artifact.not_a_component",
            OpenError::NotAFlow(_) => "artifact.not_a_flow",
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::NotAComponent(why) => write!(f, "not a WebAssembly component: {why}"),
            OpenError::NotAFlow(section) => write!(f, "not a compiled flow: section `{section}` is missing or damaged"),
        }
    }
}

impl std::error::Error for OpenError {}
