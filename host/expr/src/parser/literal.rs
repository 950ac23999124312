//! Literals: numbers with their sign, texts, constants, lists and maps.

use super::{Parsed, Parser};
use crate::ast::{Element, Entry, ExprKind};
use crate::lexer::{LexError, Mark, Token};
use loomwork_diagnostic::{Diagnostic, Span};
use loomwork_value::Value;

impl Parser<'_> {
    /// One token that is a value.
    pub(super) fn literal(&mut self, minus: Option<Span>) -> Parsed {
        let span = minus.unwrap_or(self.span).to(self.span);
        let value = match &self.token {
            Token::Int { digits, radix } => integer(digits, *radix, minus.is_some(), span)?,
            Token::Uint(uint) => Value::Uint(*uint),
            Token::Double(double) => Value::Double(if minus.is_some() { -double } else { *double }),
            Token::Literal(value) => value.clone(),
            Token::Word(word) if &**word == "null" => Value::Null,
            Token::Word(word) if &**word == "true" => Value::Bool(true),
            Token::Word(word) if &**word == "false" => Value::Bool(false),
            _ => return Err(self.unexpected("an expression")),
        };
        self.advance()?;
        self.node(ExprKind::Literal(value), span)
    }

    pub(super) fn list(&mut self) -> Parsed {
        let start = self.span;
        self.advance()?;
        let mut elements = Vec::new();
        while !self.at(Mark::CloseBracket) {
            let optional = self.take(Mark::Question)?;
            elements.push(Element { value: *self.expr()?, optional });
            if !self.take(Mark::Comma)? {
                break;
            }
        }
        let span = start.to(self.span);
        self.expect(Mark::CloseBracket, "`,` or `]`")?;
        self.node(ExprKind::List(elements), span)
    }

    pub(super) fn map(&mut self) -> Parsed {
        let start = self.span;
        self.advance()?;
        let mut entries = Vec::new();
        while !self.at(Mark::CloseBrace) {
            let optional = self.take(Mark::Question)?;
            let key = self.expr()?;
            self.expect(Mark::Colon, "`:`")?;
            entries.push(Entry { key: *key, value: *self.expr()?, optional });
            if !self.take(Mark::Comma)? {
                break;
            }
        }
        let span = start.to(self.span);
        self.expect(Mark::CloseBrace, "`,` or `}`")?;
        self.node(ExprKind::Map(entries), span)
    }
}

fn integer(digits: &str, radix: u32, negative: bool, span: Span) -> Result<Value, LexError> {
    let sign = if negative { "-" } else { "" };
    i64::from_str_radix(&format!("{sign}{digits}"), radix).map(Value::Int).map_err(|_| {
        let error = Diagnostic::error("expr.number", span, "the number does not fit in an int");
        Box::new(error.hint("Write a `u` after it for a uint, or `.0` for a double."))
    })
}
