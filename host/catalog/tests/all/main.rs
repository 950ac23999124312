//! Packages from components, the catalog, and the lock.

mod catalog;
mod hostile;
mod lock;
mod made;
mod manifest;
mod packages;
