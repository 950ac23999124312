//! Signals and answers find the steps that wait for them.

use super::state::State;
use crate::{Answer, Happened, Listen, Listening, Outcome, Run, Signal, StoreError, limits};

impl State {
    /// A step begins to listen. The caller saves the run.
    pub fn listen(&mut self, at: u64, run: &mut Run, listen: Listen) {
        let number = run.row.number;
        if listen.question.is_none() {
            if let Some((key, signal)) = self.waiting_for(at, run, &listen) {
                self.early.remove(&key);
                return self.deliver(at, run, Happened::Heard(listen.step, signal.payload));
            }
        }
        let Listen { step, name, key, question } = listen;
        let run = run.row.id.clone();
        self.listens.set((number, step), Listening { number, run, step, name, key, since: at, question, given: Vec::new() });
    }

    /// The first signal that came for this before anybody listened.
    fn waiting_for(&self, at: u64, run: &Run, listen: &Listen) -> Option<(u64, Signal)> {
        let fits = |signal: &Signal| {
            signal.until > at
                && signal.project == run.row.project
                && signal.name == listen.name
                && signal.key.as_ref().is_none_or(|key| *key == listen.key)
                && signal.run.as_ref().is_none_or(|id| *id == run.row.id)
        };
        self.early.iter().find(|(_, signal)| fits(signal)).map(|(key, signal)| (*key, signal.clone()))
    }

    pub fn signal(&mut self, at: u64, signal: Signal) -> Result<Outcome, StoreError> {
        if let Some(id) = &signal.run {
            let run = self.copy(id)?;
            if run.row.project != signal.project {
                return Err(StoreError::NoRun { run: id.clone() });
            }
            if run.row.state.ended() {
                return Err(StoreError::Ended { run: id.clone() });
            }
        }
        let heard: Vec<Listening> = self.listens.iter().map(|(_, it)| it).filter(|it| self.hears(it, &signal)).cloned().collect();
        for listening in &heard {
            self.hear(at, listening, signal.payload.clone())?;
        }
        if heard.is_empty() && signal.until > at {
            self.keep_signal(at, signal)?;
        }
        Ok(Outcome::Delivered(heard.len() as u32))
    }

    fn hears(&self, listening: &Listening, signal: &Signal) -> bool {
        listening.question.is_none()
            && listening.name == signal.name
            && signal.key.as_ref().is_none_or(|key| *key == listening.key)
            && signal.run.as_ref().is_none_or(|run| *run == listening.run)
            && self.runs.get(&listening.number).is_some_and(|run| run.row.project == signal.project)
    }

    /// The step has what it waited for.
    fn hear(&mut self, at: u64, listening: &Listening, payload: String) -> Result<(), StoreError> {
        self.listens.remove(&(listening.number, listening.step));
        let mut run = self.copy(&listening.run)?;
        self.deliver(at, &mut run, Happened::Heard(listening.step, payload));
        self.save(run);
        Ok(())
    }

    fn keep_signal(&mut self, at: u64, signal: Signal) -> Result<(), StoreError> {
        let alike = |other: &Signal| {
            (&other.project, &other.name, &other.key, &other.run) == (&signal.project, &signal.name, &signal.key, &signal.run)
        };
        let kept: Vec<(u64, u64)> = self.early.iter().filter(|(_, it)| alike(it)).map(|(key, it)| (*key, it.until)).collect();
        let (alive, over): (Vec<_>, Vec<_>) = kept.into_iter().partition(|(_, until)| *until > at);
        over.iter().for_each(|(key, _)| {
            self.early.remove(key);
        });
        if alive.len() >= limits::EARLY {
            return Err(StoreError::TooLarge { what: "the number of signals that nobody has heard", limit: limits::EARLY });
        }
        self.last_signal += 1;
        self.early.set(self.last_signal, signal);
        Ok(())
    }

    pub fn answer(&mut self, at: u64, answer: &Answer) -> Result<Outcome, StoreError> {
        let run = self.copy(&answer.run)?;
        if run.row.state.ended() {
            return Err(StoreError::Ended { run: answer.run.clone() });
        }
        let closed = || StoreError::Closed { run: answer.run.clone(), step: answer.step };
        let mut listening = self.listens.get(&(run.row.number, answer.step)).cloned().ok_or_else(closed)?;
        let question = listening.question.clone().ok_or_else(closed)?;
        let complete = question.take(&mut listening.given, answer, at)?;
        match &complete {
            Some(payload) => self.hear(at, &listening, payload.clone())?,
            None => self.listens.set((listening.number, listening.step), listening),
        }
        Ok(Outcome::Answered { complete: complete.is_some() })
    }
}
