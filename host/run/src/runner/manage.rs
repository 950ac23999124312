//! Looking at runs, and what people do to them after the fact.

use super::kept::{fault, pack, stands_already};
use super::{Begun, NewRun, Runner};
use crate::decision;
use crate::marked::Marked;
use crate::progress::{Outstanding, Progress, Task};
use crate::replay::{Past, replay};
use crate::{Deployment, Replay};
use loomwork_engine::{Event, Happened};
use loomwork_journal::{
    Answer, Append, Batch, Entry, Filter, Listen, Listening, Next, Order, Outcome, Run, RunId, RunRow, State, StoreError,
    Verdict, Write, limits,
};
use loomwork_types::Fault;
use std::sync::Arc;

/// Takes every secret out of a text.
pub type Redact = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// A run with all there is to see of it.
#[derive(Clone)]
pub struct Details {
    pub run: Run,
    /// The flow's nodes, by index.
    pub nodes: Vec<String>,
    /// Without what parameters that are marked secret were given.
    pub steps: Vec<Past>,
    /// Runs that it called or started.
    pub children: Vec<RunRow>,
    /// Takes secrets out of everything else of the run.
    pub redact: Redact,
}

/// What came of repeating failed runs.
#[derive(Clone, Debug, Default)]
pub struct Retried {
    /// The new ones.
    pub runs: Vec<RunId>,
    /// Those that could not be repeated, and why.
    pub refused: Vec<(RunId, Fault)>,
}

/// What a person says to a question.
#[derive(Clone, Debug)]
pub struct Answered {
    pub who: String,
    pub roles: Vec<String>,
    pub approved: bool,
    pub note: Option<String>,
    /// The filled-in form, JSON.
    pub form: Option<String>,
}

/// How a run is to be repeated.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// The answers of the steps that came before this step was asked for are taken over, and the run goes on from there.
    pub from: Option<u32>,
    /// With the version that is deployed now instead of the run's own.
    pub newest: bool,
    /// Who begins it; if absent, whoever began the old one.
    pub starter: Option<String>,
}

impl Runner {
    pub fn redact(&self) -> Redact {
        let inner = &self.inner.platform.inner;
        let redactor = inner.capabilities.redactor(&inner.project);
        Arc::new(move |text| redactor.text(text).into_owned())
    }

    /// What takes secrets out of a run's journal, where what was given to marked parameters may stand as well.
    pub async fn redact_run(&self, run: &RunId) -> Result<Redact, Fault> {
        self.details(run).await.map(|details| details.redact)
    }

    /// Hides what marked parameters were given in these steps, and gives what hides it elsewhere.
    fn hide(&self, deployment: &Deployment, steps: &mut [Past]) -> Redact {
        let (marked, inner) = (Marked::default(), &self.inner.platform.inner);
        for past in steps {
            if let Some(Some(bound)) = deployment.inner.bindings.get(past.node as usize)
                && !bound.secret.is_empty()
            {
                past.input = marked.mask(&bound.node, &bound.secret, &past.input);
            }
        }
        let hiding = marked.with(&inner.capabilities.redactor(&inner.project));
        Arc::new(move |text| hiding.text(text).into_owned())
    }

    /// Runs, as the filter wants them.
    pub async fn list(&self, filter: &Filter) -> Result<Vec<RunRow>, Fault> {
        self.inner.store.runs(filter).await.map_err(|error| fault(&error))
    }

    /// A run, its steps and what it called. Steps of a run whose version cannot be loaded any more are left out.
    pub async fn details(&self, run: &RunId) -> Result<Details, Fault> {
        const CHILDREN: usize = 200;
        let found = self.get(run).await?;
        let filter = Filter {
            parent: Some(run.clone()),
            order: Order::OldestFirst,
            limit: CHILDREN,
            ..Filter::of(self.project().clone())
        };
        let children = self.list(&filter).await?;
        let Ok(deployment) = self.inner.flows.pinned(&self.inner, &found.row.flow, &found.row.pin).await else {
            return Ok(Details { run: found, nodes: Vec::new(), steps: Vec::new(), children, redact: self.redact() });
        };
        let mut steps = self.replay(run).await?.steps;
        let redact = self.hide(&deployment, &mut steps);
        Ok(Details { run: found, nodes: node_names(&deployment), steps, children, redact })
    }

    /// Tells the run's journal to a fresh machine of its version: its steps, and whether both still agree.
    pub async fn replay(&self, run: &RunId) -> Result<Replay, Fault> {
        let found = self.get(run).await?;
        let deployment = self.inner.flows.pinned(&self.inner, &found.row.flow, &found.row.pin).await?;
        let entries = self.journal(run).await?;
        let machine = deployment.inner.machine.instantiate_soon().await?;
        Ok(replay(machine, &entries))
    }

    /// The run's journal, whole.
    pub async fn journal(&self, run: &RunId) -> Result<Vec<Entry>, Fault> {
        const PAGE: usize = 1_000;
        self.get(run).await?;
        let mut entries = Vec::new();
        loop {
            let page = self.inner.store.entries(run, entries.len() as u64, PAGE).await.map_err(|error| fault(&error))?;
            let last = page.len() < PAGE;
            entries.extend(page);
            if last {
                return Ok(entries);
            }
        }
    }

    /// A new run with the input of an old one.
    pub async fn rerun(&self, run: &RunId, again: Again) -> Result<RunId, Fault> {
        let Again { from, newest, starter } = again;
        let found = self.get(run).await?;
        let deployment = match newest {
            true => self.inner.flows.active(&self.inner, &found.row.flow).await?.deployment,
            false => self.inner.flows.pinned(&self.inner, &found.row.flow, &found.row.pin).await?,
        };
        let taken = match from {
            Some(step) => Some(self.until_asked(&deployment, run, step).await?),
            None => None,
        };
        let version =
            if newest { self.inner.flows.active(&self.inner, &found.row.flow).await?.version } else { found.row.pin.version };
        let id = deployment.new_id();
        let mut create = self.inner.create(id.clone(), &deployment, version, found.input)?;
        create.origin = Some(run.clone());
        create.trigger = found.row.trigger;
        create.starter = starter.or(found.row.starter);
        let until = Some(self.inner.clock.now_ms());
        create.begin = taken.map(|taken| (self.inner.worker.clone(), taken.progress(&id, until)));
        match self.commit(Write::Create(Box::new(create))).await? {
            Outcome::Existing(other) => Err(stands_already(&other)),
            _ => Ok(id),
        }
    }

    /// What a run was told until it asked for a step: without what had left and was not answered, which is asked for again.
    async fn until_asked(&self, deployment: &Deployment, run: &RunId, step: u32) -> Result<Taken, Fault> {
        let entries = self.journal(run).await?;
        let mut progress = Progress::new(deployment.inner.machine.instantiate_soon().await?);
        let (mut kept, mut answer) = (Vec::new(), None);
        for entry in entries {
            let Entry::Told(event) = &entry else { continue };
            let tasks = progress.tell(std::slice::from_ref(event))?;
            kept.push(entry);
            let asks = tasks.contains(&Task::Call(step)) || tasks.contains(&Task::Listen(step));
            answer =
                tasks.into_iter().find_map(|task| if let Task::Respond(output) = task { Some(output) } else { None }).or(answer);
            if asks {
                let listens = progress.outstanding.listens.into_values().map(|listen| self.inner.listen(listen)).collect();
                return Ok(Taken { entries: kept, listens, answer });
            }
        }
        Err(Fault::new("run.no_step", format!("run {run} never asked for step {step}")))
    }

    /// Once more, for every failed run that the filter has and that was not repeated like this before. One that cannot be, because its
    /// flow is gone or takes another input now, does not keep the others from it. Whoever began the old ones has begun the new ones,
    /// unless `starter` has.
    pub async fn retry_failed(&self, filter: Filter, starter: Option<&str>) -> Result<Retried, Fault> {
        let mut filter = Filter { states: vec![State::Failed], order: Order::OldestFirst, limit: limits::PAGE, ..filter };
        let mut retried = Retried::default();
        loop {
            let page = self.list(&filter).await?;
            for row in &page {
                match self.retry(row, starter).await {
                    Ok(Begun::New(run)) => retried.runs.push(run),
                    Ok(Begun::Existing(_)) => {}
                    Err(fault) => retried.refused.push((row.id.clone(), fault)),
                }
            }
            match page.last() {
                Some(last) if page.len() == filter.limit => filter.after = Some(last.number),
                _ => return Ok(retried),
            }
        }
    }

    async fn retry(&self, row: &RunRow, starter: Option<&str>) -> Result<Begun, Fault> {
        let input = self.get(&row.id).await?.input;
        let idempotency = Some(format!("retry/{}", row.id));
        let (starter, origin) = (starter.map(str::to_owned).or(row.starter.clone()), Some(row.id.clone()));
        let new = NewRun { input, idempotency, starter, origin, ..NewRun::default() };
        self.begin(&row.flow, new).await
    }

    /// Binds a run that waits to another version of its flow, if that version, told the same, waits for the same.
    pub async fn migrate(&self, run: &RunId, version: u64) -> Result<(), Fault> {
        let found = self.get(run).await?;
        let (old, new) = (
            self.inner.flows.pinned(&self.inner, &found.row.flow, &found.row.pin).await?,
            self.inner.flows.version(&self.inner, &found.row.flow, version).await?,
        );
        // Who executes no runs has no lease, and needs one for as long as this takes.
        if !self.inner.role.executes() {
            self.inner.renew().await.map_err(|error| fault(&error))?;
        }
        let claim = Write::Claim { worker: self.inner.worker.clone(), run: run.clone() };
        let claimed = match self.commit(claim).await? {
            Outcome::Claimed(claimed) => claimed.into_iter().next(),
            _ => None,
        };
        let busy = || Fault::new("run.not_waiting", format!("run {run} is under way; only one that waits can be moved"));
        let claimed = claimed.ok_or_else(busy)?;
        let moved = self.trial(run, &old, &new).await;
        let (progress, refusal) = match moved {
            Ok((state, outstanding)) => {
                let progress = loomwork_journal::Progress {
                    pin: Some(loomwork_journal::Pin { version, digest: new.digest().to_owned() }),
                    snapshot: Some(pack(&state, &outstanding).into()),
                    next: Next::Released { until: outstanding.due() },
                    ..Default::default()
                };
                (progress, None)
            }
            // It goes back to its waiting, to be taken up at once: what it waited for is in its journal.
            Err(reason) => {
                let next = Next::Released { until: Some(self.inner.clock.now_ms()) };
                (loomwork_journal::Progress { next, ..Default::default() }, Some(reason))
            }
        };
        let append = Append { run: run.clone(), fence: claimed.row.fence, seq: claimed.row.next_seq, progress };
        if let Err(fault) = self.commit(Write::Append(Box::new(append))).await {
            self.inner.tasks.spawn(self.inner.clone().hand_back(run.clone()));
            return Err(fault);
        }
        refusal.map_or(Ok(()), Err)
    }

    /// Tells both versions the whole journal; the new one's state if it waits for the same.
    async fn trial(&self, run: &RunId, old: &Deployment, new: &Deployment) -> Result<(Vec<u8>, Outstanding), Fault> {
        let entries = self.journal(run).await?;
        let agrees = replay(new.inner.machine.instantiate_soon().await?, &entries);
        if let Some(difference) = agrees.difference {
            return Err(Fault::new("flow.changed", format!("the version would have gone another way: {difference}")));
        }
        let (mut before, mut after) = (
            Progress::new(old.inner.machine.instantiate_soon().await?),
            Progress::new(new.inner.machine.instantiate_soon().await?),
        );
        for entry in &entries {
            match entry {
                Entry::Told(event) => {
                    before.tell(std::slice::from_ref(event))?;
                    after.tell(std::slice::from_ref(event))?;
                }
                Entry::Called { step, .. } => after.called(*step),
                Entry::Ended { .. } => {}
            }
        }
        if waits_for(&before.outstanding, old) != waits_for(&after.outstanding, new) {
            return Err(Fault::new("flow.changed", "the version would wait for something else"));
        }
        Ok((after.save()?, after.outstanding))
    }

    /// Questions to people that are open.
    pub async fn questions(&self) -> Result<Vec<Listening>, Fault> {
        let mut all: Vec<Listening> = Vec::new();
        loop {
            let after = all.last().map(|last| (last.number, last.step));
            let page = self.inner.store.questions(self.project(), after, limits::PAGE).await.map_err(|error| fault(&error))?;
            let last = page.len() < limits::PAGE;
            all.extend(page);
            if last {
                return Ok(all);
            }
        }
    }

    /// Answers a question, by its form. True if it was the last answer that was needed.
    pub async fn answer(&self, run: &RunId, step: u32, answered: Answered) -> Result<bool, Fault> {
        self.get(run).await?;
        let listening = self.inner.store.listening(run).await.map_err(|error| fault(&error))?;
        let asked = listening.into_iter().find(|it| it.step == step).and_then(|it| it.question);
        let asked = asked.ok_or_else(|| fault(&StoreError::Closed { run: run.clone(), step }))?;
        let Answered { who, roles, approved, note, form } = answered;
        let form = decision::said(&asked.form, approved, note, form.as_deref())?;
        let verdict = if approved { Verdict::Approved } else { Verdict::Rejected };
        match self.commit(Write::Answer(Answer { run: run.clone(), step, who, roles, verdict, form })).await? {
            Outcome::Answered { complete } => Ok(complete),
            _ => Ok(false),
        }
    }

    pub(super) async fn commit(&self, write: Write) -> Result<Outcome, Fault> {
        let outcomes = self.inner.store.commit(Batch::new(self.inner.clock.now_ms(), [write])).await;
        let outcome = outcomes.map_err(|error| fault(&error))?.into_iter().next();
        outcome.ok_or_else(|| fault(&StoreError::Damaged("a write without an outcome".into())))
    }
}

/// What a run takes over from another one.
struct Taken {
    entries: Vec<Entry>,
    /// What is listened for behind them.
    listens: Vec<Listen>,
    answer: Option<String>,
}

impl Taken {
    /// As the beginning of this run, which goes on then.
    fn progress(self, run: &RunId, until: Option<u64>) -> loomwork_journal::Progress {
        let Self { entries, listens, answer } = self;
        let entries = entries.into_iter().map(|entry| renamed(entry, run)).collect();
        loomwork_journal::Progress { entries, listens, answer, next: Next::Released { until }, ..Default::default() }
    }
}

/// What is waited for, by the ids of nodes, which survive changes elsewhere in the flow.
fn waits_for(outstanding: &Outstanding, deployment: &Deployment) -> Vec<(u32, String)> {
    let names = node_names(deployment);
    let name = |node: u32| names.get(node as usize).cloned().unwrap_or_default();
    let calls = outstanding.calls.values().map(|call| (call.step, format!("call {} {}", name(call.node), call.input)));
    let timers = outstanding.timers.iter().map(|(at, step)| (*step, format!("time {at}")));
    let listens = outstanding.listens.values().map(|listen| (listen.step, format!("{:?}", listen.what)));
    let mut all: Vec<_> = calls.chain(timers).chain(listens).collect();
    all.sort();
    all
}

pub(super) fn node_names(deployment: &Deployment) -> Vec<String> {
    deployment.flow().nodes.iter().map(|node| node.id.clone()).collect()
}

/// The same beginning, of another run.
fn renamed(entry: Entry, run: &RunId) -> Entry {
    match entry {
        Entry::Told(Event { at, what: Happened::Start(mut start) }) => {
            start.run = run.to_string();
            Entry::Told(Event { at, what: Happened::Start(start) })
        }
        other => other,
    }
}
