//! What happened in runs, and the contract of the stores that keep it.
//!
//! In reading order: [`Event`] is what a machine is told; [`Entry`] is what a run's journal holds, and [`encode`] and [`decode`]
//! are its text; [`Run`] is what is known of a run now; a [`Batch`] of [`Write`]s changes a store, wholly or not at all, and gives
//! one [`Outcome`] for each; [`Store`] is the contract and [`MemoryStore`] its plain reference, which the databases must equal.
//!
//! Who writes a store of their own implements [`rows::Rows`], one statement for each method; [`logic`] gives it its meaning.
//!
//! Knows no database, clock, randomness or engine: every time comes in as an argument.

mod approval;
mod changes;
pub mod columns;
mod entry;
mod error;
mod event;
pub mod logic;
mod memory;
mod over;
mod read;
mod record;
pub mod rows;
mod run;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod write;

pub use approval::{Answer, Given, Question, Verdict};
pub use changes::{Change, Changes, Hub};
pub use entry::{End, Entry};
pub use error::StoreError;
pub use event::{Event, Happened, Start};
pub use memory::MemoryStore;
pub use over::Over;
pub use read::{Counts, Filter, Listening, Message, Order, Snapshot, Worker};
pub use record::{Expect, Kind, Put, Record};
pub use run::{Concurrency, NotARunId, Parent, Pin, Project, Run, RunId, RunRow, State};
pub use store::{RecordPage, Store};
pub use text::{NotAJournal, decode, encode};
pub use write::{Append, Batch, Create, INSTANCE, LEFT, Listen, Next, Outcome, Progress, Prune, Signal, Write};

/// The bounds that every store holds.
pub mod limits;
