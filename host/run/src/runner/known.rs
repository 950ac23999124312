//! What a process knows of every deployed flow without loading it: which version new runs take, what starts it, and what it starts.
//!
//! A copy of the store's records, brought up to date whenever they change, so that nothing has to be read when something happens.

use super::flows::{Version, version_name};
use super::inner::Inner;
use loomwork_flow::{Missed, Trigger, TriggerKind};
use loomwork_journal::{Kind, Record, RecordPage, StoreError, limits};
use loomwork_trigger::cron::{self, Schedule, Zone};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A deployed flow, as new runs take it.
#[derive(Debug, PartialEq)]
pub(crate) struct About {
    pub version: u64,
    /// When this version became the one that new runs take.
    pub since: u64,
    pub triggers: Vec<Trigger>,
    pub error_flow: Option<String>,
    /// Of the flow's component.
    pub digest: String,
    /// What it was made with, by what, and of which document.
    pub packages: BTreeMap<String, String>,
    pub compiler: String,
    document: [u8; 32],
}

impl About {
    /// Whether this is the document of the version that new runs take.
    pub fn is_of(&self, document: &str) -> bool {
        self.document == <[u8; 32]>::from(Sha256::digest(document))
    }
}

/// Something that happens in one run and starts others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cause {
    Event(String),
    /// A run of this flow ended.
    EndOf(String),
}

/// A trigger's place: its flow and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TriggerName {
    pub flow: String,
    pub trigger: String,
}

/// A trigger that fires by the clock.
#[derive(Debug)]
pub(crate) struct Timed {
    pub schedule: Schedule,
    pub zone: Zone,
    pub missed: cron::Missed,
    pub since: u64,
}

/// What is remembered of a trigger; its record's value is this as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TriggerState {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Its times up to this one are dealt with, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<u64>,
}

#[derive(Default)]
pub(crate) struct Known {
    held: RwLock<Held>,
    /// Counts how often flows changed.
    generation: AtomicU64,
}

#[derive(Default)]
struct Held {
    flows: BTreeMap<String, Arc<About>>,
    caused: HashMap<Cause, BTreeSet<TriggerName>>,
    timed: BTreeMap<TriggerName, Arc<Timed>>,
    states: HashMap<TriggerName, TriggerState>,
}

impl TriggerName {
    pub fn new(flow: impl Into<String>, trigger: impl Into<String>) -> Self {
        Self { flow: flow.into(), trigger: trigger.into() }
    }

    pub fn record(&self) -> String {
        format!("{}/{}", self.flow, self.trigger)
    }

    fn of_record(name: &str) -> Option<Self> {
        name.split_once('/').map(|(flow, trigger)| Self::new(flow, trigger))
    }
}

impl TriggerState {
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Known {
    pub fn flow(&self, flow: &str) -> Option<Arc<About>> {
        self.read().flows.get(flow).cloned()
    }

    pub fn all(&self) -> Vec<(String, Arc<About>)> {
        self.read().flows.iter().map(|(flow, about)| (flow.clone(), about.clone())).collect()
    }

    /// The triggers that fire because of this and are not paused, in order.
    pub fn started_by(&self, cause: &Cause) -> Vec<TriggerName> {
        let held = self.read();
        let names = held.caused.get(cause).into_iter().flatten();
        names.filter(|name| !held.is_paused(name)).cloned().collect()
    }

    /// The triggers that fire by the clock, with what is remembered of them.
    pub fn timed(&self) -> Vec<(TriggerName, Arc<Timed>, TriggerState)> {
        let held = self.read();
        let state = |name| held.states.get(name).cloned().unwrap_or_default();
        held.timed.iter().map(|(name, timed)| (name.clone(), timed.clone(), state(name))).collect()
    }

    pub fn timed_by(&self, name: &TriggerName) -> Option<Arc<Timed>> {
        self.read().timed.get(name).cloned()
    }

    pub fn state(&self, name: &TriggerName) -> TriggerState {
        self.read().states.get(name).cloned().unwrap_or_default()
    }

    pub fn is_paused(&self, flow: &str, trigger: &str) -> bool {
        let held = self.read();
        // Asked at each request, and hardly ever is there anything.
        !held.states.is_empty() && held.is_paused(&TriggerName::new(flow, trigger))
    }

    pub fn set_flow(&self, flow: &str, about: Option<About>) {
        let mut held = self.write();
        held.forget(flow);
        if let Some(about) = about {
            held.remember(flow, about);
        }
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    pub fn set_state(&self, name: TriggerName, state: TriggerState) {
        self.write().states.insert(name, state);
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn is_paused(&self, name: &TriggerName) -> bool {
        self.states.get(name).is_some_and(|state| state.paused)
    }

    fn forget(&mut self, flow: &str) {
        let Some(about) = self.flows.remove(flow) else { return };
        for trigger in &about.triggers {
            let name = TriggerName::new(flow, &trigger.id);
            if let Some(cause) = cause(&trigger.kind)
                && let Some(names) = self.caused.get_mut(&cause)
            {
                names.remove(&name);
            }
            self.timed.remove(&name);
        }
    }

    fn remember(&mut self, flow: &str, about: About) {
        for trigger in &about.triggers {
            let name = TriggerName::new(flow, &trigger.id);
            if let Some(cause) = cause(&trigger.kind) {
                self.caused.entry(cause).or_default().insert(name.clone());
            }
            if let Some(timed) = timed(&trigger.kind, about.since) {
                self.timed.insert(name, Arc::new(timed));
            }
        }
        self.flows.insert(flow.to_owned(), Arc::new(about));
    }
}

fn cause(kind: &TriggerKind) -> Option<Cause> {
    match kind {
        TriggerKind::Event { name } => Some(Cause::Event(name.clone())),
        TriggerKind::Flow { flow } => Some(Cause::EndOf(flow.clone())),
        TriggerKind::Manual | TriggerKind::Http(_) | TriggerKind::Cron { .. } | TriggerKind::Form { .. } => None,
    }
}

/// None also for one that cannot be read: the check has refused it before.
fn timed(kind: &TriggerKind, since: u64) -> Option<Timed> {
    let TriggerKind::Cron { schedule, zone, missed } = kind else { return None };
    let zone = zone.as_deref().map_or(Ok(Zone::utc()), Zone::named).ok()?;
    let missed = match missed {
        Missed::Skip => cron::Missed::Skip,
        Missed::Once => cron::Missed::Once,
        Missed::All => cron::Missed::All,
    };
    Some(Timed { schedule: schedule.parse().ok()?, zone, missed, since })
}

impl Inner {
    /// Reads everything anew that differs from what is known.
    pub async fn learn_all(&self) -> Result<(), StoreError> {
        let mut gone: BTreeSet<String> = self.known.all().into_iter().map(|(flow, _)| flow).collect();
        for record in self.all_records(Kind::Active).await? {
            gone.remove(&record.name);
            self.learn_active(&record).await?;
        }
        gone.iter().for_each(|flow| self.known.set_flow(flow, None));
        for record in self.all_records(Kind::Trigger).await? {
            self.learn_trigger(&record.name, Some(&record));
        }
        self.stir_timed.notify_one();
        Ok(())
    }

    /// Reads one record anew that somebody has written.
    pub async fn learn(&self, kind: Kind, name: &str) -> Result<(), StoreError> {
        let record = self.store.record(&self.project, kind, name).await?;
        match (kind, &record) {
            (Kind::Active, Some(record)) => self.learn_active(record).await?,
            (Kind::Active, None) => self.known.set_flow(name, None),
            (Kind::Trigger, record) => self.learn_trigger(name, record.as_ref()),
            _ => return Ok(()),
        }
        self.stir_timed.notify_one();
        Ok(())
    }

    async fn learn_active(&self, record: &Record) -> Result<(), StoreError> {
        let flow = &record.name;
        let Some(version) = std::str::from_utf8(&record.value).ok().and_then(|text| text.parse().ok()) else { return Ok(()) };
        if self.known.flow(flow).is_some_and(|about| about.version == version && about.since == record.updated) {
            return Ok(());
        }
        let found = self.store.record(&self.project, Kind::Version, &version_name(flow, version)).await?;
        let about = found.and_then(|found| about(&found, record.updated));
        if about.is_none() {
            tracing::warn!(flow, version, "the version that new runs take cannot be read");
        }
        self.known.set_flow(flow, about);
        Ok(())
    }

    fn learn_trigger(&self, name: &str, record: Option<&Record>) {
        let Some(name) = TriggerName::of_record(name) else { return };
        let state = record.and_then(|record| serde_json::from_slice(&record.value).ok());
        self.known.set_state(name, state.unwrap_or_default());
    }

    async fn all_records(&self, kind: Kind) -> Result<Vec<Record>, StoreError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = RecordPage { prefix: String::new(), after, limit: limits::PAGE };
            let records = self.store.records(&self.project, kind, &page).await?;
            after = records.last().map(|record| record.name.clone());
            let last = records.len() < page.limit;
            all.extend(records);
            if last {
                return Ok(all);
            }
        }
    }
}

fn about(record: &Record, since: u64) -> Option<About> {
    let Version { version, document, digest, packages, compiler, .. } = serde_json::from_slice(&record.value).ok()?;
    let flow = loomwork_flow::parse(&document).0?;
    let document = Sha256::digest(&document).into();
    Some(About { version, since, triggers: flow.triggers, error_flow: flow.error_flow, digest, packages, compiler, document })
}
