//! Flows over HTTP: a folder of documents deployed, their triggers routed, saved files taken up at once.
//!
//! Reading order: [`serve`] starts everything; `folder` deploys documents; `watch` hears of saved files; `routes` finds
//! the trigger; `trigger` runs it; `problem` and `status` shape what went wrong.
//! Knows nothing of the command line. Installs nothing global; runs on the caller's tokio runtime.

mod folder;
mod problem;
mod routes;
mod serve;
mod status;
mod trigger;
mod watch;

pub use folder::{Deployed, Folder};
pub use problem::Problem;
pub use serve::{ServeError, Server, ServerConfig};
pub use trigger::MAX_BODY;
