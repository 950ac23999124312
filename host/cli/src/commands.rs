//! One file per command; each reads its arguments, asks the library, and prints.

mod call;
mod check;
mod compile;
mod eval;
mod fmt;
mod inspect;
mod nodes;
mod run;
mod serve;

use crate::args::{Args, Command};
use crate::exit::{Done, Failure};

/// What every command is told beside its own arguments.
pub struct Shared {
    pub json: bool,
    pub components: Option<std::path::PathBuf>,
}

pub fn run(args: Args) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Unavailable(format!("cannot start threads: {error}")))?;
    let shared = Shared { json: args.json, components: args.components };
    runtime.block_on(async {
        match args.command {
            Command::Check(args) => check::run(&shared, args).await,
            Command::Compile(args) => compile::run(&shared, args).await,
            Command::Inspect { file } => inspect::run(&shared, &file),
            Command::Run(args) => run::run(&shared, args).await,
            Command::Eval(args) => eval::run(&shared, args).await,
            Command::Nodes(args) => nodes::run(&shared, args),
            Command::Call(args) => call::run(&shared, args).await,
            Command::Fmt(args) => fmt::run(&shared, args),
            Command::Serve(args) => serve::run(&shared, args).await,
        }
    })
}
