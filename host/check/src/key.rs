//! Keys of runs that do not run yet: texts over `input` and `vars` that a host works out before it creates a run.

use crate::plan::{Part, Plan, Root, Template};
use loomwork_expr::ir::Checked;
use loomwork_expr::{Roots, evaluate};
use loomwork_types::{Fault, Type, decode, decode_dynamic, encode};
use loomwork_value::{EvalError, Meter, Value, ops};

/// How long a key may be, in bytes.
const LONGEST: usize = 1_024;

/// All that a key can read.
struct Before<'a> {
    plan: &'a Plan,
    input: Value,
    vars: Value,
}

impl Plan {
    /// The text of a key of this flow, for a run that would begin with this input; `input` and `vars` are JSON.
    ///
    /// `expr.…` and `json.…` say that it cannot be worked out, `limit.key` that it is longer than 1 024 bytes,
    /// `run.bad_key` that it has a character that stores cannot keep.
    pub fn key(&self, key: &Template, input: &str, vars: &str) -> Result<String, Fault> {
        let before = Before { plan: self, input: decode(&self.input, input)?, vars: decode_dynamic(vars)? };
        let key = before.text(key)?;
        if key.len() > LONGEST {
            return Err(Fault::new("limit.key", format!("a key may have {LONGEST} bytes, this one has {}", key.len())));
        }
        if key.contains('\0') {
            return Err(Fault::new("run.bad_key", "a key cannot hold the character NUL"));
        }
        Ok(key)
    }
}

impl Before<'_> {
    /// A key's template gives text: the checker has seen to that.
    fn text(&self, template: &Template) -> Result<String, Fault> {
        match template {
            Template::Literal(json) => plain(json),
            Template::Expr { value, ty } => {
                let mut json = String::new();
                encode(&self.value(value)?, ty, &mut json)?;
                plain(&json)
            }
            Template::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        Part::Text(part) => text.push_str(part),
                        Part::Expr(part) => {
                            let value = self.value(part)?;
                            ops::display(&mut Meter::new(Meter::DEFAULT), &value, &mut text).map_err(fault)?;
                        }
                    }
                }
                Ok(text)
            }
            Template::List(_) | Template::Record(_) => Err(Fault::new("type.mismatch", "a key is text")),
        }
    }

    fn value(&self, checked: &Checked) -> Result<Value, Fault> {
        evaluate(checked, self, &mut Meter::new(Meter::DEFAULT)).map_err(fault)
    }
}

impl Roots for Before<'_> {
    fn get(&self, root: u32) -> Option<Value> {
        match self.plan.roots.get(root as usize)? {
            Root::Input => Some(self.input.clone()),
            Root::Vars => Some(self.vars.clone()),
            _ => None,
        }
    }
}

fn plain(json: &str) -> Result<String, Fault> {
    match decode(&Type::String, json)? {
        Value::String(text) => Ok(text.to_string()),
        _ => Err(Fault::new("type.mismatch", "a key is text")),
    }
}

fn fault(error: EvalError) -> Fault {
    Fault::new(error.code, error.message)
}
