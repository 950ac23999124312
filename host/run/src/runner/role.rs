//! What one of several processes on a store does.

/// All processes of a store may do everything, or some take requests and others do the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Begins runs, and waits for what others make of them. Flows that live in memory run here.
    Api,
    /// Takes runs up, and fires triggers by the clock.
    Worker,
    #[default]
    All,
}

impl Role {
    /// Whether runs that are kept are executed here.
    pub fn executes(self) -> bool {
        self != Role::Api
    }

    /// Whether requests for flows, and those of the API, are answered here.
    pub fn answers(self) -> bool {
        self != Role::Worker
    }
}
