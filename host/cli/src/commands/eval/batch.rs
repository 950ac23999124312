//! A file of cases, one JSON object a line: `{"id", "expr", "bindings"}`, answered in the same order by `{"id", "value" | "error"}` with
//! tagged values, so that the public conformance suite of the language can be run against either back end.

use super::{Bound, Failed, checked, wasm};
use crate::args::Backend;
use crate::exit::{Done, Failure};
use crate::{output, progress, sources};
use loomwork_expr::ir::Checked;
use loomwork_expr::{Mode, Names, evaluate};
use loomwork_value::{Meter, Value, tagged};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// One line of the file; what else stands in it (the expected value) is not looked at.
#[derive(Deserialize)]
struct Case {
    id: String,
    expr: String,
    #[serde(default)]
    bindings: BTreeMap<String, serde_json::Value>,
}

/// A case that is ready to be evaluated, or has mistakes.
pub struct Prepared {
    id: String,
    pub checked: Result<Checked, Failed>,
    pub values: Bound,
}

pub async fn run(file: &Path, backend: Backend) -> Done {
    let text = sources::text(file)?;
    let mut cases = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |error: String| Failure::usage(format!("{}, line {}: {error}", file.display(), number + 1));
        let case: Case = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        cases.push(prepare(case).map_err(wrong)?);
    }
    let results = match backend {
        Backend::Evaluator => natively(&cases),
        Backend::Wasm => wasm::all(&cases).await?,
    };
    for (case, result) in cases.iter().zip(results) {
        output::line(&line(&case.id, result));
    }
    Ok(())
}

fn prepare(case: Case) -> Result<Prepared, String> {
    let names = Names::new(case.bindings.keys());
    let value = |value: &serde_json::Value| tagged::read(&value.to_string()).map_err(|error| error.to_string());
    let values = case.bindings.values().map(value).collect::<Result<_, _>>()?;
    let checked = checked(&case.expr, &names, Mode::Strict).map_err(|diagnostics| {
        let first = diagnostics.into_iter().next();
        first.map_or_else(
            || Failed { code: "expr.syntax".into(), message: String::new() },
            |first| Failed { code: first.code.into(), message: first.message },
        )
    });
    Ok(Prepared { id: case.id, checked, values: Bound(values) })
}

fn natively(cases: &[Prepared]) -> Vec<Result<Value, Failed>> {
    let bar = progress::bar(cases.len() as u64, "evaluating");
    let one = |case: &Prepared| {
        bar.inc(1);
        match &case.checked {
            Ok(checked) => evaluate(checked, &case.values, &mut Meter::default()).map_err(Failed::from),
            Err(failed) => Err(Failed { code: failed.code.clone(), message: failed.message.clone() }),
        }
    };
    let results = cases.iter().map(one).collect();
    bar.finish_and_clear();
    results
}

fn line(id: &str, result: Result<Value, Failed>) -> String {
    let id = json!(id);
    match result {
        Ok(value) => {
            let mut text = String::new();
            tagged::write(&value, &mut text);
            format!("{{\"id\":{id},\"value\":{text}}}")
        }
        Err(failed) => format!("{{\"id\":{id},\"error\":{}}}", json!({ "code": failed.code, "message": failed.message })),
    }
}
