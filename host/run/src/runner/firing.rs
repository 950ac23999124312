//! Runs that nobody asks for by name: an event, another run's end or the clock starts them. Each has a key, so that one firing never
//! makes two runs, and is made in the same batch as what caused it, so that none is lost.

use super::descent::Descent;
use super::flows::FlowState;
use super::inner::Inner;
use super::known::{Cause, TriggerName};
use super::live::is_passing;
use crate::ledger::Emit;
use crate::session::MAX_DEPTH;
use futures::FutureExt;
use futures::future::BoxFuture;
use loomwork_journal::{Create, End, Entry, Next, Pin, Progress, Run, RunId, Write};
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
    /// The runs that an event starts: one for each trigger that waits for it. A fault passes, and then nothing may be written that the
    /// event belongs to.
    pub async fn started_by_event(&self, from: &RunId, starter: Option<&String>, emit: Emit) -> Result<Vec<Create>, Fault> {
        let names = self.known.started_by(&Cause::Event(emit.event));
        let firing = |name: TriggerName| {
            let key = format!("event/{}/{from}/{}", name.trigger, emit.number);
            Firing { name, key, offer: Offer::Whole(emit.payload.clone()), starter: starter.cloned() }
        };
        self.fire_all(names.into_iter().map(firing).collect(), 0).await
    }

    /// Whether anything is started by the end of such a run: else there is no need to look for its input.
    pub fn is_awaited(&self, flow: &str, end: &End) -> bool {
        let looked_after = matches!(end, End::Failed(_)) && self.known.flow(flow).is_some_and(|about| about.error_flow.is_some());
        looked_after || !self.known.started_by(&Cause::EndOf(flow.to_owned())).is_empty()
    }

    /// The runs that the end of another one starts: of the flows that wait for it, and of the flow that looks after its failure. A fault
    /// passes, and then the end may not be written.
    pub async fn started_by_end(&self, ending: &Ending<'_>) -> Result<Vec<Create>, Fault> {
        self.heirs(ending, 0).await
    }

    async fn heirs(&self, ending: &Ending<'_>, depth: u32) -> Result<Vec<Create>, Fault> {
        let names = self.known.started_by(&Cause::EndOf(ending.flow.to_owned()));
        let firing = |name: TriggerName| {
            let key = format!("end/{}/{}", name.trigger, ending.run);
            Firing { name, key, offer: ending.offer(), starter: ending.descent.starter.clone() }
        };
        let mut firings: Vec<Firing> = names.into_iter().map(firing).collect();
        firings.extend(self.looks_after(ending));
        self.fire_all(firings, depth).await
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

    /// One run for each firing, and those that the end of one which ends as it begins starts. Where a flow cannot be loaded that is the end:
    /// people see it, and can have the run repeated.
    fn fire_all(&self, firings: Vec<Firing>, depth: u32) -> BoxFuture<'_, Result<Vec<Create>, Fault>> {
        async move {
            let mut creates = Vec::with_capacity(firings.len());
            for firing in firings {
                let (flow, trigger) = (firing.name.flow.clone(), firing.name.trigger.clone());
                match self.fire_or_fail(firing).await {
                    Ok(create) => creates.extend(self.with_heirs(create, depth).await?),
                    Err(fault) if is_passing(&fault) => return Err(fault),
                    Err(fault) => {
                        let (code, message) = (&fault.code, &fault.message);
                        tracing::error!(flow, trigger, %code, %message, "a trigger fired, and there is no version that it could be a run of");
                    }
                }
            }
            Ok(creates)
        }
        .boxed()
    }

    async fn fire_or_fail(&self, firing: Firing) -> Result<Create, Fault> {
        let active = match self.flows.active(self, &firing.name.flow).await {
            Ok(active) => active,
            Err(fault) if is_passing(&fault) => return Err(fault),
            Err(fault) => return self.unloadable(firing, fault),
        };
        Ok(self.fire_at_once(firing, &active))
    }

    /// Fails if the flow cannot be loaded: for whoever tries again.
    pub async fn fire(&self, firing: Firing) -> Result<Vec<Create>, Fault> {
        let active = self.flows.active(self, &firing.name.flow).await?;
        self.with_heirs(self.fire_at_once(firing, &active), 0).await
    }

    /// What is offered may not fit the flow's input: then the run ends as it begins, so that people see it.
    fn fire_at_once(&self, firing: Firing, active: &FlowState) -> Create {
        let Firing { name, key, offer, starter } = firing;
        let ty = active.deployment.input();
        let offered = offer.json(ty);
        let id = self.new_id();
        let made = canonical(ty, &offered).map_err(Fault::from).and_then(|input| self.triggered(id.clone(), active, input));
        let create = match made {
            Ok(create) => create,
            Err(fault) => self.stillborn(self.unlimited(id, &active.deployment, active.version, offered), fault),
        };
        let idempotency = create.idempotency.or(Some(key));
        Create { trigger: Some(name.trigger), idempotency, starter, ..create }
    }

    fn unloadable(&self, firing: Firing, reason: Fault) -> Result<Create, Fault> {
        let Firing { name, key, offer, starter } = firing;
        let about = self.known.flow(&name.flow).ok_or_else(|| reason.clone())?;
        let pin = Pin { version: about.version, digest: about.digest.clone() };
        let bare = self.bare(self.new_id(), name.flow, pin, offer.json(&Type::Json));
        Ok(Create { trigger: Some(name.trigger), idempotency: Some(key), starter, ..self.stillborn(bare, reason) })
    }

    fn stillborn(&self, create: Create, reason: Fault) -> Create {
        let end = End::Failed(reason);
        let entries = vec![Entry::Ended { at: self.clock.now_ms(), end: end.clone() }];
        let progress = Progress { entries, next: Next::Ended(end), ..Progress::default() };
        Create { begin: Some((self.worker.clone(), progress)), ..create }
    }

    /// Flows that start one another as they fail are taken for a circle without an end.
    async fn with_heirs(&self, create: Create, depth: u32) -> Result<Vec<Create>, Fault> {
        let mut all = Vec::new();
        if let Some((_, Progress { next: Next::Ended(end), .. })) = &create.begin
            && depth < MAX_DEPTH
        {
            let (descent, input) = (&Descent::from(&create), &*create.input);
            all = self.heirs(&Ending { run: &create.id, flow: &create.flow, descent, input, end }, depth + 1).await?;
        }
        all.insert(0, create);
        Ok(all)
    }

    fn new_id(&self) -> RunId {
        RunId::new(self.clock.now_ms(), self.platform.inner.chance.next())
    }

    /// What is to be written so that a run is cancelled: if that ends it, as nobody has begun it, all that its end starts.
    pub async fn cancelling(&self, run: &Run) -> Result<Vec<Write>, Fault> {
        let mut writes = vec![Write::Cancel(run.row.id.clone())];
        writes.extend(self.after_unbegun(run).await?);
        Ok(writes)
    }

    /// What the end of a run starts, if it is cancelled before it begins.
    pub async fn after_unbegun(&self, run: &Run) -> Result<Vec<Write>, Fault> {
        let end = End::unbegun();
        if !run.row.unbegun() || !self.is_awaited(&run.row.flow, &end) {
            return Ok(Vec::new());
        }
        let (descent, input) = (&Descent::from(&run.row), &*run.input);
        let heirs = self.started_by_end(&Ending { run: &run.row.id, flow: &run.row.flow, descent, input, end: &end }).await?;
        // Somebody may begin it meanwhile: then it ends otherwise, and starts these then.
        let after = |heir| Write::Create(Box::new(Create { after: Some(run.row.id.clone()), ..heir }));
        Ok(heirs.into_iter().map(after).collect())
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
