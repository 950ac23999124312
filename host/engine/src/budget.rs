//! What a component may ask of the compiler, looked at before it is compiled.

use loomwork_types::Fault;
use wasmparser::{Encoding, Parser, Payload};

/// Bytes of a component.
pub(crate) const MOST_BYTES: usize = 64 << 20;
/// Functions of all its modules together.
const MOST_FUNCTIONS: u64 = 200_000;
/// Bytes of one function: compiling takes more than proportional time in it.
const MOST_FUNCTION_BYTES: usize = 2 << 20;

/// Refuses what is not a component, is too large, or would take too long to compile.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::new("component.too_large", format!("a component may have at most {} MiB", MOST_BYTES >> 20)));
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(Fault::new("component.invalid", "this is not WebAssembly"));
    }
    let mut functions = 0u64;
    for (index, payload) in Parser::new(0).parse_all(bytes).enumerate() {
        match payload.map_err(|error| Fault::new("component.invalid", format!("not a valid component: {error}")))? {
            Payload::Version { encoding: Encoding::Module, .. } if index == 0 => return Err(only_a_module()),
            Payload::CodeSectionEntry(body) if body.range().len() > MOST_FUNCTION_BYTES => {
                return Err(Fault::new(
                    "component.too_large",
                    format!("a function may have at most {} MiB", MOST_FUNCTION_BYTES >> 20),
                ));
            }
            Payload::CodeSectionEntry(_) => functions += 1,
            _ => {}
        }
    }
    if functions > MOST_FUNCTIONS {
        return Err(Fault::new("component.too_large", format!("a component may have at most {MOST_FUNCTIONS} functions")));
    }
    Ok(())
}

fn only_a_module() -> Fault {
    let message = "this is a core WebAssembly module, not a component; wrap it with `wasm-tools component new`";
    Fault::new("component.is_a_module", message)
}
