//! Triggers that fire by the clock. Every server looks after all of them: a firing and what is remembered of it are written at once, so
//! that of several servers one is the first and the others see it.

use super::firing::{Firing, Offer};
use super::inner::Inner;
use super::kept::fault;
use super::known::{Timed, TriggerName, TriggerState};
use jiff::Timestamp;
use loomwork_journal::{Batch, Expect, Kind, Put, StoreError, Write};
use loomwork_types::Fault;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Clocks can be set: they are looked at again after this, however far away the next time seemed.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// After a firing that could not be written, or whose flow could not be loaded.
const PAUSE_MS: u64 = 10_000;

/// When each trigger is to be looked at, and what that was worked out from.
#[derive(Default)]
struct Timetable {
    rows: HashMap<TriggerName, Row>,
}

struct Row {
    timed: Arc<Timed>,
    state: TriggerState,
    /// None: it never fires again.
    look_at: Option<u64>,
}

impl Inner {
    /// Fires what is due, for as long as the process is to. Sleeps until something is.
    pub async fn fire_timed(self: Arc<Self>) {
        let mut timetable = Timetable::default();
        while !self.halt.is_cancelled() {
            timetable.update(self.known.timed());
            for name in timetable.due(self.clock.now_ms()) {
                self.look_after(&mut timetable, &name).await;
            }
            let longest = self.clock.now_ms().saturating_add(LONGEST_SLEEP.as_millis() as u64);
            let until = timetable.next().unwrap_or(u64::MAX).min(longest);
            tokio::select! {
                biased;
                () = self.halt.cancelled() => return,
                () = self.stir_timed.notified() => {}
                () = self.clock.sleep_until(until) => {}
            }
        }
    }

    async fn look_after(&self, timetable: &mut Timetable, name: &TriggerName) {
        let Some(row) = timetable.rows.get_mut(name) else { return };
        let now = self.clock.now_ms();
        let settled = row.settled();
        let due = row.timed.schedule.due(settled as i64, now as i64, row.timed.missed, &row.timed.zone);
        row.look_at = due.next.map(|at| at as u64);
        if due.fire.is_empty() && !due.left_out {
            return;
        }
        let state = TriggerState { settled: Some(now.max(settled)), ..row.state.clone() };
        match self.fire_at(name, &due.fire, &row.state, &state).await {
            Ok(()) => row.state = state,
            Err(fault) => {
                row.look_at = Some(now.saturating_add(PAUSE_MS));
                let (flow, trigger) = (&name.flow, &name.trigger);
                tracing::error!(flow, trigger, code = %fault.code, message = %fault.message, "a trigger is due and could not fire; it is tried again");
            }
        }
    }

    /// Writes the runs of these times, and that they are dealt with, unless somebody else has.
    async fn fire_at(&self, name: &TriggerName, times: &[i64], before: &TriggerState, after: &TriggerState) -> Result<(), Fault> {
        let mut writes = Vec::with_capacity(times.len() + 1);
        for at in times {
            let creates = self.fire(firing(name, *at)).await?;
            writes.extend(creates.into_iter().map(|create| Write::Create(Box::new(create))));
        }
        writes.push(Write::Put(self.remembering(name, before, after)));
        match self.store.commit(Batch::new(self.clock.now_ms(), writes)).await {
            Ok(_) => {
                self.known.set_state(name.clone(), after.clone());
                Ok(())
            }
            Err(StoreError::Conflict { .. }) => self.learn(Kind::Trigger, &name.record()).await.map_err(|error| fault(&error)),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Changes what is remembered of a trigger, if it is still as it was. What was never written is as good as the default.
    pub fn remembering(&self, name: &TriggerName, before: &TriggerState, after: &TriggerState) -> Put {
        let was = (*before != TriggerState::default()).then(|| before.json().into());
        Put {
            project: self.project.clone(),
            kind: Kind::Trigger,
            name: name.record(),
            value: Some(after.json().into()),
            expect: Expect::Is(was),
            blobs: Vec::new(),
        }
    }
}

fn firing(name: &TriggerName, at: i64) -> Firing {
    let scheduled_at = Timestamp::from_millisecond(at).map(|at| at.to_string()).unwrap_or_default();
    let fields = vec![("trigger", Offer::text(&name.trigger)), ("scheduled_at", Offer::text(&scheduled_at))];
    Firing { name: name.clone(), key: format!("cron/{}/{at}", name.trigger), offer: Offer::Fields(fields), starter: None }
}

impl Row {
    fn new(timed: Arc<Timed>, state: TriggerState) -> Self {
        let mut row = Self { timed, state, look_at: None };
        row.look_at = row.timed.schedule.next_after(row.settled() as i64, &row.timed.zone).map(|at| at as u64);
        row
    }

    /// A new version's times begin when it does.
    fn settled(&self) -> u64 {
        self.state.settled.unwrap_or(0).max(self.timed.since)
    }

    fn is_due(&self, now: u64) -> bool {
        !self.state.paused && self.look_at.is_some_and(|at| at <= now)
    }
}

impl Timetable {
    /// Takes over what is known now; what has not changed is not worked out again.
    fn update(&mut self, timed: Vec<(TriggerName, Arc<Timed>, TriggerState)>) {
        let mut before = std::mem::take(&mut self.rows);
        for (name, timed, state) in timed {
            let same = before.remove(&name).filter(|row| Arc::ptr_eq(&row.timed, &timed) && row.state == state);
            let row = same.unwrap_or_else(|| Row::new(timed, state));
            self.rows.insert(name, row);
        }
    }

    fn due(&self, now: u64) -> Vec<TriggerName> {
        let due = self.rows.iter().filter(|(_, row)| row.is_due(now));
        let mut names: Vec<TriggerName> = due.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }

    fn next(&self) -> Option<u64> {
        self.rows.values().filter(|row| !row.state.paused).filter_map(|row| row.look_at).min()
    }
}
