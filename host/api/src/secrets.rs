//! Secrets: they can be set and deleted, and never be read.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `GET /api/secrets`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretList {
    pub secrets: Vec<SecretView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretView {
    pub name: String,
}

/// `PUT /api/secrets/{name}`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRequest {
    pub value: String,
    /// Where it may be sent, such as `https://api.example.com`; absent leaves that to grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
}

/// What `PUT` and `DELETE` answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretChanged {
    pub name: String,
    /// Whether there is one now.
    pub present: bool,
}

impl fmt::Debug for SecretRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretRequest").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}
