//! The nodes, one after the other, as the reference interpreter does them.

use super::frame::{Decided, Ending, Kind, Out, Pending, Running};
use super::{Asked, Flaw, Purpose, Reference};
use loomwork_check::plan::*;
use loomwork_types::{Type, decode};
use loomwork_value::Value;
use serde_json::Value as Json;

impl Reference<'_> {
    pub(super) fn run(&mut self, frame: usize, node: NodeIx) {
        if let Err(flaw) = self.try_run(frame, node) {
            self.fault(frame, node, flaw);
        }
    }

    fn try_run(&mut self, frame: usize, node: NodeIx) -> Result<(), Flaw> {
        let of = &self.plan.nodes[node as usize];
        if of.disabled {
            let passed = of.passes.and_then(|from| match self.frames[frame].out.get(&from) {
                Some(Out::Output(output)) => Some(output.clone()),
                _ => None,
            });
            self.complete(frame, node, Port::Ok, Out::Output(passed.unwrap_or(Json::Null)));
            return Ok(());
        }
        match &of.what {
            What::Call(call) => {
                let input = self.template(frame, &call.input)?;
                self.call(frame, node, 1, input);
            }
            What::Branch { cases } => {
                for (case, (name, when)) in cases.iter().enumerate() {
                    match self.expression(frame, when)? {
                        Value::Bool(false) => {}
                        Value::Bool(true) => {
                            self.complete(frame, node, Port::Case(case as u32), Out::Output(Json::String(name.to_string())));
                            return Ok(());
                        }
                        _ => return Err(Flaw::new("type.mismatch")),
                    }
                }
                self.complete(frame, node, Port::Case(cases.len() as u32), Out::Output(Json::String("else".to_owned())));
            }
            What::Set { value } => {
                let value = self.template(frame, value)?;
                self.complete(frame, node, Port::Ok, Out::Output(value));
            }
            What::Emit { event, payload } => {
                let event = text(self.template(frame, event)?)?;
                let payload = self.template(frame, payload)?;
                self.asked.push(Asked::Emit(event, payload));
                self.complete(frame, node, Port::Ok, Out::Output(Json::Null));
            }
            What::Return { value } => {
                let value = self.template(frame, value)?;
                self.give(frame, Ending::Return(value));
            }
            What::Fail { code, message, data } => {
                let code = text(self.template(frame, code)?)?;
                let message = text(self.template(frame, message)?)?;
                let data = data.as_ref().map_or(Ok(Json::Null), |data| self.template(frame, data))?;
                self.give(frame, Ending::Fault(Flaw { code, message, data }));
            }
            What::Wait(Wait::Duration(length)) => {
                let length = text(self.template(frame, length)?)?;
                let Ok(Value::Duration(length)) = decode(&Type::Duration, &Json::String(length).to_string()) else {
                    return Err(Flaw::new("type.mismatch"));
                };
                self.sleep(frame, node, Purpose::Wait, self.now + (length.nanos / 1_000_000) as u64);
                self.frames[frame].running.insert(node, Running::Wait);
                self.bound(frame, node);
            }
            What::Each(each) => self.each(frame, node, each)?,
            What::Repeat(_) => {
                let last = Json::Null;
                self.frames[frame].running.insert(node, Running::Repeat { round: 0, last, kept: None, decided: None });
                self.bound(frame, node);
                self.next_round(frame, node, None);
            }
            What::Try { body, .. } => {
                self.frames[frame].running.insert(node, Running::Try { pending: None, decided: None, in_finally: false });
                self.bound(frame, node);
                self.section(frame, node, Section::Body, *body);
            }
            What::Wait(Wait::Signal { name, key, until }) => {
                let name = text(self.template(frame, name)?)?;
                let key = key.as_ref().map_or(Ok(Json::Null), |key| self.template(frame, key))?;
                let until = match until {
                    Some(until) => Some(instant(self.template(frame, until)?)?),
                    None => None,
                };
                let timeout = self.plan.nodes[node as usize].timeout_ms.map(|timeout| self.now + timeout);
                let step = self.step(frame, node, Purpose::Told);
                self.asked.push(Asked::Listen { step, node, name, key });
                self.frames[frame].running.insert(node, Running::Wait);
                if let Some(due) = until.into_iter().chain(timeout).min() {
                    self.sleep(frame, node, Purpose::ScopeTimeout, due.max(self.now));
                }
            }
            What::Wait(Wait::Approval(question)) => {
                let about = self.template(frame, &question.about)?;
                let step = self.step(frame, node, Purpose::Told);
                let due = self.plan.nodes[node as usize].timeout_ms.map(|timeout| self.now + timeout);
                self.asked.push(Asked::Ask { step, node, due, about });
                self.frames[frame].running.insert(node, Running::Wait);
                match due.filter(|_| question.default.is_some()) {
                    Some(due) => self.sleep(frame, node, Purpose::Pause, due),
                    None => self.bound(frame, node),
                }
            }
            What::Flow { input, .. } => {
                let input = self.template(frame, input)?;
                self.call(frame, node, 1, input);
            }
            What::Respond { value } => {
                let value = self.template(frame, value)?;
                if std::mem::replace(&mut self.responded, true) {
                    return Err(Flaw::new("respond.twice"));
                }
                self.asked.push(Asked::Respond(value));
                self.complete(frame, node, Port::Ok, Out::Output(Json::Null));
            }
            What::Wait(Wait::Until(_)) => unreachable!("not generated"),
        }
        Ok(())
    }

    /// Begins a section of a scope node.
    fn section(&mut self, outer: usize, owner: NodeIx, section: Section, scope: ScopeIx) -> usize {
        let inner = self.new_frame(scope, Kind::Section { outer, owner, section });
        self.begin_frame(inner);
        inner
    }

    fn bound(&mut self, frame: usize, node: NodeIx) {
        if let Some(timeout) = self.plan.nodes[node as usize].timeout_ms {
            self.sleep(frame, node, Purpose::ScopeTimeout, self.now + timeout);
        }
    }

    // Calls.

    fn call(&mut self, frame: usize, node: NodeIx, attempt: u32, input: Json) {
        let step = self.step(frame, node, Purpose::Call);
        let timeout = self.plan.nodes[node as usize].timeout_ms;
        let deadline = timeout.map(|timeout| self.now + timeout);
        self.asked.push(Asked::Call { step, node, attempt, deadline, input: input.clone() });
        if let Some(deadline) = deadline {
            self.sleep(frame, node, Purpose::CallTimeout, deadline);
        }
        self.frames[frame].running.insert(node, Running::Call { attempt, input });
    }

    pub(super) fn attempt_failed(&mut self, frame: usize, node: NodeIx, flaw: Flaw) {
        let Some(Running::Call { attempt, .. }) = self.frames[frame].running.get(&node) else {
            unreachable!("only calls are attempted")
        };
        let attempt = *attempt;
        let retry = match &self.plan.nodes[node as usize].what {
            What::Call(call) => call.retry.as_ref(),
            _ => None,
        };
        if let Some(retry) = retry.filter(|retry| attempt < retry.attempts) {
            let wanted = retry
                .when
                .as_ref()
                .is_none_or(|when| matches!(self.expression_about(frame, when, Some((&flaw, attempt))), Ok(Value::Bool(true))));
            if wanted {
                let asked = flaw.data["retry_after"].as_f64().unwrap_or_default() * 1000.0;
                let delay = self.delay(retry, attempt).max((asked.round() as u64).min(retry.max_delay_ms));
                self.sleep(frame, node, Purpose::Pause, self.now + delay);
                return;
            }
        }
        self.frames[frame].running.remove(&node);
        self.fault(frame, node, flaw);
    }

    fn delay(&mut self, retry: &Retry, attempt: u32) -> u64 {
        let factor = if retry.exponential { retry.factor.powi(attempt as i32 - 1) } else { 1.0 };
        let delay = (retry.delay_ms as f64 * factor).min(retry.max_delay_ms as f64);
        if retry.jitter == 0.0 {
            return delay.round() as u64;
        }
        self.random = self.random.wrapping_add(0x9e3779b97f4a7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58476d1ce4e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d049bb133111eb);
        let unit = ((mixed ^ mixed >> 31) >> 11) as f64 / 9007199254740992.0;
        (delay * (1.0 + retry.jitter * (2.0 * unit - 1.0))).round() as u64
    }

    pub(super) fn after_pause(&mut self, frame: usize, node: NodeIx) {
        match self.frames[frame].running.get_mut(&node) {
            Some(Running::Call { attempt, input }) => {
                let (attempt, input) = (*attempt + 1, input.clone());
                self.call(frame, node, attempt, input);
            }
            Some(Running::Repeat { kept, .. }) => {
                let before = kept.take();
                self.next_round(frame, node, before);
            }
            Some(Running::Wait) => {
                self.frames[frame].running.remove(&node);
                self.cancel_steps(|f, n, _| f == frame && n == node);
                let What::Wait(Wait::Approval(Question { default: Some(default), .. })) = &self.plan.nodes[node as usize].what
                else {
                    unreachable!("only such a wait pauses")
                };
                match self.template(frame, default) {
                    Ok(decision) => self.complete(frame, node, Port::Ok, Out::Output(decision)),
                    Err(flaw) => self.fault(frame, node, flaw),
                }
            }
            _ => unreachable!("only calls, repeats and questions pause"),
        }
    }

    pub(super) fn scope_timed_out(&mut self, frame: usize, node: NodeIx) {
        let flaw = Flaw::new("limit.time");
        let running = self.frames[frame].running.get_mut(&node).expect("its timer goes when it ends");
        if !running.is_scope() {
            self.frames[frame].running.remove(&node);
            self.cancel_steps(|f, n, _| f == frame && n == node);
            self.fault(frame, node, flaw);
            return;
        }
        let decided = running.decided().expect("a scope");
        decided.get_or_insert(Decided::Fault(flaw));
        self.cancel_sections(frame, node);
    }

    /// Cancels the frames of a scope node, except its `finally`.
    fn cancel_sections(&mut self, frame: usize, node: NodeIx) {
        let is_below = |kind: Kind| matches!(kind, Kind::Section { outer, owner, section } if outer == frame && owner == node && section != Section::Finally);
        let below: Vec<_> = (0..self.frames.len()).filter(|f| self.frames[*f].alive && is_below(self.frames[*f].kind)).collect();
        self.cancel_below(&below);
    }

    /// A section has ended; `inner` can still be read.
    pub(super) fn section_ended(&mut self, frame: usize, node: NodeIx, section: Section, inner: usize, ending: Option<Ending>) {
        let decided =
            self.frames[frame].running.get_mut(&node).and_then(Running::decided).is_some_and(|decided| decided.is_some());
        let ending = if decided && section != Section::Finally { Some(Ending::Cancelled) } else { ending };
        match &self.plan.nodes[node as usize].what {
            What::Each(each) => self.body_ended(frame, node, each, inner, ending),
            What::Repeat(_) => self.round_ended(frame, node, inner, ending),
            What::Try { .. } => self.try_section_ended(frame, node, section, inner, ending),
            _ => unreachable!("only these have sections"),
        }
    }

    /// The scope node is over.
    fn over(&mut self, frame: usize, node: NodeIx) -> Running {
        let running = self.frames[frame].running.remove(&node).expect("it runs");
        self.cancel_steps(|f, n, _| f == frame && n == node);
        running
    }

    fn result(&self, inner: usize, template: Option<&Template>) -> Result<Json, Flaw> {
        if let Some(template) = template {
            return self.template(inner, template);
        }
        let node = self.plan.scopes[self.frames[inner].scope as usize].result_node;
        Ok(match node.and_then(|node| self.frames[inner].out.get(&node)) {
            Some(Out::Output(output)) => output.clone(),
            _ => Json::Null,
        })
    }

    // Each.

    fn each(&mut self, frame: usize, node: NodeIx, each: &Each) -> Result<(), Flaw> {
        let items: Vec<Value> = match self.expression(frame, &each.items)? {
            Value::List(items) => items.to_vec(),
            Value::Map(map) => map
                .entries
                .iter()
                .map(|(key, value)| Value::record([("key", key.to_value()), ("value", value.clone())]))
                .collect(),
            _ => return Err(Flaw::new("type.mismatch")),
        };
        let results = vec![None; items.len()];
        self.frames[frame].running.insert(node, Running::Each { items, next: 0, results, decided: None });
        self.bound(frame, node);
        self.more_bodies(frame, node, each);
        Ok(())
    }

    fn more_bodies(&mut self, frame: usize, node: NodeIx, each: &Each) {
        loop {
            let is_below = |kind: Kind| matches!(kind, Kind::Section { outer, owner, .. } if outer == frame && owner == node);
            let running = self.frames.iter().filter(|f| f.alive && is_below(f.kind)).count();
            let Some(Running::Each { items, next, decided, .. }) = self.frames[frame].running.get_mut(&node) else { return };
            let room = each.concurrency == 0 || running < each.concurrency as usize;
            if decided.is_none() && room && *next < items.len() {
                let (item, index) = (items[*next].clone(), *next as u32);
                *next += 1;
                let inner = self.section(frame, node, Section::Body, each.body);
                self.frames[inner].item = Some(item);
                self.frames[inner].index = index;
                continue;
            }
            if running > 0 || (decided.is_none() && *next < items.len()) {
                return;
            }
            let Running::Each { results, decided, .. } = self.over(frame, node) else { return };
            match decided {
                None | Some(Decided::Stopped) => {
                    let list = results.into_iter().flatten().collect();
                    self.complete(frame, node, Port::Ok, Out::Output(Json::Array(list)));
                }
                Some(Decided::Fault(flaw)) => self.fault(frame, node, flaw),
                Some(Decided::Cancelled) => {}
            }
            return;
        }
    }

    fn body_ended(&mut self, frame: usize, node: NodeIx, each: &Each, inner: usize, ending: Option<Ending>) {
        let index = self.frames[inner].index as usize;
        let ended = match ending {
            None => self.result(inner, each.result.as_ref()).and_then(|result| {
                let stop = each.stop.as_ref().map(|stop| self.expression(inner, stop)).transpose()?;
                Ok((result, matches!(stop, Some(Value::Bool(true)))))
            }),
            Some(Ending::Fault(flaw)) => Err(flaw),
            Some(Ending::Return(value)) => {
                self.give(frame, Ending::Return(value));
                return self.more_bodies(frame, node, each);
            }
            Some(Ending::Cancelled) => return self.more_bodies(frame, node, each),
        };
        let Some(Running::Each { results, decided, .. }) = self.frames[frame].running.get_mut(&node) else { return };
        match (ended, each.on_error) {
            (Ok((result, stop)), mode) => {
                let result = if mode == OnError::Collect { serde_json::json!({ "ok": result }) } else { result };
                results[index] = Some(result);
                if stop {
                    *decided = Some(Decided::Stopped);
                    self.cancel_sections(frame, node);
                }
            }
            (Err(flaw), OnError::Collect) => results[index] = Some(serde_json::json!({ "error": flaw.json() })),
            (Err(_), OnError::Skip) => {}
            (Err(flaw), OnError::Fail) => {
                *decided = Some(Decided::Fault(flaw));
                self.cancel_sections(frame, node);
            }
        }
        self.more_bodies(frame, node, each);
    }

    // Repeat.

    fn repeat_of(&self, node: NodeIx) -> &Repeat {
        match &self.plan.nodes[node as usize].what {
            What::Repeat(repeat) => repeat,
            _ => unreachable!("a repeat"),
        }
    }

    /// Another round, if `while` holds; it reads the frame of the round before, or of the first, not begun.
    fn next_round(&mut self, frame: usize, node: NodeIx, before: Option<usize>) {
        let Some(Running::Repeat { round, last, .. }) = self.frames[frame].running.get(&node) else { return };
        let (round, last, body) = (*round, last.clone(), self.repeat_of(node).body);
        let fresh = self.new_frame(body, Kind::Section { outer: frame, owner: node, section: Section::Body });
        for of in before.into_iter().chain([fresh]) {
            self.frames[of].index = round;
            self.frames[of].last = last.clone();
        }
        match self.while_holds(node, before.unwrap_or(fresh)) {
            Ok(true) => self.begin_frame(fresh),
            otherwise => {
                self.frames[fresh].alive = false;
                self.finish_repeat(frame, node, otherwise.map(|_| last));
            }
        }
    }

    fn while_holds(&self, node: NodeIx, read: usize) -> Result<bool, Flaw> {
        match &self.repeat_of(node).before {
            Some(before) => Ok(matches!(self.expression(read, before)?, Value::Bool(true))),
            None => Ok(true),
        }
    }

    fn finish_repeat(&mut self, frame: usize, node: NodeIx, result: Result<Json, Flaw>) {
        let Running::Repeat { decided, .. } = self.over(frame, node) else { return };
        match (decided, result) {
            (Some(Decided::Cancelled), _) => {}
            (Some(Decided::Fault(flaw)), _) | (None | Some(Decided::Stopped), Err(flaw)) => self.fault(frame, node, flaw),
            (_, Ok(last)) => self.complete(frame, node, Port::Ok, Out::Output(last)),
        }
    }

    fn round_ended(&mut self, frame: usize, node: NodeIx, inner: usize, ending: Option<Ending>) {
        match ending {
            None => {}
            Some(Ending::Fault(flaw)) => return self.finish_repeat(frame, node, Err(flaw)),
            Some(Ending::Return(value)) => {
                self.give(frame, Ending::Return(value));
                return self.finish_repeat(frame, node, Ok(Json::Null));
            }
            Some(Ending::Cancelled) => return self.finish_repeat(frame, node, Ok(Json::Null)),
        }
        match self.after_round(frame, node, inner) {
            Ok(None) => {}
            Ok(Some(last)) => self.finish_repeat(frame, node, Ok(last)),
            Err(flaw) => self.finish_repeat(frame, node, Err(flaw)),
        }
    }

    /// The node's output if the round was the last.
    fn after_round(&mut self, frame: usize, node: NodeIx, inner: usize) -> Result<Option<Json>, Flaw> {
        let repeat = self.repeat_of(node).clone();
        let result = self.result(inner, repeat.result.as_ref())?;
        let until = repeat.after.as_ref().map(|after| self.expression(inner, after)).transpose()?;
        if matches!(until, Some(Value::Bool(true))) {
            return Ok(Some(result));
        }
        let Some(Running::Repeat { round, last, kept, .. }) = self.frames[frame].running.get_mut(&node) else { return Ok(None) };
        *round += 1;
        *last = result.clone();
        let round = *round;
        if round >= repeat.max {
            self.frames[inner].index = round;
            self.frames[inner].last = result.clone();
            let over = repeat.after.is_none() && (repeat.before.is_none() || !self.while_holds(node, inner)?);
            return if over { Ok(Some(result)) } else { Err(Flaw::new("limit.rounds")) };
        }
        if let Some(delay) = repeat.delay_ms {
            *kept = Some(inner);
            self.sleep(frame, node, Purpose::Pause, self.now + delay);
        } else {
            self.next_round(frame, node, Some(inner));
        }
        Ok(None)
    }

    // Try.

    fn try_section_ended(&mut self, frame: usize, node: NodeIx, section: Section, inner: usize, ending: Option<Ending>) {
        let What::Try { catch, finally, result, catch_result, .. } = self.plan.nodes[node as usize].what.clone() else { return };
        let outcome = match (ending, section) {
            (None, Section::Body) => Some(self.result(inner, result.as_ref()).map_or_else(Pending::Fault, Pending::Ok)),
            (None, Section::Catch) => Some(self.result(inner, catch_result.as_ref()).map_or_else(Pending::Fault, Pending::Ok)),
            (None, Section::Finally) | (Some(Ending::Cancelled), _) => None,
            (Some(Ending::Fault(flaw)), _) => Some(Pending::Fault(flaw)),
            (Some(Ending::Return(value)), _) => Some(Pending::Return(value)),
        };
        if let Some(Pending::Fault(flaw)) = &outcome {
            self.frames[frame].out.insert(node, Out::Fault(flaw.clone()));
            self.frames[frame].made.insert(node);
            if let (Section::Body, Some(catch)) = (section, catch) {
                self.section(frame, node, Section::Catch, catch);
                return;
            }
        }
        let Some(Running::Try { pending, in_finally, .. }) = self.frames[frame].running.get_mut(&node) else { return };
        if outcome.is_some() {
            *pending = outcome;
        }
        if let (Some(finally), false) = (finally, *in_finally) {
            *in_finally = true;
            self.cancel_steps(|f, n, _| f == frame && n == node);
            self.section(frame, node, Section::Finally, finally);
            return;
        }
        let Running::Try { pending, decided, .. } = self.over(frame, node) else { return };
        match (decided, pending) {
            (Some(Decided::Cancelled), _) => {}
            (_, Some(Pending::Ok(output))) => self.complete(frame, node, Port::Ok, Out::Output(output)),
            (_, Some(Pending::Fault(flaw))) | (Some(Decided::Fault(flaw)), None) => self.fault(frame, node, flaw),
            (_, Some(Pending::Return(value))) => self.give(frame, Ending::Return(value)),
            (_, None) => {}
        }
    }
}

fn text(json: Json) -> Result<String, Flaw> {
    json.as_str().map(str::to_owned).ok_or_else(|| Flaw::new("type.mismatch"))
}

/// Milliseconds since 1970.
fn instant(json: Json) -> Result<u64, Flaw> {
    match decode(&Type::Datetime, &json.to_string()) {
        Ok(Value::Timestamp(instant)) => Ok((instant.nanos / 1_000_000) as u64),
        _ => Err(Flaw::new("type.mismatch")),
    }
}
