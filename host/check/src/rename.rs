//! Renaming a node inside templates, for the rename command of `loomwork-flow`.

use crate::build::node_named;
use loomwork_expr::ast::Expr;
use loomwork_expr::template::{Piece, split};

/// The template with `nodes.<from>` read as `nodes.<to>` wherever an expression says so. Text around expressions, texts within
/// them, and expressions that cannot be read stay as they are.
pub fn rename_in_template(template: &str, from: &str, to: &str) -> String {
    let Ok(pieces) = split(template) else { return template.to_owned() };
    let mut renamed = template.to_owned();
    for piece in pieces.iter().rev() {
        if let Piece::Expr { span, .. } = piece {
            let source = &template[span.start as usize..span.end as usize];
            let mut ends = Vec::new();
            if let Ok(parsed) = loomwork_expr::parse(source) {
                mentions(&parsed, from, &mut ends);
            }
            ends.sort_unstable();
            for end in ends.iter().rev().map(|end| end + span.start as usize) {
                renamed.replace_range(end - from.len()..end, to);
            }
        }
    }
    renamed
}

/// Where each `nodes.<id>` ends.
fn mentions(expr: &Expr, id: &str, ends: &mut Vec<usize>) {
    if node_named(expr) == Some(id) {
        ends.push(expr.span.end as usize);
    }
    expr.kind.parts().for_each(|part| mentions(part, id, ends));
}
