//! Random batches, done to a store and in memory. Most are sensible, as a worker's would be; some are stale or wrong.

use super::compare::{compare, plain};
use super::make::{T, id, started, told};
use crate::{
    Answer, Append, Batch, Concurrency, Create, End, Entry, Expect, Happened, Kind, Listen, MemoryStore, Next, Outcome, Parent,
    Pin, Progress, Project, Prune, Put, Question, Run, RunId, Signal, Store, Verdict, Write,
};
use loomwork_types::Fault;
use std::collections::BTreeMap;
use std::fmt;

/// How often each outcome and each refusal came up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(pub BTreeMap<String, usize>);

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(what, times)| writeln!(f, "{times:>8} {what}"))
    }
}

impl Coverage {
    fn saw(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }

    fn saw_all(&mut self, outcome: &Result<Vec<Outcome>, crate::StoreError>) {
        match outcome {
            Err(error) => self.saw(error.code()),
            Ok(outcomes) => outcomes.iter().for_each(|outcome| self.saw(&name(outcome))),
        }
    }
}

fn name(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Claimed(runs) if runs.is_empty() => "claimed nothing".to_owned(),
        Outcome::Claimed(_) => "claimed".to_owned(),
        Outcome::Created { state, .. } => format!("created {}", state.as_str()),
        Outcome::Pruned(0) => "pruned nothing".to_owned(),
        Outcome::Delivered(0) => "kept".to_owned(),
        other => format!("{other:?}").split([' ', '(']).next().unwrap_or_default().to_lowercase(),
    }
}

/// Does `batches` random batches to a fresh store and in memory; panics where they differ. The same seed does the same.
pub async fn differential(store: &dyn Store, seed: u64, batches: usize) -> Coverage {
    let memory = MemoryStore::new();
    let mut random = Random(seed);
    let mut coverage = Coverage::default();
    let mut at = T;
    let runs: Vec<RunId> = (1..=RUNS).map(id).collect();
    for round in 0..batches {
        at += random.below(8);
        let mut writes = Vec::new();
        for _ in 0..=random.below(3) {
            writes.push(write(&mut random, &memory, at).await);
        }
        let batch = Batch::new(at, writes);
        let expected = plain(memory.commit(batch.clone()).await);
        coverage.saw_all(&expected);
        let got = plain(store.commit(batch.clone()).await);
        assert_eq!(got, expected, "seed {seed}, round {round}: {batch:#?}");
        if round % 16 == 15 || round + 1 == batches {
            compare(store, &memory, &runs, &[project(0), project(1)]).await;
        }
    }
    coverage
}

/// Runs that take part.
const RUNS: u128 = 24;

/// A small generator of our own, so that a seed means the same for ever: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn maybe<T>(&mut self, percent: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.chance(percent) { Some(make(self)) } else { None }
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len() as u64) as usize]
    }

    fn text(&mut self, from: &[&str]) -> String {
        self.pick(from).to_owned()
    }

    fn run(&mut self) -> RunId {
        id(u128::from(self.below(RUNS as u64)) + 1)
    }
}

fn project(number: u64) -> Project {
    Project::new("acme", if number == 0 { "shop" } else { "other" })
}

fn worker(random: &mut Random) -> String {
    random.text(&["w1", "w2", "w3"])
}

async fn write(random: &mut Random, memory: &MemoryStore, at: u64) -> Write {
    match random.below(100) {
        0..22 => Write::Create(Box::new(create(random, memory, at).await)),
        22..58 => match append(random, memory, at).await {
            Some(append) => Write::Append(Box::new(append)),
            None => Write::ClaimDue { worker: worker(random), limit: 3, except: Vec::new() },
        },
        58..66 => Write::Signal(signal(random, at)),
        66..70 => Write::Answer(answer(random, memory).await),
        70..74 => Write::Cancel(random.run()),
        74..76 => Write::Claim { worker: worker(random), run: random.run() },
        76..84 => Write::ClaimDue { worker: worker(random), limit: random.below(4) as usize, except: digests(random) },
        84..89 => Write::Lease { worker: worker(random), until: at + random.below(400) },
        89..90 => Write::Retire { worker: worker(random) },
        90..94 => Write::Put(put(random)),
        94..96 => {
            Write::Add { project: project(0), kind: Kind::Value, name: random.text(&["m", "n"]), by: random.below(9) as i64 - 4 }
        }
        _ => Write::Prune(Prune {
            project: project(random.below(2)),
            flow: random.maybe(50, |random| random.text(&["a", "b"])),
            before: at - random.below(60),
            keep: random.maybe(30, |random| random.below(6)),
            limit: random.below(9) as usize,
        }),
    }
}

/// Mostly with an id that is free.
async fn create(random: &mut Random, memory: &MemoryStore, at: u64) -> Create {
    let mut id = random.run();
    for _ in 0..6 {
        if matches!(memory.run(&id).await, Ok(None)) {
            break;
        }
        id = random.run();
    }
    let text = |random: &mut Random| random.text(&["x", "y"]);
    Create {
        id,
        project: project(random.below(4) / 3),
        flow: random.text(&["a", "b"]),
        pin: Pin { version: random.below(2), digest: random.text(&["sha256:1", "sha256:2"]) },
        input: random.text(&["1", "null", r#"{"a": [1, 2]}"#]),
        start_at: if random.chance(70) { at } else { at + random.below(40) },
        trigger: random.maybe(30, text),
        parent: random.maybe(30, |random| Parent { run: random.run(), step: random.below(4) as u32, waits: random.chance(80) }),
        concurrency: random.maybe(40, |random| Concurrency { key: text(random), limit: random.below(3) as u32 + 1 }),
        idempotency: random.maybe(10, |random| random.text(&["p", "q", "r", "s"])),
        debounce: random.maybe(15, text),
        after: random.maybe(10, |random| random.run()),
        trace: random.maybe(20, |random| random.text(&["00-1", "00-2"])),
        starter: random.maybe(50, |random| random.text(&["ada", "bob"])),
        origin: random.maybe(10, Random::run),
        blobs: blobs(random),
        begin: random.maybe(40, |random| (worker(random), progress(random, at, 0))),
    }
}

/// Versions that a worker leaves to others.
fn digests(random: &mut Random) -> Vec<String> {
    random.maybe(30, |random| random.text(&["sha256:1", "sha256:2", "sha256:3"])).into_iter().collect()
}

fn blobs(random: &mut Random) -> Vec<String> {
    random.maybe(20, |random| random.text(&["b1", "b2", "b3"])).into_iter().collect()
}

/// Mostly as the run's owner would write it; mostly nothing where none is owned.
async fn append(random: &mut Random, memory: &MemoryStore, at: u64) -> Option<Append> {
    let mut found = None;
    for _ in 0..40 {
        let run = memory.run(&random.run()).await.ok().flatten();
        found = run.filter(|run| run.row.owner.is_some());
        if found.is_some() {
            break;
        }
    }
    if found.is_none() {
        let nobody = Append { run: random.run(), fence: 1, seq: 0, progress: progress(random, at, 0) };
        return random.maybe(10, |_| nobody);
    }
    found.map(|Run { row, .. }| Append {
        run: row.id,
        fence: if random.chance(4) { row.fence + 1 } else { row.fence },
        seq: if random.chance(3) { row.next_seq + 1 } else { row.next_seq },
        progress: progress(random, at, row.messages),
    })
}

fn progress(random: &mut Random, at: u64, messages: u64) -> Progress {
    Progress {
        entries: (0..random.below(4)).map(|_| entry(random, at)).collect(),
        taken: random.maybe(30, |random| random.below(messages + 2)),
        listens: (0..random.below(8) / 5).map(|_| listen(random, at)).collect(),
        unlisten: random.maybe(20, |random| random.below(4) as u32).into_iter().collect(),
        snapshot: random.maybe(15, |random| random.text(&["s1", "s2"]).into()),
        answer: random.maybe(5, |random| random.text(&["1", "2"])),
        pin: random.maybe(3, |random| Pin { version: random.below(3), digest: "sha256:3".to_owned() }),
        blobs: blobs(random),
        next: next(random, at),
    }
}

fn entry(random: &mut Random, at: u64) -> Entry {
    let step = random.below(9) as u32;
    match random.below(7) {
        0 => started(&random.run()),
        1 => Entry::Called { at, step, node: random.below(5) as u32, attempt: 1 },
        2 => told(at, Happened::Threw(step, fault(random))),
        3 => told(at, Happened::Fired(step)),
        4 => told(at, Happened::Stop),
        _ => told(at, Happened::Returned(step, random.text(&["{}", "\"line\\n\"", "\"é\n\""]))),
    }
}

fn fault(random: &mut Random) -> Fault {
    let fault = Fault::new(random.text(&["http.status", "limit.time"]), random.text(&["", "a message"]));
    if random.chance(50) { fault.data("{\"status\": 500}") } else { fault }
}

fn next(random: &mut Random, at: u64) -> Next {
    let until = random.maybe(60, |random| at + random.below(40));
    match random.below(10) {
        0..3 => Next::Running,
        3 => Next::Waiting { until },
        4..7 => Next::Released { until },
        7 => Next::Ended(End::Failed(fault(random))),
        8 => Next::Ended(End::Cancelled(fault(random))),
        _ => Next::Ended(End::Finished("[1]".to_owned())),
    }
}

fn listen(random: &mut Random, at: u64) -> Listen {
    let question = random.maybe(35, |random| Question {
        form: "{}".to_owned(),
        approvers: random.maybe(60, |random| random.text(&["ada", "staff"])).into_iter().collect(),
        needed: random.below(3) as u32,
        due: random.maybe(30, |random| at + random.below(30)),
        self_approval: random.chance(50),
    });
    Listen { step: random.below(4) as u32, name: random.text(&["paid", "sent"]), key: random.text(&["1", "2"]), question }
}

fn signal(random: &mut Random, at: u64) -> Signal {
    Signal {
        project: project(random.below(4) / 3),
        name: random.text(&["paid", "sent"]),
        key: random.maybe(60, |random| random.text(&["1", "2"])),
        run: random.maybe(30, Random::run),
        payload: random.text(&["true", "{\"n\": 1}"]),
        until: at + random.below(50),
    }
}

/// Mostly of a question that is open.
async fn answer(random: &mut Random, memory: &MemoryStore) -> Answer {
    let open = memory.questions(&project(0), None, 100).await.unwrap_or_default();
    let asked = match open.len() as u64 {
        0 => None,
        length => random.maybe(80, |random| &open[random.below(length) as usize]),
    };
    Answer {
        run: asked.map_or_else(|| random.run(), |listening| listening.run.clone()),
        step: asked.map_or(1, |listening| listening.step),
        who: random.text(&["ada", "bob", "cy"]),
        roles: random.maybe(50, |_| "staff".to_owned()).into_iter().collect(),
        verdict: if random.chance(80) { Verdict::Approved } else { Verdict::Rejected },
        form: "{\"note\":\"é\\n\"}".to_owned(),
    }
}

fn put(random: &mut Random) -> Put {
    let value = |random: &mut Random| random.text(&["1", "2", "x"]).into();
    Put {
        project: project(random.below(4) / 3),
        kind: if random.chance(50) { Kind::Variable } else { Kind::Value },
        name: random.text(&["k", "l", "m"]),
        value: random.maybe(75, value),
        expect: if random.chance(60) { Expect::Any } else { Expect::Is(random.maybe(50, value)) },
        blobs: blobs(random),
    }
}
