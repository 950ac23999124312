//! `loom eval`: one expression, or a file of cases, on either back end.

mod batch;
mod wasm;

use super::Shared;
use crate::args::{Backend, Eval};
use crate::exit::{Done, Failure};
use crate::{output, sources};
use loomwork_expr::ir::Checked;
use loomwork_expr::{Mode, Names, Roots, check, evaluate, parse};
use loomwork_types::{Type, decode, encode};
use loomwork_value::{EvalError, Meter, Value};
use serde_json::json;

pub async fn run(shared: &Shared, args: Eval) -> Done {
    match (&args.batch, &args.expression) {
        (Some(file), _) => batch::run(file, args.backend).await,
        (None, Some(expression)) => one(shared, expression, &args).await,
        (None, None) => Err(Failure::usage("there is no expression")),
    }
}

async fn one(shared: &Shared, expression: &str, args: &Eval) -> Done {
    let input = sources::json_argument(&args.input)?;
    let input = decode(&Type::Json, &input).map_err(|error| Failure::usage(format!("--input: {error}")))?;
    let checked = match checked(expression, &Names::new(["input"]), Mode::Template) {
        Ok(checked) => checked,
        Err(diagnostics) => return Err(output::mistakes(shared.json, "expression", expression, &diagnostics)),
    };
    let values = Bound(vec![input]);
    let result = match args.backend {
        Backend::Evaluator => evaluate(&checked, &values, &mut Meter::default()).map_err(Failed::from),
        Backend::Wasm => wasm::one(&checked, &values).await?,
    };
    show(shared, result)
}

fn show(shared: &Shared, result: Result<Value, Failed>) -> Done {
    let text = result.and_then(|value| {
        let mut text = String::new();
        let encoded = encode(&value, &Type::Json, &mut text);
        encoded.map(|()| text).map_err(|error| Failed { code: error.code.to_string(), message: error.to_string() })
    });
    match text {
        Ok(text) if shared.json => {
            output::json(&json!({ "value": output::value(&text) }));
        }
        Ok(text) => output::line(&text),
        Err(failed) if shared.json => {
            output::json(&json!({ "error": { "code": failed.code, "message": failed.message } }));
            return Err(Failure::Faulted);
        }
        Err(failed) => {
            output::error(&format!("{}: {}", failed.code, failed.message), None);
            return Err(Failure::Faulted);
        }
    }
    Ok(())
}

/// Why an expression has no value, from either back end.
pub struct Failed {
    pub code: String,
    pub message: String,
}

impl From<EvalError> for Failed {
    fn from(error: EvalError) -> Self {
        Self { code: error.code.to_owned(), message: error.message.into_owned() }
    }
}

/// Values by root number.
pub struct Bound(pub Vec<Value>);

impl Roots for Bound {
    fn get(&self, root: u32) -> Option<Value> {
        self.0.as_slice().get(root as usize).cloned()
    }
}

fn checked(expression: &str, names: &Names, mode: Mode) -> Result<Checked, Vec<loomwork_diagnostic::Diagnostic>> {
    check(&parse(expression)?, names, mode)
}
