//! Types, their text, and the mapping between JSON and values.

mod arbitrary;
mod assign;
mod mapping;
mod mistakes;
mod schema;
mod syntax;
mod wire;
