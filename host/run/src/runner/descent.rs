//! Where a run comes from, as far as that matters while it goes on.

use loomwork_journal::{Create, RunRow};

#[derive(Clone, Debug, Default)]
pub(super) struct Descent {
    /// The id of the trigger that fired.
    pub trigger: Option<String>,
    /// Who began it. What it starts has the same.
    pub starter: Option<String>,
}

impl From<&Create> for Descent {
    fn from(create: &Create) -> Self {
        Self { trigger: create.trigger.clone(), starter: create.starter.clone() }
    }
}

impl From<&RunRow> for Descent {
    fn from(row: &RunRow) -> Self {
        Self { trigger: row.trigger.clone(), starter: row.starter.clone() }
    }
}
