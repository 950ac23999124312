//! The words and signs of WIT type text.

use super::syntax;
use loomwork_diagnostic::{Diagnostic, Span};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A name or keyword, with its `%` if it has one; `_` too.
    Word(&'a str),
    /// One of `{}<>(),:@`.
    Sign(char),
    /// A JSON string with its quotes.
    Text(&'a str),
    /// One line of `///`.
    Docs(&'a str),
    End,
}

#[derive(Clone, Copy)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn next(&mut self) -> Result<(Token<'a>, Span), Diagnostic> {
        self.space()?;
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else { return Ok((Token::End, Span::new(start, start))) };
        let (token, length) = match first {
            '{' | '}' | '<' | '>' | '(' | ')' | ',' | ':' | '@' => (Token::Sign(first), 1),
            '"' => {
                let length =
                    string(rest).ok_or_else(|| syntax(Span::new(start, self.text.len()), "text without a closing quote"))?;
                (Token::Text(&rest[..length]), length)
            }
            '/' if rest.starts_with("///") => {
                let length = rest.find('\n').unwrap_or(rest.len());
                (Token::Docs(rest[3..length].trim()), length)
            }
            _ if is_word(first) || first == '%' => {
                let length = 1 + rest[1..].find(|letter| !is_word(letter)).unwrap_or(rest.len() - 1);
                (Token::Word(&rest[..length]), length)
            }
            _ => {
                let span = Span::new(start, start + first.len_utf8());
                return Err(syntax(span, format!("`{}` has no meaning in a type", first.escape_debug())));
            }
        };
        self.at += length;
        Ok((token, Span::new(start, self.at)))
    }

    /// Takes `sign` if it is next; docs stay where they are.
    pub(super) fn take(&mut self, sign: char) -> Result<bool, Diagnostic> {
        self.take_if(|token| token == Token::Sign(sign))
    }

    pub(super) fn take_word(&mut self, word: &str) -> Result<bool, Diagnostic> {
        self.take_if(|token| token == Token::Word(word))
    }

    fn take_if(&mut self, wanted: impl Fn(Token<'a>) -> bool) -> Result<bool, Diagnostic> {
        let mut ahead = *self;
        let (token, _) = ahead.next()?;
        let found = wanted(token);
        if found {
            *self = ahead;
        }
        Ok(found)
    }

    /// Skips white space and comments other than docs.
    fn space(&mut self) -> Result<(), Diagnostic> {
        loop {
            let rest = &self.text[self.at..];
            let start = self.at;
            self.at += rest.len() - rest.trim_start().len();
            let rest = &self.text[self.at..];
            if rest.starts_with("//") && !rest.starts_with("///") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let end = rest.find("*/").ok_or_else(|| syntax(Span::new(self.at, self.text.len()), "comment without an end"))?;
                self.at += end + 2;
            }
            if self.at == start {
                return Ok(());
            }
        }
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

/// The length of the JSON string at the start of `rest`.
fn string(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
