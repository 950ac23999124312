//! Templates: text with `{{ expressions }}` in it.
//!
//! `{{{{` stands for `{{`. A template that is one expression and nothing else keeps the expression's type; any other is text,
//! in which lists and maps appear as JSON.

use crate::ast::{Expr, ExprKind};
use crate::check::Checker;
use crate::environment::{Environment, Mode};
use crate::ir::{Checked, Kind, Node};
use crate::lexer::{Lexer, Mark, Token};
use crate::{Ty, parse};
use loomwork_diagnostic::{Diagnostic, Span};
use loomwork_value::Value;

/// A part of a template, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it is, escapes resolved.
    Text(String),
    /// The source of an expression, and where it stands in the template.
    Expr { source: String, span: Span },
}

/// What a template is made of, parsed.
#[derive(Clone, Debug)]
pub enum Parsed {
    /// No expression in it: the text.
    Text(String),
    /// One expression and nothing else.
    Expr(Expr),
    /// Pieces that become one text.
    Mixed(Vec<Part>),
}

/// A piece of a mixed template.
#[derive(Clone, Debug)]
pub enum Part {
    Text(String),
    Expr(Expr),
}

const MAX_TEMPLATE: usize = 1 << 20;
const MAX_PIECES: usize = 10_000;

/// Takes a template apart. Fails where `{{` has no end, or at an unreadable token.
pub fn split(template: &str) -> Result<Vec<Piece>, Diagnostic> {
    if template.len() > MAX_TEMPLATE {
        return Err(Diagnostic::error("expr.too_long", Span::new(0, 0), "a template of more than 1 MiB"));
    }
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = template[at..].find("{{").map(|offset| at + offset) {
        text.push_str(&template[at..open]);
        if template[open..].starts_with("{{{{") {
            text.push_str("{{");
            at = open + 4;
            continue;
        }
        let close = end_of(template, open)?;
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        let (source, span) = trimmed(template, open + 2, close);
        if source.is_empty() {
            return Err(Diagnostic::error("expr.syntax", Span::new(open, close + 2), "an empty expression"));
        }
        pieces.push(Piece::Expr { source: source.to_owned(), span });
        if pieces.len() > MAX_PIECES {
            return Err(Diagnostic::error("expr.too_long", span, "a template of more than 10 000 pieces"));
        }
        at = close + 2;
    }
    text.push_str(&template[at..]);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

/// [`split`], with the expressions parsed; their spans are places in the template.
pub fn parse_template(template: &str) -> Result<Parsed, Vec<Diagnostic>> {
    let pieces = split(template).map_err(|error| vec![error])?;
    let mut parts = Vec::with_capacity(pieces.len());
    let mut errors = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => parts.push(Part::Text(text)),
            Piece::Expr { source, span } => match parse(&source) {
                Ok(mut expr) => {
                    shift(&mut expr, span.start as usize);
                    parts.push(Part::Expr(expr));
                }
                Err(found) => errors.extend(found.into_iter().map(|error| shifted(error, span.start as usize))),
            },
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(match parts.len() {
        0 => Parsed::Text(String::new()),
        1 => match parts.remove(0) {
            Part::Text(text) => Parsed::Text(text),
            Part::Expr(expr) => Parsed::Expr(expr),
        },
        _ => Parsed::Mixed(parts),
    })
}

/// Checks a template. A mixed one gives a text; a piece that may be null, or that has no text, is an error.
pub fn check_template(parsed: &Parsed, environment: &dyn Environment) -> Result<Checked, Vec<Diagnostic>> {
    let mut checker = Checker::new(environment, Mode::Template);
    let root = match parsed {
        Parsed::Text(text) => checker.text(text),
        Parsed::Expr(expr) => checker.expr(expr),
        Parsed::Mixed(parts) => checker.mixed(parts),
    };
    checker.finish(root)
}

impl Checker<'_> {
    fn text(&mut self, text: &str) -> Node {
        Node { kind: Kind::Const(Value::from(text)), ty: Ty::String, span: Span::default() }
    }

    fn mixed(&mut self, parts: &[Part]) -> Node {
        let mut args = Vec::with_capacity(parts.len());
        for part in parts {
            args.push(match part {
                Part::Text(text) => self.text(text),
                Part::Expr(expr) => self.shown(expr),
            });
        }
        let function = loomwork_value::library::find("@text", false, args.len()).expect("@text takes any number of arguments");
        Node { kind: Kind::Call { function, args }, ty: Ty::String, span: Span::default() }
    }

    /// An expression whose value becomes text.
    fn shown(&mut self, expr: &Expr) -> Node {
        let node = self.expr(expr);
        match &node.ty {
            Ty::Null | Ty::Nullable(_) => {
                let error = Diagnostic::error("expr.null_text", node.span, "this may be null, and null has no text");
                self.told(error.hint("Give a value for null: x != null ? x : '', or x.orValue('')."), node)
            }
            Ty::Optional(_) => {
                let error = Diagnostic::error("expr.no_text", node.span, "this may have no value");
                self.told(error.hint("Give a value for none with orValue(…)."), node)
            }
            Ty::Bytes => {
                let error = Diagnostic::error("expr.no_text", node.span, "bytes have no text");
                self.told(error.hint("Write string(…) if they are UTF-8, or base64.encode(…)."), node)
            }
            _ => node,
        }
    }
}

/// Where the expression that begins with `{{` at `open` ends: brackets are counted, texts are skipped.
fn end_of(template: &str, open: usize) -> Result<usize, Diagnostic> {
    let mut lexer = Lexer::new(template, open + 2);
    let mut depth = 0_usize;
    loop {
        let (token, span) = lexer.next().map_err(|error| *error)?;
        match token {
            Token::End => {
                let span = Span::new(open, open + 2);
                let error = Diagnostic::error("expr.unclosed", span, "`{{` without `}}`");
                return Err(error.hint("Write {{{{ for two braces that are only text."));
            }
            Token::Mark(Mark::OpenBrace | Mark::OpenBracket | Mark::OpenParen) => depth += 1,
            Token::Mark(Mark::CloseBrace) if depth == 0 && template[lexer.at()..].starts_with('}') => {
                return Ok(span.start as usize);
            }
            Token::Mark(Mark::CloseBrace | Mark::CloseBracket | Mark::CloseParen) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

fn trimmed(template: &str, start: usize, end: usize) -> (&str, Span) {
    let inner = &template[start..end];
    let source = inner.trim();
    let start = start + (inner.len() - inner.trim_start().len());
    (source, Span::new(start, start + source.len()))
}

fn shifted(error: Diagnostic, by: usize) -> Diagnostic {
    Diagnostic { span: error.span.shifted(by), ..error }
}

/// Moves the spans of a whole expression. Its height is bounded.
fn shift(expr: &mut Expr, by: usize) {
    expr.span = expr.span.shifted(by);
    if let ExprKind::Call(call) = &mut expr.kind {
        call.function_span = call.function_span.shifted(by);
    }
    expr.each_part(|part| shift(part, by));
}
