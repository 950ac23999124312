//! Ids of runs live with the journal.

pub use loomwork_journal::{NotARunId, RunId};
