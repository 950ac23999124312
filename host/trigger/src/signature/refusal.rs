//! Why a request was not let in.

/// Names headers, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the header `{0}` is missing")]
    Missing(String),
    /// Not what the scheme says, or there more than once.
    #[error("the header `{0}` is not in the form that it should have")]
    Malformed(String),
    #[error("the request was signed more than five minutes ago")]
    Stale,
    #[error("the request was signed for a time to come")]
    Early,
    /// No secret made the signature, or the token is none of them.
    #[error("the signature or token does not fit")]
    Mismatch,
    /// The server's own mistake: what is kept as secret cannot be used.
    #[error("the trigger's secret cannot be used: {0}")]
    Secret(&'static str),
}

impl Refusal {
    /// Stable, for programs and for the table of statuses.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Missing(_) => "signature.missing",
            Refusal::Malformed(_) => "signature.malformed",
            Refusal::Stale => "signature.stale",
            Refusal::Early => "signature.early",
            Refusal::Mismatch => "signature.mismatch",
            Refusal::Secret(_) => "signature.secret",
        }
    }

    pub fn hint(&self) -> &'static str {
        match self {
            Refusal::Missing(_) => "Send the header that this trigger asks for.",
            Refusal::Malformed(_) => "Send the header once, as the scheme that this trigger uses describes it.",
            Refusal::Stale => "Sign and send it again; if it was signed just now, set the sender's clock.",
            Refusal::Early => "Set the sender's clock.",
            Refusal::Mismatch => "Sign the body's very bytes with the secret that this trigger keeps.",
            Refusal::Secret(_) => "Set the secret that the trigger names.",
        }
    }
}
