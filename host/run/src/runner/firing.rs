//! Runs that nobody asks for by name: an event, another run's end or the clock starts them. Each has a key, so that one firing never
//! makes two runs, and is made in the same batch as what caused it, so that none is lost.

use super::descent::Descent;
use super::flows::FlowState;
use super::inner::Inner;
use super::known::{Cause, TriggerName};
use crate::ledger::Emit;
use loomwork_journal::{Create, End, Entry, Next, Progress, RunId};
use loomwork_types::{Fault, Type, canonical, writer};

/// What started a run that looks after another one's failure. No trigger has such an id.
const ERROR_FLOW: &str = "error flow";

/// A trigger that fires.
pub(super) struct Firing {
    pub name: TriggerName,
    /// Of several firings with the same key only the first makes a run.
    pub key: String,
    pub offer: Offer,
    /// Who began what makes it fire.
    pub starter: Option<String>,
}

/// What a firing has for a flow's input.
#[derive(Clone)]
pub(super) enum Offer {
    /// JSON.
    Whole(String),
    /// Fields, of which a record takes those it has, and everything else all.
    Fields(Vec<(&'static str, Offer)>),
}

/// A run that has ended, as far as others want to know it.
pub(super) struct Ending<'a> {
    pub run: &'a RunId,
    pub flow: &'a str,
    pub descent: &'a Descent,
    pub input: &'a str,
    pub end: &'a End,
}

impl Inner {
    /// The runs that an event starts: one for each trigger that waits for it.
    pub async fn started_by_event(&self, from: &RunId, starter: Option<&String>, emit: Emit) -> Vec<Create> {
        let names = self.known.started_by(&Cause::Event(emit.event));
        let firing = |name: TriggerName| {
            let key = format!("event/{}/{from}/{}", name.trigger, emit.number);
            Firing { name, key, offer: Offer::Whole(emit.payload.clone()), starter: starter.cloned() }
        };
        self.fire_all(names.into_iter().map(firing).collect()).await
    }

    /// Whether anything is started by the end of such a run: else there is no need to look for its input.
    pub fn is_awaited(&self, flow: &str, end: &End) -> bool {
        let looked_after = matches!(end, End::Failed(_)) && self.known.flow(flow).is_some_and(|about| about.error_flow.is_some());
        looked_after || !self.known.started_by(&Cause::EndOf(flow.to_owned())).is_empty()
    }

    /// The runs that the end of another one starts: of the flows that wait for it, and of the flow that looks after its failure.
    pub async fn started_by_end(&self, ending: &Ending<'_>) -> Vec<Create> {
        let names = self.known.started_by(&Cause::EndOf(ending.flow.to_owned()));
        let firing = |name: TriggerName| {
            let key = format!("end/{}/{}", name.trigger, ending.run);
            Firing { name, key, offer: ending.offer(), starter: ending.descent.starter.clone() }
        };
        let mut firings: Vec<Firing> = names.into_iter().map(firing).collect();
        firings.extend(self.looks_after(ending));
        self.fire_all(firings).await
    }

    /// One that fails while it looks after another is looked after by nobody.
    fn looks_after(&self, ending: &Ending<'_>) -> Option<Firing> {
        if !matches!(ending.end, End::Failed(_)) || ending.descent.trigger.as_deref() == Some(ERROR_FLOW) {
            return None;
        }
        let flow = self.known.flow(ending.flow)?.error_flow.clone()?;
        let (name, key) = (TriggerName::new(flow, ERROR_FLOW), format!("error/{}", ending.run));
        Some(Firing { name, key, offer: ending.offer(), starter: ending.descent.starter.clone() })
    }

    /// One run for each firing. One whose flow cannot be loaded is logged: there is no version it could be a run of.
    pub async fn fire_all(&self, firings: Vec<Firing>) -> Vec<Create> {
        let mut creates = Vec::with_capacity(firings.len());
        for firing in firings {
            let (flow, trigger) = (firing.name.flow.clone(), firing.name.trigger.clone());
            match self.fire(firing).await {
                Ok(create) => creates.push(create),
                Err(fault) => {
                    tracing::error!(flow, trigger, code = %fault.code, message = %fault.message, "a trigger fired, and its flow cannot be loaded");
                }
            }
        }
        creates
    }

    /// What is offered may not fit the flow's input: then the run ends as it begins, so that people see it.
    pub async fn fire(&self, firing: Firing) -> Result<Create, Fault> {
        let Firing { name, key, offer, starter } = firing;
        let active = self.flows.active(self, &name.flow).await?;
        let ty = active.deployment.input();
        let offered = offer.json(ty);
        let id = RunId::new(self.clock.now_ms(), self.platform.inner.chance.next());
        let made = canonical(ty, &offered).map_err(Fault::from).and_then(|input| self.triggered(id.clone(), &active, input));
        let create = match made {
            Ok(create) => create,
            Err(fault) => self.stillborn(id, &active, offered, fault),
        };
        let idempotency = create.idempotency.or(Some(key));
        Ok(Create { trigger: Some(name.trigger), idempotency, starter, ..create })
    }

    fn stillborn(&self, id: RunId, active: &FlowState, input: String, reason: Fault) -> Create {
        let end = End::Failed(reason);
        let entries = vec![Entry::Ended { at: self.clock.now_ms(), end: end.clone() }];
        let progress = Progress { entries, next: Next::Ended(end), ..Progress::default() };
        let create = self.unlimited(id, &active.deployment, active.version, input);
        Create { begin: Some((self.worker.clone(), progress)), ..create }
    }
}

impl Ending<'_> {
    fn offer(&self) -> Offer {
        let none = || Offer::Whole("null".to_owned());
        let (state, output, fault) = match self.end {
            End::Finished(output) => ("finished", Offer::Whole(output.clone()), none()),
            End::Failed(fault) => ("failed", none(), Offer::fault(fault)),
            End::Cancelled(fault) => ("cancelled", none(), Offer::fault(fault)),
        };
        Offer::Fields(vec![
            ("flow", Offer::text(self.flow)),
            ("run", Offer::text(self.run.as_str())),
            ("state", Offer::text(state)),
            ("input", Offer::Whole(self.input.to_owned())),
            ("output", output),
            ("fault", fault),
        ])
    }
}

impl Offer {
    pub fn text(text: &str) -> Self {
        Self::Whole(json_text(text))
    }

    fn fault(fault: &Fault) -> Self {
        let data = Self::Whole(fault.data.as_deref().unwrap_or("null").to_owned());
        Self::Fields(vec![("code", Self::text(&fault.code)), ("message", Self::text(&fault.message)), ("data", data)])
    }

    /// As JSON for this type.
    fn json(self, ty: &Type) -> String {
        let fields = match self {
            Self::Whole(json) => return json,
            Self::Fields(fields) => fields,
        };
        let record = match ty {
            Type::Option(inner) => match &**inner {
                Type::Record(record) => Some(record),
                _ => None,
            },
            Type::Record(record) => Some(record),
            _ => None,
        };
        let member = |(name, offer): (&str, Self)| {
            let ty = match record {
                Some(record) => &record.field(name)?.1.ty,
                None => &Type::Json,
            };
            Some(format!("{}:{}", json_text(name), offer.json(ty)))
        };
        let members: Vec<String> = fields.into_iter().filter_map(member).collect();
        format!("{{{}}}", members.join(","))
    }
}

fn json_text(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    writer::string(text, &mut json);
    json
}
