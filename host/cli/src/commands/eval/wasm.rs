//! Expressions as generated WebAssembly: compiled once as one module, evaluated in a sandbox.

use super::{Bound, Failed, batch::Prepared};
use crate::exit::Failure;
use crate::progress;
use loomwork_engine::{Engine, Expressions, Settings};
use loomwork_expr::generate::single;
use loomwork_expr::ir::Checked;
use loomwork_value::Value;

/// Generates and evaluates one expression.
pub async fn one(checked: &Checked, values: &Bound) -> Result<Result<Value, Failed>, Failure> {
    let mut expressions = compile(&[checked]).await?;
    Ok(evaluate(&mut expressions, 0, values))
}

/// Generates all cases that have no mistakes as one module, and evaluates them in one sandbox.
pub async fn all(cases: &[Prepared]) -> Result<Vec<Result<Value, Failed>>, Failure> {
    let checked: Vec<&Checked> = cases.iter().filter_map(|case| case.checked.as_ref().ok()).collect();
    let mut expressions = compile(&checked).await?;
    let mut number = 0;
    let mut one = |case: &Prepared| match &case.checked {
        Ok(_) => {
            number += 1;
            evaluate(&mut expressions, number - 1, &case.values)
        }
        Err(failed) => Err(Failed { code: failed.code.clone(), message: failed.message.clone() }),
    };
    Ok(cases.iter().map(&mut one).collect())
}

async fn compile(checked: &[&Checked]) -> Result<Expressions, Failure> {
    let generated = single::module(checked);
    let engine = Engine::new(Settings::default()).map_err(|error| Failure::Unavailable(error.to_string()))?;
    let runtime = loomwork_compile::runtime(&generated.slices);
    let loaded = progress::during("compiling", Expressions::load(&engine, runtime, &generated.module)).await;
    loaded.map_err(|fault| Failure::Unavailable(fault.to_string()))
}

fn evaluate(expressions: &mut Expressions, number: u32, values: &Bound) -> Result<Value, Failed> {
    let roots = values.0.iter().enumerate().map(|(root, value)| (root as u32, value.clone()));
    let failed = |code: &str, message: String| Failed { code: code.to_owned(), message };
    let bytes = expressions.eval(number, &single::bindings(roots)).map_err(|fault| failed(&fault.code, fault.message.clone()))?;
    match single::answer(&bytes) {
        Some(Ok(value)) => Ok(value),
        Some(Err(failure)) => Err(failed(&failure.code, failure.message)),
        None => Err(failed("expr.no_answer", "the generated code gave no answer".into())),
    }
}
