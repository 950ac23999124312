//! Operands: signs, literals, names, brackets, and what follows a dot.

use super::{Parsed, Parser};
use crate::ast::{Call, Expr, ExprKind};
use crate::lexer::{LexError, Mark, Token};
use loomwork_diagnostic::{Diagnostic, Span};
use std::sync::Arc;

/// Words that cannot be names. The first four are literals and an operator, and no fields either.
const RESERVED: [&str; 20] = [
    "false",
    "in",
    "null",
    "true",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
];

impl Parser<'_> {
    /// Signs, what stands after them, and what is selected from it. Signs are counted first, so that many need no stack.
    pub(super) fn operand(&mut self) -> Parsed {
        let mut signs: Vec<(Mark, Span)> = Vec::new();
        while let Token::Mark(mark @ (Mark::Not | Mark::Minus)) = self.token {
            signs.push((mark, self.span));
            self.advance()?;
        }
        // A minus right before a number belongs to it.
        let number = matches!(self.token, Token::Int { .. } | Token::Double(_));
        let minus = signs.pop_if(|(mark, _)| *mark == Mark::Minus && number).map(|(_, span)| span);
        let mut expr = self.primary(minus)?;
        loop {
            if self.take(Mark::Dot)? {
                expr = self.after_dot(expr)?;
            } else if self.take(Mark::OpenBracket)? {
                expr = self.index(expr)?;
            } else {
                break;
            }
        }
        while let Some((mark, span)) = signs.pop() {
            let span = span.to(expr.span);
            let kind = if mark == Mark::Not { ExprKind::Not } else { ExprKind::Negate };
            expr = self.node(kind(expr), span)?;
        }
        Ok(expr)
    }

    fn after_dot(&mut self, operand: Box<Expr>) -> Parsed {
        let optional = self.take(Mark::Question)?;
        let name_span = self.span;
        let (name, quoted) = self.field()?;
        if !optional && !quoted && self.at(Mark::OpenParen) {
            return self.call(Some(operand), name, name_span);
        }
        let span = operand.span.to(name_span);
        self.node(ExprKind::Select { operand, field: name, optional }, span)
    }

    fn index(&mut self, operand: Box<Expr>) -> Parsed {
        let optional = self.take(Mark::Question)?;
        let index = self.expr()?;
        let end = self.span;
        self.expect(Mark::CloseBracket, "`]`")?;
        let span = operand.span.to(end);
        self.node(ExprKind::Index { operand, index, optional }, span)
    }

    /// The name after a dot, and whether it was quoted.
    fn field(&mut self) -> Result<(Arc<str>, bool), LexError> {
        match &self.token {
            Token::Word(word) if !RESERVED[..4].contains(&&**word) => {
                let word = word.clone();
                self.advance()?;
                Ok((word, false))
            }
            Token::Quoted(name) => {
                let name = name.clone();
                self.advance()?;
                Ok((name, true))
            }
            _ => Err(self.unexpected("a field")),
        }
    }

    fn call(&mut self, receiver: Option<Box<Expr>>, function: Arc<str>, function_span: Span) -> Parsed {
        self.expect(Mark::OpenParen, "`(`")?;
        let mut args = Vec::new();
        if !self.at(Mark::CloseParen) {
            args.push(*self.expr()?);
            while self.take(Mark::Comma)? {
                args.push(*self.expr()?);
            }
        }
        let start = receiver.as_ref().map_or(function_span, |receiver| receiver.span);
        let span = start.to(self.span);
        self.expect(Mark::CloseParen, "`,` or `)`")?;
        self.node(
            ExprKind::Call(Box::new(Call { receiver: receiver.map(|receiver| *receiver), function, function_span, args })),
            span,
        )
    }

    fn primary(&mut self, minus: Option<Span>) -> Parsed {
        match &self.token {
            Token::Mark(Mark::OpenParen) => {
                self.advance()?;
                let inner = self.expr()?;
                self.expect(Mark::CloseParen, "`)`")?;
                Ok(inner)
            }
            Token::Mark(Mark::OpenBracket) => self.list(),
            Token::Mark(Mark::OpenBrace) => self.map(),
            Token::Mark(Mark::Dot) => {
                let start = self.span;
                self.advance()?;
                self.name(true, start)
            }
            Token::Word(word) if !RESERVED[..4].contains(&&**word) => self.name(false, self.span),
            _ => self.literal(minus),
        }
    }

    fn name(&mut self, rooted: bool, start: Span) -> Parsed {
        let Token::Word(word) = &self.token else { return Err(self.unexpected("a name")) };
        if RESERVED.contains(&&**word) {
            let message = format!("`{word}` is a reserved word");
            return Err(Box::new(Diagnostic::error("expr.reserved", self.span, message)));
        }
        let (name, span) = (word.clone(), self.span);
        self.advance()?;
        if self.at(Mark::OpenParen) {
            return self.call(None, name, span);
        }
        if self.at(Mark::OpenBrace) {
            let error = Diagnostic::error("expr.syntax", self.span, "expected an operator or the end, found `{`");
            return Err(Box::new(error.hint("Messages with a name are not known here: write a map, {'field': value}.")));
        }
        self.node(ExprKind::Name { name, rooted }, start.to(span))
    }
}
