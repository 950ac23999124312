//! The command `loom`.

mod args;
mod commands;
mod exit;
mod faults;
mod output;
mod platform;
mod progress;
mod sources;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    exit::of(commands::run(args::Args::parse()))
}
