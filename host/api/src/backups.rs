//! Copies of all that a server keeps.

use serde::{Deserialize, Serialize};

/// What `POST /api/backups` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupView {
    /// On the server's own disk.
    pub folder: String,
}
