//! The control nodes that other nodes live in: `each`, `repeat`, `try`.

use super::infer::{common, each_output, nullable, type_of};
use super::known::When;
use super::template::Built;
use super::{Builder, Spot};
use crate::plan::{Each, NodeIx, OnError, Repeat, ScopeIx, Section, Template, What};
use loomwork_expr::Ty;
use loomwork_types::Type;
use std::sync::Arc;

type Checked = (Option<What>, Type);

impl Builder<'_, '_, '_> {
    pub(super) fn each(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["items", "concurrency", "on_error", "result", "break"]);
        let Some(body) = self.body(node) else { return (None, Type::Json) };
        let items = self.required(node, "items", "a list: `{{ input.lines }}`");
        let items = items.and_then(|(json, pointer)| {
            let items = self.value_expression(json, &pointer, self.spot(node))?;
            let item = self.item(&items.root.ty, &pointer)?;
            self.known.items[body as usize] = Some(item);
            Some(items)
        });
        self.scope(body);
        let concurrency = self.count(node, "concurrency", 1, 0..=10_000);
        let choices = [("fail", OnError::Fail), ("skip", OnError::Skip), ("collect", OnError::Collect)];
        let on_error = self.word(node, "on_error", &choices).unwrap_or(OnError::Fail);
        let result = self.result(node, "result", body);
        let quiet = Spot { scope: body, when: When::Quiet };
        let stop = self.given(node, "break").map(|(json, pointer)| self.condition(json, &pointer, quiet));
        let ty = result.as_ref().map_or(Type::Json, |result| result.ty.clone());
        let output = each_output(ty, on_error);
        let (Some(items), Some(result), Some(stop)) = (items, result, sound(stop)) else { return (None, output) };
        let each = Each { body, items, concurrency, on_error, result: result.template, stop };
        (Some(What::Each(each)), output)
    }

    /// The type of `each.item`, by the type of `items`.
    fn item(&mut self, items: &Ty, pointer: &str) -> Option<Ty> {
        let entry = |key: Ty, value: Ty| Ty::Record(Arc::new(vec![("key".into(), key), ("value".into(), value)]));
        match items {
            Ty::List(of) => Some((**of).clone()),
            Ty::Map(key, value) => Some(entry((**key).clone(), (**value).clone())),
            Ty::Record(_) => Some(entry(Ty::String, Ty::Dyn)),
            Ty::Dyn => Some(Ty::Dyn),
            Ty::Nullable(_) | Ty::Optional(_) => {
                let hint = "Say what to go over when it is absent: `{{ x != null ? x : [] }}`, or `.orValue([])`.".to_owned();
                self.report.error_hint("flow.type_mismatch", pointer, "`items` may be absent", hint);
                None
            }
            other => {
                let message = format!("`items` is a list, not {}", type_of(other).noun());
                self.report.error("flow.type_mismatch", pointer, message);
                None
            }
        }
    }

    pub(super) fn repeat(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["while", "until", "max", "delay", "result"]);
        let Some(body) = self.body(node) else { return (None, Type::Json) };
        self.scope(body);
        if self.given(node, "while").is_some() == self.given(node, "until").is_some() {
            let message = match self.given(node, "while") {
                Some(_) => "`while` and `until` cannot stand together",
                None => "it does not say how long to go on",
            };
            let hint = "Give `while` (asked before each round) or `until` (asked after it).".to_owned();
            self.report.error_hint("flow.choose_one", &self.with_pointer(node), message, hint);
        }
        let mut condition = |name: &str, when: When| {
            let given = self.given(node, name);
            sound(given.map(|(json, pointer)| self.condition(json, &pointer, Spot { scope: body, when })))
        };
        let (before, after) = (condition("while", When::Round), condition("until", When::Quiet));
        let max = self.count(node, "max", 1_000, 1..=1_000_000);
        let delay_ms = self.fixed_duration(node, "delay");
        let result = self.result(node, "result", body);
        let output = result.as_ref().map_or(Type::Json, |result| match &after {
            Some(Some(_)) => result.ty.clone(),
            _ => nullable(result.ty.clone()),
        });
        let (Some(before), Some(after), Some(result)) = (before, after, result) else { return (None, output) };
        (Some(What::Repeat(Repeat { body, before, after, max, delay_ms, result: result.template })), output)
    }

    pub(super) fn try_(&mut self, node: NodeIx) -> Checked {
        self.only(node, &["result", "catch_result"]);
        let Some(body) = self.body(node) else { return (None, Type::Json) };
        let catch = self.known.draft.section(node, Section::Catch);
        let finally = self.known.draft.section(node, Section::Finally);
        for scope in [Some(body), catch, finally].into_iter().flatten() {
            self.scope(scope);
        }
        let result = self.result(node, "result", body);
        let caught = match catch {
            Some(catch) => self.result(node, "catch_result", catch),
            None => {
                if self.given(node, "catch_result").is_some() {
                    let message = "there is no `catch` that could give a result";
                    let hint = format!("Put a node into it: `\"in\": \"{}.catch\"`.", self.known.draft.id(node));
                    let pointer = self.pointer(node, "catch_result");
                    self.report.error_hint("flow.misplaced_field", &pointer, message, hint);
                }
                Some(ScopeResult { template: None, ty: Type::Json })
            }
        };
        let (Some(result), Some(caught)) = (result, caught) else { return (None, Type::Json) };
        let output = if catch.is_some() { common(result.ty, caught.ty) } else { result.ty };
        let (result, catch_result) = (result.template, caught.template);
        (Some(What::Try { body, catch, finally, result, catch_result }), output)
    }

    /// What a section gives: its `result`, or the output of its single last node, or null.
    fn result(&mut self, node: NodeIx, name: &str, scope: ScopeIx) -> Option<ScopeResult> {
        if let Some((json, pointer)) = self.given(node, name) {
            let Built { template, ty } = self.template(json, None, &pointer, Spot { scope, when: When::Quiet })?;
            return Some(ScopeResult { template: Some(template), ty });
        }
        let Some(last) = self.known.draft.result_node(scope) else {
            return Some(ScopeResult { template: None, ty: Type::Json });
        };
        let ty = self.known.output(last).unwrap_or(Type::Json);
        let certain = self.known.certainty.quiet(scope).has_output(last);
        Some(ScopeResult { template: None, ty: if certain { ty } else { nullable(ty) } })
    }
}

struct ScopeResult {
    template: Option<Template>,
    ty: Type,
}

/// A part that may be left out: Some(None) if it is, None if it is wrong.
fn sound<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    match part {
        Some(None) => None,
        part => Some(part.flatten()),
    }
}
