//! Writes one exported function for each library function and number of arguments, so that generated code calls them by name.

use loomwork_value::library::{ANY, FUNCTIONS, Row, Slice};
use std::fmt::Write;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut out = String::new();
    for (number, row) in FUNCTIONS.iter().enumerate() {
        if row.max == ANY {
            write_function(&mut out, row, number, None);
        } else {
            (row.min..=row.max).for_each(|arity| write_function(&mut out, row, number, Some(arity)));
        }
    }
    let folder = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&folder).join("library.rs"), out).expect("OUT_DIR can be written");
}

/// A function of any number of arguments takes them as one list.
fn write_function(out: &mut String, row: &Row, number: usize, arity: Option<usize>) {
    let shown = arity.map_or("*".to_owned(), |arity| arity.to_string());
    let suffix = arity.map_or("any".to_owned(), |arity| arity.to_string());
    let names: Vec<_> = (0..arity.unwrap_or(1)).map(|i| format!("a{i}")).collect();
    let params = names.iter().map(|name| format!("{name}: i32")).collect::<Vec<_>>().join(", ");
    let body = match arity {
        Some(_) => format!("runtime.library::<{number}>(&[{}])", names.join(", ")),
        None => format!("runtime.library_of_list::<{number}>(a0)"),
    };
    if let Some(feature) = feature(row.slice) {
        writeln!(out, "#[cfg(feature = {feature:?})]").expect("a string takes all");
    }
    writeln!(
        out,
        "#[cfg_attr(target_family = \"wasm\", unsafe(export_name = \"fn:{}/{shown}\"))]\n\
         pub extern \"C\" fn library_{number}_{suffix}({params}) -> i32 {{ with(|runtime| {body}) }}",
        row.name
    )
    .expect("a string takes all");
}

fn feature(slice: Slice) -> Option<&'static str> {
    match slice {
        Slice::Core => None,
        Slice::Regex => Some("regex"),
        Slice::Zones => Some("zones"),
    }
}
