//! Runs of flows: a [`Platform`] deploys documents, a [`Deployment`] runs them, the driver feeds machines and makes their calls.
//!
//! Knows nothing of HTTP servers or the command line. Uses the caller's tokio runtime and installs nothing global.

mod at_hand;
mod calling;
mod chance;
mod clock;
mod decision;
mod deploy;
mod driver;
mod feed;
mod ledger;
mod marked;
mod observed;
mod outlet;
mod platform;
mod progress;
mod recent;
mod replay;
mod results;
mod runner;
mod session;
mod trace;

pub use chance::{Chance, SystemChance};
pub use clock::{Clock, SystemClock};
pub use deploy::{Built, DeployError, Deployment, Outcome, Pins, RunOptions, build};
/// What is kept of runs, and how.
pub use loomwork_journal::{
    End, Entry, Filter, Listening, MemoryStore, NotARunId, Order, Project, Run, RunId, RunRow, State, Store, StoreError, Verdict,
    encode as journal_text,
};
pub use platform::{BuildError, Builder, Platform};
pub use recent::RecentRun;
pub use replay::{Asked, Past, Replay};
pub use runner::{
    Again, Answered, Begun, Details, FlowState, Mark, NewRun, NotAMark, Redact, Reply, Retention, Retried, Role, Runner,
    RunnerSettings, TriggerView, Version, Watch, Watched,
};
pub use trace::{FaultView, Step, Trace};
