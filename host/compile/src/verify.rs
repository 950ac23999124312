//! Whether code and document belong together: the document is compiled again, and the bytes compared.

use crate::error::{CompileError, OpenError};
use crate::sections::{Opened, open};
use crate::source::compile;
use loomwork_catalog::{Catalog, Lock};
use loomwork_check::check_text;
use loomwork_diagnostic::Diagnostic;
use std::fmt;

/// Why a component is not what its own document becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum VerifyError {
    Open(OpenError),
    /// The document it carries cannot be used with this catalog.
    Document(Vec<Diagnostic>),
    /// The lock it carries cannot be read.
    Lock(String),
    Compile(CompileError),
    /// Made by another compiler: this one cannot tell.
    OtherCompiler(String),
    /// The code is not that of the document.
    Differs,
}

impl VerifyError {
    /// A stable code, `artifact.differs` for instance.
    pub fn code(&self) -> &'static str {
        match self {
            VerifyError::Open(error) => error.code(),
            VerifyError::Document(_) => "artifact.document",
            VerifyError::Lock(_) => "artifact.lock",
            VerifyError::Compile(error) => error.code(),
            VerifyError::OtherCompiler(_) => "artifact.other_compiler",
            VerifyError::Differs => "artifact.differs",
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerifyError::Open(error) => error.fmt(f),
            VerifyError::Document(_) => f.write_str("the document in it cannot be used here"),
            VerifyError::Lock(why) => write!(f, "the lock in it cannot be used: {why}"),
            VerifyError::Compile(error) => error.fmt(f),
            VerifyError::OtherCompiler(other) => write!(f, "made by {other}, which cannot be compared"),
            VerifyError::Differs => f.write_str("its code is not what its document becomes"),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Compiles the document in a component again and compares: what is shown in the studio is what runs.
pub fn verify(bytes: &[u8], catalog: &Catalog) -> Result<Opened, VerifyError> {
    let opened = open(bytes).map_err(VerifyError::Open)?;
    if opened.compiler != crate::COMPILER_VERSION {
        return Err(VerifyError::OtherCompiler(opened.compiler));
    }
    let lock = Lock::read(&opened.lock).map_err(|error| VerifyError::Lock(error.to_string()))?;
    let (checked, diagnostics) = check_text(&opened.document, &catalog.clone().with_flows_of(&lock));
    let Some((flow, checked)) = checked else { return Err(VerifyError::Document(diagnostics)) };
    let again = compile(&flow, &checked, &lock).map_err(VerifyError::Compile)?;
    if again.bytes == bytes { Ok(opened) } else { Err(VerifyError::Differs) }
}
