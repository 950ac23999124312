//! A place in a trace, and the header `traceparent` that carries it (<https://www.w3.org/TR/trace-context/>).
//!
//! Ids of runs' and steps' spans are digests of their names, so that every process finds the same ones, before a crash and after it.

use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Never all zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId(pub(crate) [u8; 16]);

/// Never all zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(pub(crate) [u8; 8]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    pub trace: TraceId,
    pub span: SpanId,
    /// Whether spans of this trace are kept.
    pub sampled: bool,
}

/// A header that is not one; the request starts a trace of its own then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a traceparent header")]
pub struct NotATraceParent;

impl TraceContext {
    /// The place of a run: in its caller's trace if it has one, which decides about sampling too; else in one of its own, of which `share`
    /// (0 to 1) are kept.
    pub fn of_run(run: &str, caller: Option<TraceContext>, share: f64) -> Self {
        let span = SpanId(digest(&["run", run]));
        match caller {
            Some(caller) => Self { span, ..caller },
            None => {
                let trace = TraceId(digest(&["trace", run]));
                Self { trace, span, sampled: trace.is_in(share) }
            }
        }
    }

    /// The place of an attempt of a step, below its run's.
    pub fn of_step(self, run: &str, step: u32, attempt: u32) -> Self {
        Self { span: SpanId(digest(&["step", run, &step.to_string(), &attempt.to_string()])), ..self }
    }

    /// The value of `traceparent`.
    pub fn header(&self) -> String {
        format!("00-{}-{}-{:02x}", self.trace, self.span, u8::from(self.sampled))
    }
}

/// Version, trace, span, flags: `00-<32 hex>-<16 hex>-<2 hex>`, in lower case. Later versions may have more behind that.
impl FromStr for TraceContext {
    type Err = NotATraceParent;

    fn from_str(text: &str) -> Result<Self, NotATraceParent> {
        let mut parts = text.split('-');
        let mut next = || parts.next().ok_or(NotATraceParent);
        let (version, trace, span, flags) = (hex::<1>(next()?)?, hex::<16>(next()?)?, hex::<8>(next()?)?, hex::<1>(next()?)?);
        let is_known = version == [0] && parts.next().is_none();
        let is_later = version[0] > 0 && version[0] < 0xff && text.len() <= 512;
        if !(is_known || is_later) || trace == [0; 16] || span == [0; 8] {
            return Err(NotATraceParent);
        }
        Ok(Self { trace: TraceId(trace), span: SpanId(span), sampled: flags[0] & 1 == 1 })
    }
}

impl TraceId {
    /// Whether a trace is among the share that is kept: a matter of its id alone, so that all processes agree.
    fn is_in(self, share: f64) -> bool {
        let high = u64::from_be_bytes(self.0[..8].try_into().unwrap_or_default());
        (high as f64 / u64::MAX as f64) < share
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn digest<const N: usize>(parts: &[&str]) -> [u8; N] {
    let joined = parts.join("\0");
    let mut id = [0; N];
    id.copy_from_slice(&Sha256::digest(joined)[..N]);
    // All zeros would mean none.
    if id == [0; N] {
        id[N - 1] = 1;
    }
    id
}

fn hex<const N: usize>(text: &str) -> Result<[u8; N], NotATraceParent> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if text.len() != 2 * N || !is_lower {
        return Err(NotATraceParent);
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| NotATraceParent)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| NotATraceParent)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_header_comes_back() {
        let context: TraceContext = EXAMPLE.parse().expect("the specification's own example");
        assert!(context.sampled);
        assert_eq!(context.header(), EXAMPLE);
        let later: TraceContext = format!("cc{}-what", &EXAMPLE[2..]).parse().expect("a later version");
        assert_eq!(later, context);
        assert!(!EXAMPLE.replace("-01", "-00").parse::<TraceContext>().expect("a header").sampled);
    }

    #[test]
    fn what_is_no_header_is_refused() {
        let zeros = EXAMPLE.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32));
        let bad = [
            "",
            "00",
            &EXAMPLE[..54],
            &EXAMPLE.to_uppercase(),
            &format!("{EXAMPLE}-more"),
            &format!("ff{}", &EXAMPLE[2..]),
            &zeros,
            &EXAMPLE.replace("00f067aa0ba902b7", "0000000000000000"),
            &EXAMPLE.replace("4bf9", "é f"),
        ];
        for text in bad {
            assert_eq!(text.parse::<TraceContext>(), Err(NotATraceParent), "{text}");
        }
    }

    #[test]
    fn places_are_the_same_in_every_process_and_differ_from_each_other() {
        let run = TraceContext::of_run("r1", None, 1.0);
        assert_eq!(run, TraceContext::of_run("r1", None, 1.0));
        assert_ne!(run.trace, TraceContext::of_run("r2", None, 1.0).trace);
        let steps = [run.of_step("r1", 1, 1), run.of_step("r1", 1, 2), run.of_step("r1", 11, 1), run.of_step("r1", 1, 11)];
        for (ix, step) in steps.iter().enumerate() {
            assert_eq!(step.trace, run.trace);
            assert!(steps[..ix].iter().chain([&run]).all(|other| other.span != step.span));
        }
        let caller: TraceContext = EXAMPLE.parse().expect("a header");
        let called = TraceContext::of_run("r1", Some(caller), 0.0);
        assert_eq!((called.trace, called.sampled), (caller.trace, true));
    }

    #[test]
    fn a_share_of_traces_is_kept() {
        let kept = |share| (0..1000).filter(|n| TraceContext::of_run(&n.to_string(), None, share).sampled).count();
        assert_eq!((kept(0.0), kept(1.0)), (0, 1000));
        assert!((200..300).contains(&kept(0.25)), "{}", kept(0.25));
    }
}
