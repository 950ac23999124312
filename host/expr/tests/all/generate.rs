//! Generated code: how it reads, and that it answers as the evaluator does.

mod conformance;
mod stage;
