//! The flow's own types, its input and its output, as WIT writes them.

use crate::build::Ends;
use crate::report::Report;
use loomwork_flow::{Flow, pointer_step};
use loomwork_types::{Names, Type, parse, parse_named};

/// Reads the types; what cannot be read is reported and taken as `json`.
pub(crate) fn ends(flow: &Flow, report: &mut Report<'_>) -> Ends {
    let (names, mistakes) = parse_named(flow.types.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    for (ix, mistake) in mistakes {
        let pointer = format!("/types/{}", pointer_step(&flow.types[ix].0));
        report.inner(&pointer, 0, vec![mistake]);
    }
    let input = one(flow.input.as_deref(), "/input", &names, report);
    let output = one(flow.output.as_deref(), "/output", &names, report);
    let answer = one(flow.answer.as_deref(), "/answer", &names, report);
    Ends { input, output, answer, names }
}

fn one(text: Option<&str>, pointer: &str, names: &Names, report: &mut Report<'_>) -> Type {
    match text.map(|text| parse(text, names)) {
        None => Type::Json,
        Some(Ok(ty)) => ty,
        Some(Err(mistakes)) => {
            report.inner(pointer, 0, mistakes);
            Type::Json
        }
    }
}
