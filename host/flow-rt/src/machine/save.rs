//! The whole machine as bytes, and back. Values are kept as their text; what was cached is read again.

use super::activity::{Activity, Call, Each, Ending, Outcome, Pending, Repeat, Try};
use super::codec::{Reader, Writer, checksum};
use super::frame::{Context, Frame, Kind, Section};
use super::slots::{Result as Done, Slot, Slots};
use super::{Machine, Phase, Role, Run, Step};
use std::rc::Rc;

const MAGIC: &[u8] = b"loom\x02";

impl Machine {
    /// `identity` names the component; only the same component can restore it.
    pub(super) fn save(&self, identity: &str) -> Vec<u8> {
        let mut out = Writer::default();
        out.0.extend_from_slice(MAGIC);
        out.text(identity);
        match &self.phase {
            Phase::New => out.number(0),
            Phase::Running => out.number(1),
            Phase::Ended => out.number(2),
            Phase::Broken(fault) => {
                out.number(3);
                out.fault(fault);
            }
        }
        write_run(&mut out, &self.run);
        for number in [self.now, self.random, self.last_frame.into(), self.last_step.into()] {
            out.number(number);
        }
        out.option(self.flow_timer, |out, step| out.number(step.into()));
        out.number(self.responded.into());
        out.number(self.steps.len() as u64);
        self.steps.iter().for_each(|(number, step)| write_step(&mut out, number, step));
        out.number(self.frames.len() as u64);
        self.frames.iter().for_each(|(number, frame)| write_frame(&mut out, number, frame));
        let sum = checksum(&out.0);
        out.0.extend_from_slice(&sum.to_le_bytes());
        out.0
    }

    /// Takes up where a saved machine stopped. None if the bytes are not a state of this component.
    pub(super) fn restore(bytes: &[u8], identity: &str) -> Option<Machine> {
        let (body, sum) = bytes.split_last_chunk::<8>()?;
        if checksum(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        let mut reader = Reader(body.strip_prefix(MAGIC)?);
        if reader.text()? != identity {
            return None;
        }
        let machine = read_machine(&mut reader)?;
        reader.0.is_empty().then_some(machine)
    }
}

fn read_machine(reader: &mut Reader<'_>) -> Option<Machine> {
    let phase = match reader.number()? {
        0 => Phase::New,
        1 => Phase::Running,
        2 => Phase::Ended,
        3 => Phase::Broken(reader.fault()?),
        _ => return None,
    };
    Some(Machine {
        phase,
        run: read_run(reader)?,
        now: reader.number()?,
        random: reader.number()?,
        last_frame: reader.small()?,
        last_step: reader.small()?,
        flow_timer: reader.option(Reader::small)?,
        responded: reader.number()? == 1,
        steps: reader.numbered(read_step)?,
        frames: reader.numbered(read_frame)?,
        ..Machine::default()
    })
}

fn write_run(out: &mut Writer, run: &Run) {
    out.text(&run.id);
    out.number(run.seed);
    out.number(run.started_at);
    out.text(&run.input.text);
    out.text(&run.vars.text);
}

fn read_run(reader: &mut Reader<'_>) -> Option<Run> {
    Some(Run {
        id: reader.text()?.to_owned(),
        seed: reader.number()?,
        started_at: reader.number()?,
        input: reader.output()?,
        vars: reader.output()?,
    })
}

const ROLES: [Role; 7] =
    [Role::Call, Role::CallTimeout, Role::Delay, Role::Wait, Role::ScopeTimeout, Role::FlowTimeout, Role::Heard];

fn write_step(out: &mut Writer, number: u32, step: &Step) {
    let role = ROLES.iter().position(|role| *role == step.role).unwrap_or_default();
    for number in [number, step.frame, step.node, role as u32] {
        out.number(number.into());
    }
}

fn read_step(reader: &mut Reader<'_>) -> Option<(u32, Step)> {
    let number = reader.small()?;
    let (frame, node) = (reader.small()?, reader.small()?);
    Some((number, Step { frame, node, role: *ROLES.get(reader.small()? as usize)? }))
}

fn write_frame(out: &mut Writer, number: u32, frame: &Frame) {
    out.number(number.into());
    out.list(frame.words.iter().skip(1), |out, word| out.number((*word).into()));
    match frame.kind {
        Kind::Root => out.number(0),
        Kind::Visit { home } => {
            out.number(1);
            out.number(home.into());
        }
        Kind::Scope { owner, section } => {
            out.number(2 + section as u64);
            out.number(owner.into());
        }
    }
    out.option(frame.outer, |out, outer| out.number(outer.into()));
    write_context(out, &frame.context);
    out.list(frame.slots.0.iter(), write_slot);
    out.list(frame.active.iter(), |out, (node, activity)| {
        out.number((*node).into());
        write_activity(out, activity);
    });
    out.list(frame.visits.iter(), |out, visit| out.number((*visit).into()));
    out.list(frame.visited.iter(), |out, (head, count)| {
        out.number((*head).into());
        out.number((*count).into());
    });
    out.number(frame.holds.into());
    match &frame.ending {
        None => out.number(0),
        Some(Ending::Cancelled) => out.number(1),
        Some(Ending::Fault(fault)) => {
            out.number(2);
            out.fault(fault);
        }
        Some(Ending::Return(value)) => {
            out.number(3);
            out.text(value);
        }
    }
}

fn read_frame(reader: &mut Reader<'_>) -> Option<(u32, Box<Frame>)> {
    let number = reader.small()?;
    let mut words = vec![number];
    words.extend(reader.list(Reader::small)?);
    let kind = match reader.number()? {
        0 => Kind::Root,
        // A visit is younger than its home: what says otherwise could lead in a circle.
        1 => Kind::Visit { home: reader.small().filter(|home| *home < number)? },
        section => Kind::Scope { section: read_section(section - 2)?, owner: reader.small()? },
    };
    let frame = Frame {
        words: words.into_boxed_slice(),
        kind,
        outer: reader.option(Reader::small)?,
        context: read_context(reader)?,
        slots: Slots(reader.list(read_slot)?),
        active: reader.list(|reader| Some((reader.small()?, read_activity(reader)?)))?,
        visits: reader.list(Reader::small)?,
        visited: reader.list(|reader| Some((reader.small()?, reader.small()?)))?,
        holds: reader.small()?,
        ending: match reader.number()? {
            0 => None,
            1 => Some(Ending::Cancelled),
            2 => Some(Ending::Fault(reader.fault()?)),
            3 => Some(Ending::Return(reader.shared()?)),
            _ => return None,
        },
        cancelling: false,
    };
    Some((number, Box::new(frame)))
}

fn read_section(section: u64) -> Option<Section> {
    [Section::Body, Section::Catch, Section::Finally].into_iter().find(|known| *known as u64 == section)
}

fn write_context(out: &mut Writer, context: &Context) {
    match context {
        Context::None => out.number(0),
        Context::Item { index, value } => {
            out.number(1);
            out.number((*index).into());
            out.value(value);
        }
        Context::Round { index, last } => {
            out.number(2);
            out.number((*index).into());
            out.text(last);
        }
    }
}

fn read_context(reader: &mut Reader<'_>) -> Option<Context> {
    Some(match reader.number()? {
        0 => Context::None,
        1 => Context::Item { index: reader.small()?, value: reader.value()? },
        2 => Context::Round { index: reader.small()?, last: reader.shared()? },
        _ => return None,
    })
}

fn write_slot(out: &mut Writer, slot: &Slot) {
    out.number(slot.node.into());
    out.number(slot.made.into());
    match &slot.result {
        Done::Output(output) => {
            out.number(0);
            out.text(&output.text);
        }
        Done::Fault(fault) => {
            out.number(1);
            out.fault(fault);
        }
    }
}

fn read_slot(reader: &mut Reader<'_>) -> Option<Slot> {
    let (node, made) = (reader.small()?, reader.number()? == 1);
    let result = match reader.number()? {
        0 => Done::Output(reader.output()?),
        1 => Done::Fault(Rc::new(reader.fault()?)),
        _ => return None,
    };
    Some(Slot { node, made, result })
}

fn step(out: &mut Writer, step: Option<u32>) {
    out.option(step, |out, step| out.number(step.into()));
}

fn write_activity(out: &mut Writer, activity: &Activity) {
    match activity {
        Activity::Call(call) => {
            out.number(0);
            out.number(call.attempt.into());
            out.number(call.first.into());
            out.option(call.input.as_deref(), Writer::text);
            out.number(call.step.into());
            step(out, call.timer);
        }
        Activity::Wait { step: of, timer } => {
            out.number(1);
            out.number((*of).into());
            step(out, *timer);
        }
        Activity::Each(each) => {
            out.number(2);
            out.list(each.items.iter(), Writer::value);
            out.number(each.next.into());
            out.list(each.results.iter(), |out, result| out.option(result.as_deref(), Writer::text));
            out.list(each.running.iter(), |out, frame| out.number((*frame).into()));
            out.number(each.concurrency.into());
            step(out, each.timer);
            write_outcome(out, each.outcome.as_ref());
        }
        Activity::Repeat(repeat) => {
            out.number(3);
            out.number(repeat.round.into());
            out.text(&repeat.last);
            step(out, repeat.body);
            step(out, repeat.delay);
            step(out, repeat.timer);
            write_outcome(out, repeat.outcome.as_ref());
        }
        Activity::Try(guard) => {
            out.number(4 + guard.section as u64);
            step(out, guard.frame);
            write_pending(out, &guard.pending);
            step(out, guard.timer);
            write_outcome(out, guard.outcome.as_ref());
        }
    }
}

fn read_activity(reader: &mut Reader<'_>) -> Option<Activity> {
    Some(match reader.number()? {
        0 => Activity::Call(Call {
            attempt: reader.small()?,
            first: reader.small()?,
            input: reader.option(Reader::shared)?,
            step: reader.small()?,
            timer: reader.option(Reader::small)?,
        }),
        1 => Activity::Wait { step: reader.small()?, timer: reader.option(Reader::small)? },
        2 => Activity::Each(Each {
            items: reader.list(Reader::value)?.into(),
            next: reader.small()?,
            results: reader.list(|reader| reader.option(Reader::shared))?,
            running: reader.list(Reader::small)?,
            concurrency: reader.small()?,
            timer: reader.option(Reader::small)?,
            outcome: read_outcome(reader)?,
        }),
        3 => Activity::Repeat(Repeat {
            round: reader.small()?,
            last: reader.shared()?,
            body: reader.option(Reader::small)?,
            delay: reader.option(Reader::small)?,
            timer: reader.option(Reader::small)?,
            outcome: read_outcome(reader)?,
        }),
        section => Activity::Try(Try {
            section: read_section(section - 4)?,
            frame: reader.option(Reader::small)?,
            pending: read_pending(reader)?,
            timer: reader.option(Reader::small)?,
            outcome: read_outcome(reader)?,
        }),
    })
}

fn write_outcome(out: &mut Writer, outcome: Option<&Outcome>) {
    match outcome {
        None => out.number(0),
        Some(Outcome::Stopped) => out.number(1),
        Some(Outcome::Cancelled) => out.number(2),
        Some(Outcome::Fault(fault)) => {
            out.number(3);
            out.fault(fault);
        }
    }
}

fn read_outcome(reader: &mut Reader<'_>) -> Option<Option<Outcome>> {
    Some(match reader.number()? {
        0 => None,
        1 => Some(Outcome::Stopped),
        2 => Some(Outcome::Cancelled),
        3 => Some(Outcome::Fault(reader.fault()?)),
        _ => return None,
    })
}

fn write_pending(out: &mut Writer, pending: &Pending) {
    match pending {
        Pending::Nothing => out.number(0),
        Pending::Ok(text) => {
            out.number(1);
            out.text(text);
        }
        Pending::Fault(fault) => {
            out.number(2);
            out.fault(fault);
        }
        Pending::Return(text) => {
            out.number(3);
            out.text(text);
        }
    }
}

fn read_pending(reader: &mut Reader<'_>) -> Option<Pending> {
    Some(match reader.number()? {
        0 => Pending::Nothing,
        1 => Pending::Ok(reader.shared()?),
        2 => Pending::Fault(reader.fault()?),
        3 => Pending::Return(reader.shared()?),
        _ => return None,
    })
}
