//! The expression language: CEL, its parser, its type checker, and two back ends held equal.
//!
//! The walk: text → [`ast`] ([`parse`]) → [`ir`] ([`check()`]) → a value ([`evaluate()`]) or WebAssembly (`generate`).
//! Knows nothing of documents and flows: what names mean is asked of an [`Environment`], what they hold of [`Roots`].

pub mod ast;
mod check;
pub mod cost;
mod environment;
mod evaluate;
mod fits;
mod lexer;
mod library;
mod parser;
pub mod template;
mod ty;

pub mod generate;
pub mod ir;

#[cfg(feature = "testing")]
pub mod testing;

pub use check::check;
pub use environment::{Environment, Mode, Names, Resolved, Roots};
pub use evaluate::evaluate;
pub use fits::{Fit, fits};
pub use parser::{MAX_HEIGHT, MAX_NODES, MAX_SOURCE, parse};
pub use ty::Ty;
