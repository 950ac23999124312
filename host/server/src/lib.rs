//! Flows over HTTP: a folder of documents deployed, their triggers routed, saved files taken up at once.
//!
//! Reading order: [`serve`] starts everything; `folder` deploys documents; `watch` hears of saved files; `routing` finds
//! the trigger; `guard` says who may start it, `input` what it gets; `trigger` runs it; `response`, `problem` and `status` shape what
//! came of it.
//! Knows nothing of the command line. Installs nothing global; runs on the caller's tokio runtime.

mod api;
mod folder;
mod guard;
mod host;
mod input;
mod numbers;
mod problem;
mod response;
mod routes;
mod routing;
mod serve;
mod status;
mod trigger;
mod watch;

pub use api::{Backups, NotAToken, Token};
pub use folder::{Deployed, Folder};
pub use host::{Host, Remembered};
pub use numbers::Numbers;
pub use problem::Problem;
pub use serve::{ServeError, Server, ServerConfig};
pub use trigger::MAX_BODY;
