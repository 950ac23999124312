//! What runs of flows with `durability: memory` start. They promise nothing, so that what they start may be lost with the process until
//! it is written; from then on it is kept.

use super::descent::Descent;
use super::firing::Ending;
use super::inner::Inner;
use super::kept;
use crate::Deployment;
use crate::ledger::Emit;
use crate::outlet::{Outlet, Unkept};
use futures::FutureExt;
use futures::future::BoxFuture;
use loomwork_journal::{Batch, Create, RunId, Write};
use loomwork_types::Fault;
use std::sync::{Arc, Weak};

/// Does not keep the runner alive.
pub(super) struct Unkeeping(pub Weak<Inner>);

impl Outlet for Unkeeping {
    fn emitted(&self, run: &str, starter: Option<&str>, emit: Emit) {
        let (Some(inner), Ok(run)) = (self.0.upgrade(), run.parse::<RunId>()) else { return };
        let (tasks, starter) = (inner.tasks.clone(), starter.map(str::to_owned));
        tasks.spawn(async move {
            inner.write_all(&run, inner.started_by_event(&run, starter.as_ref(), emit).await).await;
        });
    }

    fn ended(&self, ending: Unkept<'_>) {
        let (Some(inner), Ok(run)) = (self.0.upgrade(), ending.run.parse::<RunId>()) else { return };
        let end = kept::ended(ending.end.clone());
        if !inner.is_awaited(ending.flow, &end) {
            return;
        }
        let (flow, input) = (ending.flow.to_owned(), ending.input.to_owned());
        let descent =
            Descent { trigger: ending.trigger.map(str::to_owned), starter: ending.starter.map(str::to_owned), caller: None };
        let tasks = inner.tasks.clone();
        tasks.spawn(async move {
            let ending = Ending { run: &run, flow: &flow, descent: &descent, input: &input, end: &end };
            inner.write_all(&run, inner.started_by_end(&ending).await).await;
        });
    }

    fn flow<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Deployment, Fault>> {
        async move {
            let inner = self.0.upgrade().ok_or_else(|| Fault::new("limit.busy", "the server is stopping"))?;
            Ok(inner.flows.active(&inner, id).await?.deployment)
        }
        .boxed()
    }
}

impl Inner {
    async fn write_all(self: &Arc<Self>, from: &RunId, creates: Result<Vec<Create>, Fault>) {
        let creates = match creates {
            Ok(creates) => creates,
            Err(fault) => {
                return tracing::error!(run = %from, code = %fault.code, message = %fault.message, "what the run was to start could not be made");
            }
        };
        let writes: Vec<Write> = creates.into_iter().map(|create| Write::Create(Box::new(create))).collect();
        if writes.is_empty() {
            return;
        }
        if let Err(error) = self.store.commit(Batch::new(self.clock.now_ms(), writes)).await {
            tracing::error!(run = %from, %error, "what the run was to start could not be written");
        }
    }
}
