//! The values' tests: everything that can be done with a value, on values of every kind.

mod library;
mod operators;
mod round_trip;
mod sample;
