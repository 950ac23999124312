//! The command as people use it: the built program, real components, real servers.

mod backup;
mod cluster;
mod commands;
mod examples;
mod expressions;
mod hostile;
mod kept;
mod looked_after;
mod loom;
mod outside;
mod serve;
