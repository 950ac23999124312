//! What is known of a flow that others call: the types of its input and output.

use loomwork_types::{Names, Type, parse};

/// A flow as others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowSignature {
    input: Type,
    output: Type,
}

impl FlowSignature {
    /// Names of types are left out: what a caller becomes must not depend on what another document calls its types.
    pub fn new(input: &Type, output: &Type) -> Self {
        Self { input: without_names(input), output: without_names(output) }
    }

    pub fn input(&self) -> &Type {
        &self.input
    }

    pub fn output(&self) -> &Type {
        &self.output
    }
}

/// The type as its text has it, which writes named types out.
fn without_names(ty: &Type) -> Type {
    parse(&ty.to_string(), &Names::default()).unwrap_or(Type::Json)
}
