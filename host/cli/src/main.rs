//! The command `loom`.

mod args;
mod commands;
mod exit;
mod output;
mod sources;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    exit::of(commands::run(args::Args::parse()))
}
