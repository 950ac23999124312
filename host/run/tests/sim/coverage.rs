//! What simulations have seen, and how often: what never happens is not tested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

macro_rules! sights {
    ($($name:ident $least:literal $about:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Sight { $($name,)* }

        impl Sight {
            /// With the percentage of simulations that must see it, and what it is.
            const ALL: &[(Self, f64, &str)] = &[$((Self::$name, $least, $about),)*];
        }
    };
}

sights! {
    Pure 20.0 "flow: a pure call",
    Read 20.0 "flow: a read call",
    Write 20.0 "flow: a write call",
    Once 20.0 "flow: a write call made once",
    Retry 20.0 "flow: retries",
    Timeout 20.0 "flow: a timeout",
    Branch 5.0 "flow: branch",
    Join 5.0 "flow: a join of several wires",
    ErrorWire 5.0 "flow: an error wire",
    Cycle 3.0 "flow: a cycle",
    Each 5.0 "flow: each",
    Repeat 5.0 "flow: repeat",
    Try 10.0 "flow: try",
    Catch 5.0 "flow: catch",
    Finally 5.0 "flow: finally",
    Wait 5.0 "flow: wait for a time",
    Signal 5.0 "flow: wait for a signal",
    Approval 5.0 "flow: ask people",
    Emit 5.0 "flow: emit",
    Call 5.0 "flow: call and wait",
    Start 4.0 "flow: call and go on",
    Respond 3.0 "flow: respond",
    DiedBefore 15.0 "a process died before a commit",
    DiedAfter 15.0 "a process died after a commit",
    Frozen 5.0 "a process froze past its lease",
    ClockBack 3.0 "the clock was set back",
    CommitFailed 3.0 "a commit failed",
    AnswerLost 3.0 "a commit was done, and its answer lost",
    ReadFailed 3.0 "a read failed",
    Fenced 0.5 "a late process was refused",
    Repeated 3.0 "a call was made again",
    Unknown 0.5 "nobody knows what became of a call",
    Retried 4.0 "an attempt after a fault",
    GivenUp 5.0 "a call was given up",
    TimerFired 10.0 "a timer fired",
    Snapshot 10.0 "a run was put aside",
    EarlySignal 5.0 "a signal came early",
    LateSignal 5.0 "a signal came while a step listened",
    Answered 3.0 "a question was answered",
    Cancelled 3.0 "a run was asked to stop",
    Stopped 2.0 "a run ended as it was told to stop",
    Finished 30.0 "a run finished",
    Failed 10.0 "a run failed",
    Replied 10.0 "whoever waited was told the end",
    Heard 3.0 "an event started a run",
    ChildWaited 5.0 "a child was waited for",
    ChildStarted 2.0 "a child was only started",
    ChildGivenUp 0.3 "a child was given up",
}

/// What one simulation has seen.
pub type Seen = BTreeSet<Sight>;

#[derive(Default)]
pub struct Coverage {
    simulations: u64,
    seen: BTreeMap<Sight, u64>,
}

impl Coverage {
    pub fn add(&mut self, seen: &Seen) {
        self.simulations += 1;
        for sight in seen {
            *self.seen.entry(*sight).or_default() += 1;
        }
    }

    fn percent(&self, sight: Sight) -> f64 {
        100.0 * self.seen.get(&sight).copied().unwrap_or(0) as f64 / self.simulations.max(1) as f64
    }

    /// What too few simulations have seen.
    pub fn too_rare(&self) -> Vec<&'static str> {
        let rare = Sight::ALL.iter().filter(|(sight, least, _)| self.percent(*sight) < *least);
        rare.map(|(.., about)| *about).collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (sight, least, about) in Sight::ALL {
            writeln!(f, "{about:<44} {:>6.1} % (at least {least} %)", self.percent(*sight))?;
        }
        Ok(())
    }
}
