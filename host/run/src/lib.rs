//! Runs of flows: a [`Platform`] deploys documents, a [`Deployment`] runs them, the driver feeds machines and makes their calls.
//!
//! Knows nothing of HTTP servers or the command line. Uses the caller's tokio runtime and installs nothing global.

mod at_hand;
mod clock;
mod deploy;
mod driver;
mod id;
mod platform;
mod results;
mod trace;

pub use clock::{Clock, SystemClock};
pub use deploy::{Built, DeployError, Deployment, Outcome, Pins, RunOptions, build};
pub use id::{NotARunId, RunId};
pub use platform::{BuildError, Builder, Platform};
pub use trace::{FaultView, Step, Trace};
