//! What can go wrong between processes.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DispatchError {
    /// Nothing was acknowledged in the time that was given. It may have happened all the same.
    #[error("messages cannot be carried just now: {0}")]
    Unavailable(String),
    /// More is waiting than is kept.
    #[error("too much work is waiting")]
    Full,
    /// A name that none can be.
    #[error("{what} has 1 to {most} bytes and no control character")]
    BadName { what: &'static str, most: usize },
    #[error("a live event has at most {most} bytes")]
    TooLarge { most: usize },
    /// The configuration does not lead to a server that can be used.
    #[error("cannot use NATS at {servers}: {reason}")]
    Connect { servers: String, reason: String },
}

impl DispatchError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            DispatchError::Unavailable(_) => "dispatch.unavailable",
            DispatchError::Full => "limit.busy",
            DispatchError::BadName { .. } => "dispatch.bad_name",
            DispatchError::TooLarge { .. } => "dispatch.too_large",
            DispatchError::Connect { .. } => "dispatch.connect",
        }
    }

    pub fn hint(&self) -> Option<&'static str> {
        match self {
            DispatchError::Connect { .. } => {
                Some("Start `nats-server -js` there, and look at the user and password in the address.")
            }
            DispatchError::Full => Some("Start more workers, or send less."),
            _ => None,
        }
    }
}

/// Longest name of a run, a key, a project or a worker.
pub(crate) const MAX_NAME: usize = 256;

/// Refuses what could not be told apart from other things in a message.
pub(crate) fn check_name(what: &'static str, name: &str) -> Result<(), DispatchError> {
    let good = (1..=MAX_NAME).contains(&name.len()) && !name.chars().any(char::is_control);
    if good { Ok(()) } else { Err(DispatchError::BadName { what, most: MAX_NAME }) }
}
