//! Texts and bytes: quotes of four kinds, raw and not, and their escapes.

use super::{LexError, Lexer, Token};
use loomwork_value::Value;

/// What stands before the quotes.
#[derive(Clone, Copy, Default)]
struct Prefix {
    raw: bool,
    bytes: bool,
    len: usize,
}

impl Lexer<'_> {
    /// The prefix of a literal, if one begins here: letters and then a quote.
    fn prefix(&self) -> Option<Prefix> {
        let mut prefix = Prefix::default();
        for byte in self.rest().bytes() {
            match byte {
                b'"' | b'\'' => return Some(prefix),
                b'r' | b'R' if !prefix.raw => prefix.raw = true,
                b'b' | b'B' if !prefix.bytes && !prefix.raw => prefix.bytes = true,
                _ => return None,
            }
            prefix.len += 1;
        }
        None
    }

    /// Whether a literal with a prefix begins here.
    pub(super) fn literal_prefix(&self) -> Option<()> {
        self.prefix().map(|_| ())
    }

    pub(super) fn quoted_literal(&mut self) -> Result<Token, LexError> {
        let prefix = self.prefix().unwrap_or_default();
        let rest = &self.rest()[prefix.len..];
        let single = &rest[..1];
        let triple = rest.len() >= 3 && rest[1..].starts_with(single) && rest[2..].starts_with(single);
        let quote = if triple { &rest[..3] } else { single };
        let body = &rest[quote.len()..];
        let len = body_len(body, quote, prefix.raw)
            .ok_or_else(|| self.wrong(prefix.len + rest.lines().next().map_or(1, str::len), "a text without an end"))?;
        let start = prefix.len + quote.len();
        let decoded = self.decode(start, &body[..len], prefix)?;
        self.at += start + len + quote.len();
        Ok(Token::Literal(decoded))
    }

    /// The value of what is between the quotes, which begin `start` bytes from here.
    fn decode(&self, start: usize, body: &str, prefix: Prefix) -> Result<Value, LexError> {
        if prefix.raw || !body.contains('\\') {
            return Ok(if prefix.bytes { Value::from(body.as_bytes().to_vec()) } else { Value::from(body) });
        }
        let mut out = Vec::with_capacity(body.len());
        let mut rest = body;
        while let Some((before, after)) = rest.split_once('\\') {
            out.extend_from_slice(before.as_bytes());
            let at = start + body.len() - after.len() - 1;
            let (escaped, len) = escape(after, prefix.bytes).map_err(|message| {
                let mut error = self.wrong(at + 2, message);
                error.span.start += at as u32;
                error
            })?;
            match escaped {
                Escaped::Byte(byte) => out.push(byte),
                Escaped::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            rest = &after[len..];
        }
        out.extend_from_slice(rest.as_bytes());
        if prefix.bytes {
            return Ok(Value::from(out));
        }
        String::from_utf8(out).map(Value::from).map_err(|_| self.wrong(start, "the text is not UTF-8"))
    }
}

enum Escaped {
    Byte(u8),
    Char(char),
}

/// How long a literal is, up to its closing quote.
fn body_len(body: &str, quote: &str, raw: bool) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !raw => at += 2,
            b'\n' | b'\r' if quote.len() == 1 => return None,
            _ if bytes[at..].starts_with(quote.as_bytes()) => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// What follows a backslash: what it means and how long it is.
fn escape(text: &str, bytes: bool) -> Result<(Escaped, usize), &'static str> {
    let first = text.bytes().next().ok_or("a text without an end")?;
    let plain = |c: char| Ok((Escaped::Char(c), 1));
    match first {
        b'a' => plain('\u{7}'),
        b'b' => plain('\u{8}'),
        b'f' => plain('\u{c}'),
        b'n' => plain('\n'),
        b'r' => plain('\r'),
        b't' => plain('\t'),
        b'v' => plain('\u{b}'),
        b'\\' | b'?' | b'"' | b'\'' | b'`' => plain(char::from(first)),
        b'x' | b'X' => code(text, 1, 2, 16, bytes),
        b'u' if !bytes => code(text, 1, 4, 16, false),
        b'U' if !bytes => code(text, 1, 8, 16, false),
        b'0'..=b'3' => code(text, 0, 3, 8, bytes),
        _ => Err("an unknown escape"),
    }
}

/// A character or byte by its number: `len` digits from `start`.
fn code(text: &str, start: usize, len: usize, radix: u32, byte: bool) -> Result<(Escaped, usize), &'static str> {
    let digits = text.get(start..start + len).filter(|digits| digits.chars().all(|c| c.is_digit(radix)));
    let number = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok()).ok_or("an escape with too few digits")?;
    let escaped = match (byte, u8::try_from(number)) {
        (true, Ok(byte)) => Escaped::Byte(byte),
        _ => Escaped::Char(char::from_u32(number).ok_or("an escape for no character")?),
    };
    Ok((escaped, start + len))
}
