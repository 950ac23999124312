//! Templates: JSON text out of literal pieces and expressions, each template one function from a frame to a text's handle.

use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::OF_FRAME;
use loomwork_check::plan::{NodeIx, Part, Plan, Root, Template};
use loomwork_expr::ir::{Checked, Kind, Node};
use loomwork_types::{Type, writer};

/// A local for a handle.
const HANDLE: u32 = 1;

/// A template, flattened.
enum Piece<'a> {
    Raw(String),
    Value {
        value: &'a Checked,
        ty: &'a Type,
    },
    /// Inside quotes.
    Text(&'a Checked),
}

/// How a template's text is had: a constant, or a function that makes it.
pub(crate) enum Made {
    Constant(String),
    Function(String),
}

impl FlowModule<'_> {
    /// Defines what makes a template's text. The function is called `<node>.<what>`.
    pub(crate) fn template(&mut self, node: NodeIx, what: &str, template: &Template) -> Made {
        let mut pieces = Vec::new();
        flatten(template, &mut pieces);
        match pieces.as_mut_slice() {
            [Piece::Raw(text)] => return Made::Constant(std::mem::take(text)),
            [] => return Made::Constant("null".to_owned()),
            _ => {}
        }
        let name = self.name(node, what);
        let expressions = self.expressions(node, what, &pieces);
        let slices: Vec<_> = pieces.iter().map(|piece| slice(self.plan, piece)).collect();
        let whole = pieces.len() == 1;
        let mut code = Code::new(&mut self.module, OF_FRAME, &["frame", "handle"]);
        if !whole {
            code.runtime("json_begin");
        }
        for ((piece, expression), slice) in pieces.iter().zip(&expressions).zip(&slices) {
            match (piece, expression) {
                (Piece::Raw(text), _) => {
                    code.text(text).runtime("json_raw");
                }
                (Piece::Value { ty, .. }, Some(expression)) => value(&mut code, expression, ty, slice.as_ref(), whole),
                (Piece::Text(_), Some(expression)) => {
                    evaluate(&mut code, expression);
                    code.get(HANDLE).runtime("json_text");
                    leave_if_zero(&mut code);
                }
                (_, None) => {}
            }
        }
        code.runtime("json_done");
        code.define(&name);
        Made::Function(name)
    }

    /// Defines the expressions of a template, named after it and their places.
    fn expressions(&mut self, node: NodeIx, what: &str, pieces: &[Piece<'_>]) -> Vec<Option<String>> {
        let mut count = 0;
        let mut names = Vec::new();
        for piece in pieces {
            names.push(match piece {
                Piece::Raw(_) => None,
                Piece::Value { value, .. } | Piece::Text(value) => {
                    count += 1;
                    Some(self.expression(node, &format!("{what}.{count}"), value))
                }
            });
        }
        names
    }
}

/// Appends a value; a plain path of the same type is a slice of text that nobody has to read.
fn value(code: &mut Code<'_>, expression: &str, ty: &Type, slice: Option<&Slice>, whole: bool) {
    if let Some(slice) = slice {
        slice_or_zero(code, slice);
        code.tee(HANDLE).when();
        if whole {
            code.get(HANDLE).leave().end().runtime("json_begin");
        } else {
            code.get(HANDLE).runtime("json_raw").otherwise();
        }
    } else if whole {
        code.runtime("json_begin");
    }
    evaluate(code, expression);
    let ty = code.module.pool.ty(ty);
    code.get(HANDLE).number(ty).runtime("json_value");
    leave_if_zero(code);
    if slice.is_some() && !whole {
        code.end();
    }
}

fn evaluate(code: &mut Code<'_>, expression: &str) {
    code.get(FRAME).call(expression, OF_FRAME).tee(HANDLE);
    leave_if_zero(code);
}

fn leave_if_zero(code: &mut Code<'_>) {
    code.not().when().number(0).leave().end();
}

/// A path into something that is kept as text.
struct Slice {
    /// None is the run's input.
    output: Option<(NodeIx, u32)>,
    path: String,
}

fn slice_or_zero(code: &mut Code<'_>, slice: &Slice) {
    match slice.output {
        Some((node, hops)) => code.get(FRAME).number(hops).number(node).text(&slice.path).runtime("text_slice"),
        None => code.text(&slice.path).runtime("text_input"),
    };
}

fn slice(plan: &Plan, piece: &Piece<'_>) -> Option<Slice> {
    let Piece::Value { value, ty } = piece else { return None };
    let mut path = Vec::new();
    let root = path_to_root(&value.root, &mut path)?;
    let (mut at, output) = match plan.roots.get(root as usize)? {
        Root::Input => (&plan.input, None),
        Root::Output { node, hops } => (&plan.nodes[*node as usize].output, Some((*node, *hops))),
        _ => return None,
    };
    path.reverse();
    for field in &path {
        at = match at {
            Type::Record(record) => &record.fields.iter().find(|known| *known.json == **field)?.ty,
            _ => return None,
        };
    }
    (at == *ty).then(|| Slice { output, path: path.join(".") })
}

/// The root that a chain of plain selections starts from; the fields, last first.
fn path_to_root<'a>(node: &'a Node, path: &mut Vec<&'a str>) -> Option<u32> {
    match &node.kind {
        Kind::Root(root) => Some(*root),
        Kind::Select { operand, field } if !field.contains('.') => {
            path.push(field);
            path_to_root(operand, path)
        }
        _ => None,
    }
}

fn flatten<'a>(template: &'a Template, out: &mut Vec<Piece<'a>>) {
    match template {
        Template::Literal(json) => raw(out, json),
        Template::Expr { value, ty } => out.push(Piece::Value { value, ty }),
        Template::Text(parts) => {
            raw(out, "\"");
            for part in parts {
                match part {
                    Part::Text(text) => raw(out, &escaped(text)),
                    Part::Expr(value) => out.push(Piece::Text(value)),
                }
            }
            raw(out, "\"");
        }
        Template::List(items) => {
            raw(out, "[");
            for (place, item) in items.iter().enumerate() {
                raw(out, if place == 0 { "" } else { "," });
                flatten(item, out);
            }
            raw(out, "]");
        }
        Template::Record(fields) => {
            raw(out, "{");
            for (place, (name, field)) in fields.iter().enumerate() {
                let comma = if place == 0 { "" } else { "," };
                raw(out, &format!("{comma}\"{}\":", escaped(name)));
                flatten(field, out);
            }
            raw(out, "}");
        }
    }
}

fn raw(out: &mut Vec<Piece<'_>>, text: &str) {
    match out.last_mut() {
        Some(Piece::Raw(before)) => before.push_str(text),
        _ => out.push(Piece::Raw(text.to_owned())),
    }
}

/// Text as it stands between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    let mut quoted = String::new();
    writer::string(text, &mut quoted);
    quoted[1..quoted.len() - 1].to_owned()
}
