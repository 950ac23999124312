//! What is fuzzed, as functions of bytes: the targets under `fuzz/` call them with random input, the tests with the committed corpus.
//! Each must end soon, without a panic, whatever the bytes. `README.md` says how to fuzz and what was found.

mod catalog;
mod component;
mod document;
mod drawn;
mod expression;
mod mapping;
mod schema;
mod state;

pub use component::component;
pub use document::document;
pub use expression::expression;
pub use mapping::mapping;
pub use schema::schema;
pub use state::state;

/// Something that takes any bytes.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its corpus.
pub const TARGETS: [(&str, Target); 6] = [
    ("component", component),
    ("document", document),
    ("expression", expression),
    ("mapping", mapping),
    ("schema", schema),
    ("state", state),
];

/// Whether an engine would accept what was generated.
fn assert_valid_wasm(bytes: &[u8], of: &str) {
    if let Err(error) = wasmparser::Validator::new().validate_all(bytes) {
        panic!("what was generated is not valid WebAssembly: {error}\n{of}");
    }
}
