//! Literals: values without expressions, checked against their type and kept as canonical JSON.

use super::Builder;
use super::infer::type_of_literal;
use super::template::Built;
use crate::plan::Template;
use loomwork_flow::{Json, pointer_step, print_json};
use loomwork_types::{Mismatch, Type, canonical};

impl Builder<'_, '_, '_> {
    /// Checks a literal; without an expected type it has its own.
    pub(super) fn literal(&mut self, json: &Json, expected: Option<&Type>, pointer: &str) -> Option<Built> {
        let ty = expected.cloned().unwrap_or_else(|| type_of_literal(json));
        match canonical(&ty, &print_json(json)) {
            Ok(text) => Some(Built { template: Template::Literal(text.into()), ty }),
            Err(mismatch) => {
                self.refused(&mismatch, pointer);
                None
            }
        }
    }

    fn refused(&mut self, mismatch: &Mismatch, pointer: &str) {
        let place = format!("{pointer}{}", pointer_of(&mismatch.path));
        self.report.error_hint("flow.type_mismatch", &place, mismatch.message.clone(), mismatch.hint.clone());
    }
}

/// `$.lines[2]["a b"]` as a JSON pointer: `/lines/2/a b`. Stops where it does not understand.
fn pointer_of(path: &str) -> String {
    let mut pointer = String::new();
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    while !rest.is_empty() {
        let (step, tail) = if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            (pointer_step(&name[..end]), &name[end..])
        } else if let Some(quoted) = rest.strip_prefix("[\"") {
            let Some(end) = quoted.find("\"]") else { break };
            (pointer_step(&quoted[..end]), &quoted[end + 2..])
        } else if let Some(index) = rest.strip_prefix('[') {
            let Some(end) = index.find(']') else { break };
            (index[..end].to_owned(), &index[end + 1..])
        } else {
            break;
        };
        pointer.push('/');
        pointer.push_str(&step);
        rest = tail;
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::pointer_of;

    #[test]
    fn paths_become_pointers() {
        assert_eq!(pointer_of("$"), "");
        assert_eq!(pointer_of("$.lines[2].sku"), "/lines/2/sku");
        assert_eq!(pointer_of("$[\"a b\"][0]"), "/a b/0");
        assert_eq!(pointer_of("$[\"unclosed"), "");
    }
}
