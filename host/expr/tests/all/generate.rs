//! Generated code: how it reads, and that it answers as the evaluator does.

mod conformance;
mod differential;
mod fuzzed;
mod golden;
mod hostile;
mod names;
mod random;
mod slices;
mod stage;
