//! Components from anywhere.

use loomwork_catalog::{Package, palette};

/// What a component says of itself, read and shown; and what it carries if it is a flow.
pub fn component(data: &[u8]) {
    if let Ok(package) = Package::read(data) {
        let _ = palette(&package);
    }
    let _ = loomwork_compile::open(data);
    let _ = loomwork_compile::sizes(data);
}
