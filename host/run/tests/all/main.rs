//! Runs that survive what happens to their process.

mod crash;
mod kept;
mod manage;
mod others;
mod retention;
mod talk;
mod triggers;
mod watch;
mod world;
