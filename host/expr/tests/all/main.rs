mod conformance;
mod diagnostics;
mod generate;
mod properties;
