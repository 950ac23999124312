//! Logs go to standard error, so that standard output is for results alone. `LOOM_LOG` says what is shown.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// For commands that run something once: what components write, and warnings.
pub fn of_a_run() {
    let log = tracing_subscriber::fmt().with_env_filter(filter("warn,loomwork::guest=info")).with_writer(std::io::stderr);
    log.with_ansi(colour()).with_target(false).without_time().init();
}

/// For a server: everything from `info` on, as lines for people or as JSON for programs.
pub fn of_a_server(json: bool) {
    let log = tracing_subscriber::fmt().with_env_filter(filter("info")).with_writer(std::io::stderr);
    if json {
        log.json().flatten_event(true).init();
    } else {
        log.with_ansi(colour()).with_target(false).init();
    }
}

fn filter(default: &str) -> EnvFilter {
    EnvFilter::try_from_env("LOOM_LOG").unwrap_or_else(|_| default.into())
}

fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
