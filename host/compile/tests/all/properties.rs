//! Random flows under random orders of events: the compiled machine does what the reference interpreter does.

use crate::core::{Bug, Loaded, Machine};
use crate::generate::{Choices, plan};
use crate::host::{Command, Event, Happened, fired, heard, returned, start, threw, threw_with};
use crate::plans::TEXTS;
use crate::reference::{Asked, Reference};
use crate::statistics::Statistics;
use loomwork_check::plan::Plan;
use loomwork_compile::compile_plan;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::Value as Json;
use std::cell::RefCell;

/// How many cases, unless `LOOMWORK_CASES` says otherwise.
const CASES: u32 = 400;
const EVENTS: usize = 60;
const SHRINK: u32 = 3_000;

fn cases() -> u32 {
    std::env::var("LOOMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

/// `shrink` is how many smaller cases are tried when one fails.
fn runner(cases: u32, shrink: u32) -> TestRunner {
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: shrink, max_shrink_time: 20_000, ..Config::default() };
    TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    )
}

/// A plan's bytes, and those that decide on events.
fn bytes() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    (prop::collection::vec(any::<u8>(), 300), prop::collection::vec(any::<u8>(), 300))
}

#[test]
fn a_machine_does_as_the_reference_does() {
    let statistics = RefCell::new(Statistics::default());
    let outcome = runner(cases(), SHRINK).run(&bytes(), |(of_plan, of_events)| {
        let plan = plan(&mut Choices(&of_plan));
        let loaded = Loaded::new(&compile_plan(&plan, &TEXTS).expect("it can be compiled").bytes);
        let events = walk(&plan, &loaded, &mut Choices(&of_events)).map_err(TestCaseError::fail)?;
        statistics.borrow_mut().count(&plan, &events);
        Ok(())
    });
    if let Err(TestError::Fail(reason, (of_plan, of_events))) = outcome {
        let plan = plan(&mut Choices(&of_plan));
        panic!("{reason}\n{}\nevents from {of_events:?}", describe(&plan));
    }
    let statistics = statistics.into_inner();
    show(&statistics);
    statistics.assert_all_above(5);
}

#[expect(clippy::print_stdout, reason = "what the cases consist of is part of what the test says")]
fn show(statistics: &Statistics) {
    println!("{statistics}");
}

#[test]
fn planted_bugs_are_found() {
    for bug in Bug::ALL {
        let outcome = runner(2_000, 0).run(&bytes(), |(of_plan, of_events)| {
            let plan = plan(&mut Choices(&of_plan));
            let loaded = Loaded::new(&compile_plan(&plan, &TEXTS).expect("it can be compiled").bytes).with(bug);
            walk(&plan, &loaded, &mut Choices(&of_events)).map(drop).map_err(TestCaseError::fail)
        });
        assert!(matches!(outcome, Err(TestError::Fail(..))), "{bug:?} was not found");
    }
}

#[test]
fn a_split_between_events_changes_nothing() {
    let outcome = runner(cases() / 4, SHRINK).run(&bytes(), |(of_plan, of_events)| {
        let plan = plan(&mut Choices(&of_plan));
        let loaded = Loaded::new(&compile_plan(&plan, &TEXTS).expect("it can be compiled").bytes);
        let events = walk(&plan, &loaded, &mut Choices(&of_events)).map_err(TestCaseError::fail)?;
        let mut apart = loaded.machine();
        let one_by_one: Vec<_> =
            events.iter().flat_map(|event| apart.advance(std::slice::from_ref(event)).expect("it goes on")).collect();
        let all_at_once = loaded.machine().advance(&events).expect("it goes on");
        prop_assert_eq!(asked(&one_by_one), asked(&all_at_once));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_saved_machine_goes_on_as_it_would_have() {
    let outcome = runner(cases() / 4, SHRINK).run(&bytes(), |(of_plan, of_events)| {
        let plan = plan(&mut Choices(&of_plan));
        let loaded = Loaded::new(&compile_plan(&plan, &TEXTS).expect("it can be compiled").bytes);
        let events = walk(&plan, &loaded, &mut Choices(&of_events)).map_err(TestCaseError::fail)?;
        let mut whole = loaded.machine();
        let mut state = loaded.machine().save();
        for event in &events {
            let mut fresh = loaded.machine();
            prop_assert!(fresh.restore(&state), "what was saved can be restored");
            let expected = whole.advance(std::slice::from_ref(event)).expect("it goes on");
            let found = fresh.advance(std::slice::from_ref(event)).expect("it goes on");
            prop_assert_eq!(asked(&expected), asked(&found));
            state = fresh.save();
            prop_assert!(state == whole.save(), "the same state is saved as the same bytes");
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// Drives both with the same random events, and compares what they ask for after each.
pub fn walk(plan: &Plan, loaded: &Loaded, choices: &mut Choices<'_>) -> Result<Vec<Event>, String> {
    let (mut machine, mut reference) = (loaded.machine(), Reference::new(plan));
    let mut world = World::default();
    let mut events = Vec::new();
    while events.len() < EVENTS && !world.ended {
        let event = world.next(choices);
        let expected = without_words(reference.advance(&event));
        let found = both(&mut machine, &event)?;
        events.push(event);
        if expected != found {
            return Err(format!("after {events:#?}\nexpected {expected:#?}\nfound {found:#?}"));
        }
        world.learn(&expected);
    }
    // Whatever comes after the end changes nothing.
    let late = world.next(choices);
    if world.ended && !both(&mut machine, &late)?.is_empty() {
        return Err("a machine that has ended asks for something".to_owned());
    }
    Ok(events)
}

fn both(machine: &mut Machine, event: &Event) -> Result<Vec<Asked>, String> {
    machine
        .advance(std::slice::from_ref(event))
        .map(|commands| asked(&commands))
        .map_err(|fault| format!("broke down: {}", fault.code))
}

/// What the host knows: what it was asked for.
#[derive(Default)]
struct World {
    calls: Vec<u32>,
    /// Signals and questions.
    open: Vec<u32>,
    timers: Vec<(u64, u32)>,
    gone: Vec<u32>,
    now: u64,
    begun: bool,
    ended: bool,
}

impl World {
    fn next(&mut self, choices: &mut Choices<'_>) -> Event {
        if !self.begun {
            self.begun = true;
            return start(self.now, ["1", "{\"a\": 1}", "[1, 2]", "null"][choices.below(4)]);
        }
        self.now += choices.below(100) as u64;
        let odd = choices.below(100);
        match odd {
            94.. => return Event { at: self.now, what: Happened::Stop },
            93 => return start(self.now, "2"),
            91 | 92 => return returned(self.now, 9_999, "1"),
            86..=90 if !self.gone.is_empty() => {
                let step = self.gone[choices.below(self.gone.len())];
                return match choices.below(3) {
                    0 => fired(self.now, step),
                    1 => returned(self.now, step, "1"),
                    _ => heard(self.now, step, "1"),
                };
            }
            84 | 85 if !self.timers.is_empty() => return returned(self.now, self.timers[0].1, "1"),
            83 if !self.calls.is_empty() => return heard(self.now, self.calls[0], "1"),
            82 if !self.open.is_empty() => return fired(self.now, self.open[0]),
            81 if !self.open.is_empty() => return threw(self.now, self.open[0], "test.a"),
            _ => {}
        }
        let place = choices.below((self.calls.len() + self.open.len() + self.timers.len()).max(1));
        if let Some(step) = self.calls.get(place).copied() {
            return self.answer(step, choices);
        }
        if let Some(step) = self.open.get(place - self.calls.len()).copied() {
            self.open.retain(|open| *open != step);
            self.gone.push(step);
            return heard(self.now, step, ["1", "\"x\"", "{\"a\":{\"b\":2}}", "\"x\"", "null"][choices.below(5)]);
        }
        let Some((at, step)) = self.timers.get(place - self.calls.len() - self.open.len()).copied() else {
            return Event { at: self.now, what: Happened::Stop };
        };
        self.now = self.now.max(at);
        self.timers.retain(|(_, timer)| *timer != step);
        self.gone.push(step);
        fired(self.now, step)
    }

    fn answer(&mut self, step: u32, choices: &mut Choices<'_>) -> Event {
        self.calls.retain(|call| *call != step);
        self.gone.push(step);
        match choices.below(10) {
            0..=5 => returned(self.now, step, ["1", "0", "[1,2,3]", "{\"a\":{\"b\":2}}", "null", "\"x\""][choices.below(6)]),
            6 => threw(self.now, step, "test.a"),
            7 | 8 => {
                let data =
                    ["{\"retry_after\":0.15}", "{\"retry_after\":3}", "{\"retry_after\":\"soon\"}", "[1]"][choices.below(4)];
                threw_with(self.now, step, "test.a", Some(data))
            }
            _ => threw(self.now, step, "test.b"),
        }
    }

    fn learn(&mut self, asked: &[Asked]) {
        for asked in asked {
            match asked {
                Asked::Call { step, .. } => self.calls.push(*step),
                Asked::Listen { step, .. } | Asked::Ask { step, .. } => self.open.push(*step),
                Asked::Sleep { step, at } => self.timers.push((*at, *step)),
                Asked::Cancel(step) => {
                    self.calls.retain(|call| call != step);
                    self.open.retain(|open| open != step);
                    self.timers.retain(|(_, timer)| timer != step);
                    self.gone.push(*step);
                }
                Asked::Emit(..) | Asked::Respond(_) => {}
                Asked::Finish(_) | Asked::Abort(_) => self.ended = true,
            }
        }
    }
}

/// Commands with their JSON as values, and faults without their words.
fn asked(commands: &[Command]) -> Vec<Asked> {
    let json = |text: &str| wordless(serde_json::from_str(text).expect("commands carry JSON"));
    let one = |command: &Command| match command {
        Command::Call(call) => Asked::Call {
            step: call.step,
            node: call.node,
            attempt: call.attempt,
            deadline: call.deadline,
            input: json(&call.input),
        },
        Command::Sleep(timer) => Asked::Sleep { step: timer.step, at: timer.at },
        Command::Cancel(step) => Asked::Cancel(*step),
        Command::Emit((event, payload)) => Asked::Emit(event.clone(), json(payload)),
        Command::Finish(output) => Asked::Finish(json(output)),
        Command::Abort(fault) => Asked::Abort(fault.code.clone()),
        Command::Listen(signal) => {
            Asked::Listen { step: signal.step, node: signal.node, name: signal.name.clone(), key: json(&signal.key) }
        }
        Command::Ask(question) => {
            Asked::Ask { step: question.step, node: question.node, due: question.due, about: json(&question.about) }
        }
        Command::Respond(answer) => Asked::Respond(json(answer)),
    };
    commands.iter().map(one).collect()
}

/// Faults say the same thing by their code; their words are for people, and the reference has none.
fn wordless(json: Json) -> Json {
    match json {
        Json::Object(fields) => {
            let is_fault = fields.len() == 3 && ["code", "message", "data"].iter().all(|name| fields.contains_key(*name));
            let keep = |(name, value): (String, Json)| {
                let value = if is_fault && name == "message" { Json::Null } else { wordless(value) };
                (name, value)
            };
            Json::Object(fields.into_iter().map(keep).collect())
        }
        Json::Array(items) => items.into_iter().map(wordless).collect(),
        other => other,
    }
}

/// The same of what the reference asks.
fn without_words(asked: Vec<Asked>) -> Vec<Asked> {
    let one = |asked| match asked {
        Asked::Call { step, node, attempt, deadline, input } => {
            Asked::Call { step, node, attempt, deadline, input: wordless(input) }
        }
        Asked::Listen { step, node, name, key } => Asked::Listen { step, node, name, key: wordless(key) },
        Asked::Ask { step, node, due, about } => Asked::Ask { step, node, due, about: wordless(about) },
        Asked::Respond(answer) => Asked::Respond(wordless(answer)),
        Asked::Emit(event, payload) => Asked::Emit(event, wordless(payload)),
        Asked::Finish(output) => Asked::Finish(wordless(output)),
        other => other,
    };
    asked.into_iter().map(one).collect()
}

fn describe(plan: &Plan) -> String {
    let mut out = String::new();
    for (index, node) in plan.nodes.iter().enumerate() {
        out += &format!(
            "{index} in {} region {:?} disabled {} timeout {:?}: {:?}\n",
            node.scope, node.region, node.disabled, node.timeout_ms, node.what
        );
    }
    for wire in &plan.wires {
        out += &format!("{} -{:?}-> {}\n", wire.from, wire.port, wire.to);
    }
    out
}
