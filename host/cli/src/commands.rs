//! One file per command; each reads its arguments, asks the library, and prints.

mod backup;
mod call;
mod check;
mod compile;
mod eval;
mod flows;
mod fmt;
mod inspect;
mod nodes;
mod people;
mod run;
mod runs;
mod secret;
mod serve;
mod triggers;

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
            Command::Deploy(args) => flows::deploy(&shared, args).await,
            Command::Flows(args) => flows::flows(&shared, args).await,
            Command::Rollback(args) => flows::rollback(&shared, args).await,
            Command::Undeploy(args) => flows::undeploy(&shared, args).await,
            Command::Backup(args) => backup::backup(&shared, args).await,
            Command::Restore(args) => backup::restore(&shared, args).await,
            Command::Triggers(args) => triggers::run(&shared, args).await,
            Command::Secret(args) => secret::run(&shared, args).await,
            Command::Start(args) => runs::start(&shared, args).await,
            Command::Runs(args) => runs::run(&shared, args).await,
            Command::Cancel(args) => runs::cancel(&shared, args).await,
            Command::Replay(args) => runs::replay(&shared, args).await,
            Command::Migrate(args) => runs::migrate(&shared, args).await,
            Command::Signal(args) => people::signal(&shared, args).await,
            Command::Approve(args) => people::approve(&shared, args).await,
        }
    })
}
