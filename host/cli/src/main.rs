//! The command `loom`.

mod args;
mod backup;
mod client;
mod commands;
mod damaged;
mod data;
mod events;
mod exit;
#[cfg(feature = "failpoints")]
mod failpoints;
mod faults;
mod keeping;
mod log;
mod memory;
mod output;
mod place;
mod platform;
mod progress;
mod sources;
mod sweeping;
mod table;
mod when;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::parse();
    exit::code(args.json, commands::run(args))
}
