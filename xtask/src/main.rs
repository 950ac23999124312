//! Everything a contributor runs, without any tool but cargo: `cargo xtask help`.

mod bench;
mod components;
mod demo;
mod fuzz;
mod runtime;
mod setup;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo          set everything up, start Loomwork with the examples, print what to open
cargo xtask test [SUITE]  set everything up and run every suite, or the one named
cargo xtask bench [--only ID] [--json]
                          measure against the references and append to docs/benchmarks.md
cargo xtask tidy          ranks, purity, and the names in ARCHITECTURE.md
cargo xtask components [NAME]
                          build the node components into dist/components
cargo xtask runtime [--verify]
                          build the module that every flow carries, or prove that the committed bytes are its build
cargo xtask fuzz [TARGET] [--minutes N] [--keep]
                          fuzz a target or all; --keep adds to the committed corpus what reaches new code
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let done = match args.first().map(String::as_str) {
        Some("demo") => demo::run(rest),
        Some("test") => test::run(rest),
        Some("bench") => bench::run(rest),
        Some("tidy") => tidy::run(),
        Some("components") => {
            setup::targets().and_then(|()| components::build(&shell::root(), rest.first().map(String::as_str)).map(drop))
        }
        Some("runtime") if rest == ["--verify"] => runtime::verify(&shell::root()),
        Some("runtime") => runtime::build(&shell::root()),
        Some("fuzz") => fuzz::run(rest),
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(anyhow::anyhow!("there is no task `{other}`\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
