//! Tokens to [`ast`](crate::ast): a Pratt parser, bounded in size and height, so that every later walk is safe on a small stack.

mod literal;
mod operand;

use crate::ast::{Expr, ExprKind, Operator};
use crate::ir::BinaryOp;
use crate::lexer::{LexError, Lexer, Mark, Token};
use loomwork_diagnostic::{Diagnostic, Span};

/// The longest source, in bytes.
pub const MAX_SOURCE: usize = 64 << 10;
/// How high the tree of an expression may be, and how deep brackets may nest.
pub const MAX_HEIGHT: u16 = 100;
/// The most parts an expression may have.
pub const MAX_NODES: usize = 20_000;

/// Boxed, so that the parser's frames stay small.
type Parsed = Result<Box<Expr>, LexError>;

/// Parses an expression. Stops at the first mistake.
pub fn parse(source: &str) -> Result<Expr, Vec<Diagnostic>> {
    parse_boxed(source).map(|expr| *expr).map_err(|error| vec![*error])
}

fn parse_boxed(source: &str) -> Parsed {
    if source.len() > MAX_SOURCE {
        let span = Span::new(0, 0);
        return Err(Box::new(Diagnostic::error("expr.too_long", span, "an expression of more than 64 KiB")));
    }
    let mut parser = Parser::new(source)?;
    let expr = parser.expr()?;
    match parser.token {
        Token::End => Ok(expr),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

/// One token ahead of the source.
struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    span: Span,
    depth: u16,
    nodes: usize,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Result<Self, LexError> {
        let mut lexer = Lexer::new(source, 0);
        let (token, span) = lexer.next()?;
        Ok(Self { lexer, token, span, depth: 0, nodes: 0 })
    }

    /// A whole expression: a condition and its branches, or less.
    fn expr(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(too_deep(self.span));
        }
        let mut expr = self.climb(0)?;
        if self.take(Mark::Question)? {
            let then = self.climb(0)?;
            self.expect(Mark::Colon, "`:`")?;
            let otherwise = self.expr()?;
            let span = expr.span.to(otherwise.span);
            expr = self.node(ExprKind::Conditional(Box::new([*expr, *then, *otherwise])), span)?;
        }
        self.depth -= 1;
        Ok(expr)
    }

    /// Operators and operands, as long as the operators bind at least so strong. All are left-associative.
    fn climb(&mut self, weakest: u8) -> Parsed {
        let mut left = self.operand()?;
        while let Some((op, strength)) = self.operator().filter(|(_, strength)| *strength >= weakest) {
            left = match op {
                Operator::Binary(_) => {
                    self.advance()?;
                    let right = self.climb(strength + 1)?;
                    self.binary_node(op, left, right)?
                }
                Operator::And | Operator::Or => self.junction(op, strength, left)?,
            };
        }
        Ok(left)
    }

    /// The rest of `a || b || c`. Long chains become balanced trees, which they may, since both junctions are associative.
    fn junction(&mut self, op: Operator, strength: u8, first: Box<Expr>) -> Parsed {
        let mut sides = vec![first];
        while self.operator().is_some_and(|(next, _)| next == op) {
            self.advance()?;
            sides.push(self.climb(strength + 1)?);
        }
        while sides.len() > 1 {
            let mut joined = Vec::with_capacity(sides.len().div_ceil(2));
            let mut rest = sides.into_iter();
            while let Some(left) = rest.next() {
                joined.push(match rest.next() {
                    Some(right) => self.binary_node(op, left, right)?,
                    None => left,
                });
            }
            sides = joined;
        }
        sides.pop().ok_or_else(|| self.unexpected("an expression"))
    }

    /// The operator that comes next, and how strong it binds.
    fn operator(&self) -> Option<(Operator, u8)> {
        let op = match &self.token {
            Token::Mark(Mark::Or) => return Some((Operator::Or, 0)),
            Token::Mark(Mark::And) => return Some((Operator::And, 1)),
            Token::Mark(Mark::Minus) => BinaryOp::Subtract,
            Token::Mark(Mark::Operator(op)) => *op,
            Token::Word(word) if &**word == "in" => BinaryOp::In,
            _ => return None,
        };
        let strength = match op {
            BinaryOp::Add | BinaryOp::Subtract => 3,
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 4,
            _ => 2,
        };
        Some((Operator::Binary(op), strength))
    }

    fn binary_node(&mut self, op: Operator, left: Box<Expr>, right: Box<Expr>) -> Parsed {
        let span = left.span.to(right.span);
        self.node(ExprKind::Binary { op, left, right }, span)
    }

    /// Makes a node, if there is room for it.
    fn node(&mut self, kind: ExprKind, span: Span) -> Parsed {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Box::new(Diagnostic::error("expr.too_long", span, "an expression of more than 20 000 parts")));
        }
        let expr = Box::new(Expr::new(kind, span));
        if expr.height > MAX_HEIGHT {
            return Err(too_deep(span));
        }
        Ok(expr)
    }

    fn advance(&mut self) -> Result<Token, LexError> {
        let (token, span) = self.lexer.next()?;
        self.span = span;
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn at(&self, mark: Mark) -> bool {
        matches!(&self.token, Token::Mark(own) if *own == mark)
    }

    fn take(&mut self, mark: Mark) -> Result<bool, LexError> {
        let found = self.at(mark);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, mark: Mark, what: &str) -> Result<(), LexError> {
        if self.take(mark)? { Ok(()) } else { Err(self.unexpected(what)) }
    }

    fn unexpected(&self, wanted: &str) -> LexError {
        let found = match &self.token {
            Token::End => "the end".to_owned(),
            Token::Word(word) => format!("`{word}`"),
            Token::Int { .. } | Token::Uint(_) | Token::Double(_) => "a number".to_owned(),
            Token::Literal(_) => "a text".to_owned(),
            Token::Quoted(name) => format!("`{name}`"),
            Token::Mark(mark) => mark_name(*mark).to_owned(),
        };
        Box::new(Diagnostic::error("expr.syntax", self.span, format!("expected {wanted}, found {found}")))
    }
}

fn too_deep(span: Span) -> LexError {
    let error = Diagnostic::error("expr.too_deep", span, format!("an expression nested more than {MAX_HEIGHT} deep"));
    Box::new(error.hint("Take a part of it out into a `set` node."))
}

fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::OpenParen => "`(`",
        Mark::CloseParen => "`)`",
        Mark::OpenBracket => "`[`",
        Mark::CloseBracket => "`]`",
        Mark::OpenBrace => "`{`",
        Mark::CloseBrace => "`}`",
        Mark::Dot => "`.`",
        Mark::Comma => "`,`",
        Mark::Colon => "`:`",
        Mark::Question => "`?`",
        Mark::Not => "`!`",
        Mark::And => "`&&`",
        Mark::Or => "`||`",
        Mark::Minus => "`-`",
        Mark::Operator(_) => "an operator",
    }
}
