//! The seam to what knows secrets.

use std::borrow::Cow;

/// Hides every secret that is known, of any project, in a text that leaves the host.
pub trait Redact: Send + Sync + 'static {
    fn redact<'t>(&self, text: &'t str) -> Cow<'t, str>;
}

/// For hosts that have no secrets.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShowAll;

impl Redact for ShowAll {
    fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(text)
    }
}
