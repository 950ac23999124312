//! One line of a run's journal.

use crate::{Event, State};
use loomwork_types::Fault;

/// What a run's journal holds, in order. Telling a fresh machine the [`Entry::Told`] ones gives the run back; the others say how
/// far its commands have been carried out.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The machine was told this.
    Told(Event),
    /// A write call is about to leave the host. Without the answer to it behind this, nobody knows whether it did.
    Called { at: u64, step: u32, node: u32, attempt: u32 },
    /// Nothing comes behind this.
    Ended { at: u64, end: End },
}

impl Entry {
    /// Milliseconds since 1970.
    pub fn at(&self) -> u64 {
        match self {
            Self::Told(event) => event.at,
            Self::Called { at, .. } | Self::Ended { at, .. } => *at,
        }
    }

    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        crate::text::size(self)
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// With this output, JSON.
    Finished(String),
    Failed(Fault),
    Cancelled(Fault),
}

impl End {
    /// Of a run that was cancelled before it began.
    pub fn unbegun() -> Self {
        Self::Cancelled(Fault::new("run.cancelled", "the run was cancelled before it began"))
    }

    pub fn state(&self) -> State {
        match self {
            Self::Finished(_) => State::Finished,
            Self::Failed(_) => State::Failed,
            Self::Cancelled(_) => State::Cancelled,
        }
    }

    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Finished(_) => None,
            Self::Failed(fault) | Self::Cancelled(fault) => Some(fault),
        }
    }
}
