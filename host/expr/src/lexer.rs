//! Text to tokens, one at a time, each with its place. Knows no grammar; templates are found with it too.

mod literal;
mod number;

use crate::ir::BinaryOp;
use loomwork_diagnostic::{Diagnostic, Span};
use loomwork_value::Value;
use std::sync::Arc;

/// A lexical error. Boxed, because it is rare and results are passed through many frames.
pub(crate) type LexError = Box<Diagnostic>;

#[derive(Clone, Debug)]
pub(crate) enum Token {
    /// A name or a reserved word.
    Word(Arc<str>),
    /// A name in backquotes.
    Quoted(Arc<str>),
    /// Digits, whose sign may come before them: the parser decides what they are.
    Int {
        digits: Arc<str>,
        radix: u32,
    },
    Uint(u64),
    Double(f64),
    /// A text or bytes.
    Literal(Value),
    Mark(Mark),
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Dot,
    Comma,
    Colon,
    Question,
    Not,
    And,
    Or,
    Minus,
    /// Any operator between operands that is nothing else; minus is not here.
    Operator(BinaryOp),
}

/// Marks, longest first.
const MARKS: [(&str, Mark); 24] = [
    ("&&", Mark::And),
    ("||", Mark::Or),
    ("==", Mark::Operator(BinaryOp::Equal)),
    ("!=", Mark::Operator(BinaryOp::NotEqual)),
    ("<=", Mark::Operator(BinaryOp::LessOrEqual)),
    (">=", Mark::Operator(BinaryOp::GreaterOrEqual)),
    ("(", Mark::OpenParen),
    (")", Mark::CloseParen),
    ("[", Mark::OpenBracket),
    ("]", Mark::CloseBracket),
    ("{", Mark::OpenBrace),
    ("}", Mark::CloseBrace),
    (".", Mark::Dot),
    (",", Mark::Comma),
    (":", Mark::Colon),
    ("?", Mark::Question),
    ("!", Mark::Not),
    ("-", Mark::Minus),
    ("+", Mark::Operator(BinaryOp::Add)),
    ("*", Mark::Operator(BinaryOp::Multiply)),
    ("/", Mark::Operator(BinaryOp::Divide)),
    ("%", Mark::Operator(BinaryOp::Modulo)),
    ("<", Mark::Operator(BinaryOp::Less)),
    (">", Mark::Operator(BinaryOp::Greater)),
];

/// Walks over a source text.
#[derive(Clone)]
pub(crate) struct Lexer<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Begins at a byte offset, which is a character boundary.
    pub fn new(source: &'a str, at: usize) -> Self {
        Self { source, at }
    }

    /// The byte offset after the last token.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next token, and where it stands.
    pub fn next(&mut self) -> Result<(Token, Span), LexError> {
        self.space();
        let start = self.at;
        let rest = self.rest();
        let token = match rest.as_bytes().first() {
            None => Token::End,
            Some(b'0'..=b'9') => self.number()?,
            Some(b'.') if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => self.number()?,
            Some(b'"' | b'\'') => self.quoted_literal()?,
            Some(b'`') => self.quoted_name()?,
            Some(b'_' | b'a'..=b'z' | b'A'..=b'Z') if self.literal_prefix().is_some() => self.quoted_literal()?,
            Some(b'_' | b'a'..=b'z' | b'A'..=b'Z') => Token::Word(self.word().into()),
            Some(_) => self.mark()?,
        };
        Ok((token, Span::new(start, self.at)))
    }

    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// White space and comments.
    fn space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let len = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        self.at += len;
        &rest[..len]
    }

    fn quoted_name(&mut self) -> Result<Token, LexError> {
        let rest = &self.rest()[1..];
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-/ ".contains(c);
        let len = rest.find(|c| !allowed(c)).unwrap_or(rest.len());
        if len == 0 || !rest[len..].starts_with('`') {
            return Err(self.wrong(len + 1, "a name in backquotes has letters, digits, `_`, `.`, `-`, `/` and spaces"));
        }
        self.at += len + 2;
        Ok(Token::Quoted(rest[..len].into()))
    }

    fn mark(&mut self) -> Result<Token, LexError> {
        let rest = self.rest();
        match MARKS.iter().find(|(text, _)| rest.starts_with(text)) {
            Some((text, mark)) => {
                self.at += text.len();
                Ok(Token::Mark(*mark))
            }
            None => Err(self.unknown(rest)),
        }
    }

    fn unknown(&self, rest: &str) -> LexError {
        let c = rest.chars().next().unwrap_or(' ');
        let hint = match c {
            '=' => Some("write == to compare"),
            '&' => Some("write && for and"),
            '|' => Some("write || for or"),
            _ => None,
        };
        let mut error = self.wrong(c.len_utf8(), format!("unexpected `{}`", c.escape_debug()));
        error.hint = hint.map(str::to_owned);
        error
    }

    /// An error about the next `len` bytes.
    fn wrong(&self, len: usize, message: impl Into<String>) -> LexError {
        let end = (self.at + len).min(self.source.len());
        Box::new(Diagnostic::error("expr.syntax", Span::new(self.at, end), message))
    }
}
