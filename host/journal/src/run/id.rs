//! Ids of runs: readable, sorted by time, with their kind in the text.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `run_` and 26 characters of Crockford's base 32: 48 bits of time, 80 random bits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(Arc<str>);

impl RunId {
    /// The id of a run that starts at `now_ms`, with 80 bits of the caller's randomness.
    pub fn new(now_ms: u64, random: u128) -> Self {
        let bits = (u128::from(now_ms) << 80) | (random & ((1 << 80) - 1));
        let mut text = String::with_capacity(30);
        text.push_str("run_");
        for shift in (0..26).rev() {
            text.push(ALPHABET[(bits >> (shift * 5)) as usize & 31] as char);
        }
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When it was made, in milliseconds since 1970.
    pub fn created_ms(&self) -> u64 {
        let digit = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte).unwrap_or_default() as u64;
        // The first ten characters are the time and two bits that are always 0.
        self.0.as_bytes().iter().skip(4).take(10).fold(0, |bits, byte| bits << 5 | digit(byte))
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a run's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a run's id is `run_` and 26 letters and digits")]
pub struct NotARunId;

impl FromStr for RunId {
    type Err = NotARunId;

    fn from_str(text: &str) -> Result<Self, NotARunId> {
        let rest = text.strip_prefix("run_").ok_or(NotARunId)?;
        let fits = rest.len() == 26 && rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        if fits { Ok(Self(text.into())) } else { Err(NotARunId) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_runs_sort_later() {
        let early = RunId::new(1_700_000_000_000, u128::MAX);
        let late = RunId::new(1_700_000_000_001, 0);
        assert!(early < late);
        assert_eq!(early.as_str().len(), 30);
        assert_eq!(early.created_ms(), 1_700_000_000_000);
        assert_eq!(early.as_str().parse(), Ok(early.clone()));
        assert_eq!("run_x".parse::<RunId>(), Err(NotARunId));
    }
}
