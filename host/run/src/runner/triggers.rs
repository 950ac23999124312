//! Looking at triggers, and pausing them.

use super::Runner;
use super::known::{TriggerName, TriggerState};
use loomwork_flow::{Trigger, TriggerKind};
use loomwork_journal::{Kind, Outcome, Write};
use loomwork_types::Fault;

/// A trigger of a deployed flow.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerView {
    pub flow: String,
    pub trigger: Trigger,
    pub paused: bool,
    /// Of one that fires by the clock and is not paused: when it does next, in milliseconds since 1970.
    pub next: Option<u64>,
}

impl Runner {
    /// The triggers of all deployed flows, or of one, in order.
    pub fn triggers(&self, flow: Option<&str>) -> Result<Vec<TriggerView>, Fault> {
        let all = self.inner.known.all();
        if let Some(flow) = flow.filter(|flow| !all.iter().any(|(id, _)| id == flow)) {
            return Err(Fault::new("flow.not_found", format!("there is no flow `{flow}`")));
        }
        let wanted = all.iter().filter(|(id, _)| flow.is_none_or(|flow| flow == id));
        let triggers = wanted.flat_map(|(id, about)| about.triggers.iter().map(move |trigger| (id, trigger)));
        Ok(triggers.map(|(id, trigger)| self.view(id, trigger)).collect())
    }

    /// Whether starts by this trigger are refused for now.
    pub fn is_paused(&self, flow: &str, trigger: &str) -> bool {
        self.inner.known.is_paused(flow, trigger)
    }

    /// The manual trigger that somebody fires who starts this flow by hand; none if it has none, as every flow can be started by hand.
    /// `trigger.paused` if it has some and they are paused.
    pub fn by_hand(&self, flow: &str) -> Result<Option<String>, Fault> {
        let Some(about) = self.inner.known.flow(flow) else { return Ok(None) };
        let manual = || about.triggers.iter().filter(|trigger| matches!(trigger.kind, TriggerKind::Manual));
        match manual().find(|trigger| !self.is_paused(flow, &trigger.id)) {
            Some(trigger) => Ok(Some(trigger.id.clone())),
            None if manual().next().is_none() => Ok(None),
            None => Err(Fault::new("trigger.paused", format!("`{flow}` is not started by hand for now: its trigger is paused"))),
        }
    }

    /// Pauses a trigger, or lets it go on. What would have started runs meanwhile is not made up for.
    pub async fn pause(&self, flow: &str, trigger: &str, paused: bool) -> Result<TriggerView, Fault> {
        let name = TriggerName::new(flow, trigger);
        let found = self.triggers(Some(flow))?.into_iter().find(|view| view.trigger.id == trigger);
        let found = found.ok_or_else(|| Fault::new("trigger.not_found", format!("flow `{flow}` has no trigger `{trigger}`")))?;
        loop {
            let before = self.inner.known.state(&name);
            let settled = if paused { before.settled } else { Some(self.inner.clock.now_ms()) };
            let after = TriggerState { paused, settled };
            if before.paused == paused {
                return Ok(found);
            }
            match self.commit(Write::Put(self.inner.remembering(&name, &before, &after))).await {
                Ok(Outcome::Put { .. }) => {
                    self.inner.known.set_state(name, after);
                    self.inner.stir_timed.notify_one();
                    return Ok(self.view(flow, &found.trigger));
                }
                // It has fired meanwhile, here or elsewhere.
                Err(fault) if fault.code == "store.conflict" => {
                    self.inner.learn(Kind::Trigger, &name.record()).await.map_err(|error| super::kept::fault(&error))?;
                }
                Err(fault) => return Err(fault),
                Ok(_) => return Err(Fault::new("run.bug", "a record was written without an answer")),
            }
        }
    }

    fn view(&self, flow: &str, trigger: &Trigger) -> TriggerView {
        let name = TriggerName::new(flow, &trigger.id);
        let paused = self.inner.known.state(&name).paused;
        let next = self.inner.known.timed_by(&name).filter(|_| !paused);
        let now = self.inner.clock.now_ms() as i64;
        let next = next.and_then(|timed| timed.schedule.next_after(now, &timed.zone)).map(|at| at as u64);
        TriggerView { flow: flow.to_owned(), trigger: trigger.clone(), paused, next }
    }
}
