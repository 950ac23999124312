//! What the crate promises to those who call it.

mod cron;
mod cron_search;
mod signature;
