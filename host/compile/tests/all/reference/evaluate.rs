//! Templates and expressions of the reference interpreter: evaluated by the tree walker, as JSON values.

use super::frame::{Frame, Kind, Out};
use super::{Flaw, Reference};
use loomwork_check::plan::{Part, Root, Template};
use loomwork_expr::ir::Checked;
use loomwork_expr::{Roots, evaluate};
use loomwork_types::{Type, decode_dynamic, encode};
use loomwork_value::{Meter, Timestamp, Value};
use serde_json::Value as Json;

struct Scope<'a> {
    reference: &'a Reference<'a>,
    frame: usize,
    /// In `retry.when`.
    error: Option<(&'a Flaw, u32)>,
}

impl Reference<'_> {
    pub(super) fn expression(&self, frame: usize, checked: &Checked) -> Result<Value, Flaw> {
        self.expression_about(frame, checked, None)
    }

    pub(super) fn expression_about(&self, frame: usize, checked: &Checked, error: Option<(&Flaw, u32)>) -> Result<Value, Flaw> {
        let scope = Scope { reference: self, frame, error };
        evaluate(checked, &scope, &mut Meter::new(Meter::DEFAULT)).map_err(|error| Flaw::new(error.code))
    }

    pub(super) fn template(&self, frame: usize, template: &Template) -> Result<Json, Flaw> {
        match template {
            Template::Literal(json) => Ok(serde_json::from_str(json).expect("literals are JSON")),
            Template::Expr { value, ty } => json(&self.expression(frame, value)?, ty),
            Template::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        Part::Text(part) => text.push_str(part),
                        Part::Expr(part) => {
                            let value = self.expression(frame, part)?;
                            let mut meter = Meter::new(Meter::DEFAULT);
                            loomwork_value::ops::display(&mut meter, &value, &mut text).map_err(|error| Flaw::new(error.code))?;
                        }
                    }
                }
                Ok(Json::String(text))
            }
            Template::List(items) => items.iter().map(|item| self.template(frame, item)).collect(),
            Template::Record(fields) => {
                fields.iter().map(|(name, field)| Ok((name.to_string(), self.template(frame, field)?))).collect()
            }
        }
    }

    fn about_run(&self) -> Value {
        let instant = |ms: u64| Value::Timestamp(Timestamp { nanos: i128::from(ms) * 1_000_000 });
        Value::record([
            ("id", Value::String("run_1".into())),
            ("started_at", instant(self.started_at)),
            ("seed", Value::Uint(7)),
            ("now", instant(self.now)),
        ])
    }

    fn up(&self, mut frame: usize, hops: u32) -> &Frame {
        for _ in 0..hops {
            while let Kind::Visit { home, .. } = self.frames[frame].kind {
                frame = home;
            }
            if let Kind::Section { outer, .. } = self.frames[frame].kind {
                frame = outer;
            }
        }
        &self.frames[frame]
    }

    /// The frame of the scope's activation that `frame` belongs to.
    fn activation(&self, frame: usize, hops: u32) -> &Frame {
        let mut frame = self.up(frame, hops);
        while let Kind::Visit { home, .. } = frame.kind {
            frame = &self.frames[home];
        }
        frame
    }
}

impl Roots for Scope<'_> {
    fn get(&self, root: u32) -> Option<Value> {
        let (reference, frame) = (self.reference, self.frame);
        Some(match &reference.plan.roots[root as usize] {
            Root::Input => value(&reference.input),
            Root::Output { node, hops } => match reference.up(frame, *hops).out.get(node)? {
                Out::Output(output) => value(output),
                Out::Fault(_) => return None,
            },
            Root::Fault { node, hops } => match reference.up(frame, *hops).out.get(node)? {
                Out::Fault(flaw) => value(&flaw.json()),
                Out::Output(_) => return None,
            },
            Root::Item { hops } => reference.activation(frame, *hops).item.clone()?,
            Root::Index { hops } | Root::Round { hops } => Value::Int(reference.activation(frame, *hops).index.into()),
            Root::Last { hops } => value(&reference.activation(frame, *hops).last),
            Root::RetryError => value(&self.error?.0.json()),
            Root::RetryAttempt => Value::Int(self.error?.1.into()),
            Root::Run => reference.about_run(),
            Root::Vars => return None,
        })
    }
}

fn value(json: &Json) -> Value {
    decode_dynamic(&json.to_string()).expect("JSON is a value")
}

fn json(value: &Value, ty: &Type) -> Result<Json, Flaw> {
    let mut text = String::new();
    encode(value, ty, &mut text).map_err(|mismatch| Flaw::new(mismatch.code))?;
    Ok(serde_json::from_str(&text).expect("what is written is JSON"))
}
