//! A node that calls a function: its parameters, retries and cache.

use super::expression::Source;
use super::known::When;
use super::template::single_expression;
use super::{Builder, Spot};
use crate::draft::at;
use crate::plan::{Call, NodeIx, Retry, What};
use loomwork_catalog::{Effect, Function, Package};
use loomwork_expr::ir::Checked;
use loomwork_flow::{Backoff, Json};
use loomwork_types::Type;

/// How often a call may be made at most.
const MOST_ATTEMPTS: f64 = 1_000.0;
const SECOND_MS: u64 = 1_000;
const HOUR_MS: u64 = 3_600_000;

impl Builder<'_, '_, '_> {
    pub(super) fn function(&mut self, node: NodeIx, package: &Package, function: &Function) -> (Option<What>, Type) {
        let document = self.document(node);
        let input = self.record(&document.with, &function.params, &self.with_pointer(node), self.spot(node));
        let retry = document.retry.as_ref().map(|retry| self.retry(node, retry, function.once));
        let cache_ms = self.time_limit(document.cache.as_deref(), &at(node, "cache"));
        if document.cache.is_some() && function.effect == Effect::Write {
            let message = format!("results of `{}` cannot be kept: it changes something", function.name);
            let hint = "Only functions that declare themselves `pure` or `read` can be cached.".to_owned();
            self.report.error_hint("flow.cache_of_write", &at(node, "cache"), message, hint);
        }
        let call = input.map(|input| Call {
            package: package.id.clone(),
            function: function.path.clone(),
            input,
            effect: function.effect,
            once: function.once,
            secret: function.fields.iter().filter(|field| field.secret).map(|field| field.param.clone()).collect(),
            retry,
            cache_ms,
        });
        (call.map(What::Call), function.output.clone().unwrap_or(Type::Json))
    }

    /// The frame of a node's own activation.
    pub(super) fn spot(&self, node: NodeIx) -> Spot {
        Spot { scope: self.known.draft.scope_of[node as usize], when: When::Node(node) }
    }

    fn retry(&mut self, node: NodeIx, retry: &loomwork_flow::Retry, once: bool) -> Retry {
        let pointer = |field: &str| at(node, &format!("retry/{field}"));
        self.in_range(retry.attempts.into(), 1.0..=MOST_ATTEMPTS, &pointer("attempts"));
        let factor = retry.factor.unwrap_or(2.0);
        self.in_range(factor, 1.0..=100.0, &pointer("factor"));
        let jitter = retry.jitter.unwrap_or(0.0);
        self.in_range(jitter, 0.0..=1.0, &pointer("jitter"));
        let spot = Spot { when: When::Retry(node), ..self.spot(node) };
        let when = retry.when.as_ref().and_then(|when| self.condition(&Json::text(when), &pointer("when"), spot));
        let sound = when.is_some() == retry.when.is_some();
        let when = if once && sound { self.known_outcome(retry.when.as_deref(), &pointer("when"), spot) } else { when };
        Retry {
            attempts: retry.attempts,
            delay_ms: self.delay(retry.delay.as_deref(), &pointer("delay")).unwrap_or(SECOND_MS),
            exponential: retry.backoff == Backoff::Exponential,
            factor,
            max_delay_ms: self.delay(retry.max_delay.as_deref(), &pointer("max_delay")).unwrap_or(HOUR_MS),
            jitter,
            when,
        }
    }

    /// Of a function that is called once, no attempt follows one of which nobody knows what became of it. What the document says has been checked.
    fn known_outcome(&mut self, when: Option<&str>, pointer: &str, spot: Spot) -> Option<Checked> {
        const KNOWN: &str = r#"!(error.code in ["unknown-outcome", "limit.time"])"#;
        let also = when.and_then(single_expression).map(|(when, _)| format!(" && (\n{when}\n)"));
        self.expression(&format!("{KNOWN}{}", also.unwrap_or_default()), Source { pointer, offset: 0 }, spot)
    }
}
