//! JSON text as tokens, borrowed where possible. Every mistake is a `json.…` error with its byte offset.

use crate::MAX_DEPTH;
use crate::mismatch::{Answer, Mismatch};
use std::borrow::Cow;

/// Reads one JSON text from its start to its end.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    deepest: usize,
}

/// A number as written.
#[derive(Clone, Copy, Debug)]
pub struct Number<'a> {
    pub text: &'a str,
    /// True if it has no fraction and no exponent.
    pub whole: bool,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, deepest: MAX_DEPTH }
    }

    /// The same reader, refusing lists and objects nested deeper than `depth` (at most [`MAX_DEPTH`]).
    pub fn no_deeper_than(mut self, depth: usize) -> Self {
        self.deepest = depth.min(MAX_DEPTH);
        self
    }

    /// How many bytes have been read.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The first byte of the next token; 0 at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied().unwrap_or(0)
    }

    /// Takes `byte` if the next token is it. Written with a branch: rustc 1.95 with optimisation loses the step where it is
    /// `self.at += usize::from(found)` here.
    #[inline]
    pub fn take(&mut self, byte: u8) -> bool {
        if self.peek() != byte {
            return false;
        }
        self.at += 1;
        true
    }

    /// Takes `[` or `{`; answers whether something other than its end follows.
    pub(crate) fn open(&mut self, close: u8) -> Answer<bool> {
        if self.depth == self.deepest {
            return Err(Mismatch::new("json.depth", self.at, "lists and objects are nested too deeply"));
        }
        self.depth += 1;
        self.at += 1;
        if self.take(close) {
            self.depth -= 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// After an element: answers whether another follows.
    pub(crate) fn another(&mut self, close: u8) -> Answer<bool> {
        match self.peek() {
            b',' => {
                self.at += 1;
                if self.peek() == close {
                    return Err(self.syntax("a comma before the end is not JSON"));
                }
                Ok(true)
            }
            byte if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            _ => Err(self.syntax(if close == b']' { "expected `,` or `]`" } else { "expected `,` or `}`" })),
        }
    }

    /// An object's key and its colon.
    pub(crate) fn key(&mut self) -> Answer<Cow<'a, str>> {
        if self.peek() != b'"' {
            return Err(self.syntax("expected a key in double quotes"));
        }
        let key = self.string()?;
        if !self.take(b':') {
            return Err(self.syntax("expected `:`"));
        }
        Ok(key)
    }

    /// Takes `null`, `true` or `false`.
    pub(crate) fn word(&mut self, word: &str) -> Answer<()> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.syntax("expected a JSON value"));
        }
        self.at += word.len();
        Ok(())
    }

    pub(crate) fn null(&mut self) -> Answer<bool> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        self.word("null").map(|()| true)
    }

    pub(crate) fn number(&mut self) -> Answer<Number<'a>> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += usize::from(bytes.get(start) == Some(&b'-'));
        let leading = self.at;
        let digits = self.digits();
        if digits == 0 || (digits > 1 && bytes[leading] == b'0') {
            return Err(self.syntax("expected a JSON value"));
        }
        let mut whole = true;
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            whole = false;
            if self.digits() == 0 {
                return Err(self.syntax("a digit must follow the decimal point"));
            }
        }
        if let Some(b'e' | b'E') = bytes.get(self.at) {
            self.at += 1;
            whole = false;
            self.at += usize::from(matches!(bytes.get(self.at), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(self.syntax("an exponent needs digits"));
            }
        }
        Ok(Number { text: &self.text[start..self.at], whole })
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - start
    }

    /// A string; the opening quote is next.
    pub(crate) fn string(&mut self) -> Answer<Cow<'a, str>> {
        self.at += 1;
        let start = self.at;
        self.run();
        if self.text.as_bytes().get(self.at) == Some(&b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
        }
        let mut text = String::from(&self.text[start..self.at]);
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.syntax("a control character inside text must be escaped")),
                None => return Err(self.syntax("text without a closing quote")),
            }
            let start = self.at;
            self.run();
            text.push_str(&self.text[start..self.at]);
        }
    }

    /// Skips what needs no care inside a string.
    #[inline]
    fn run(&mut self) {
        let bytes = &self.text.as_bytes()[self.at..];
        let end = bytes.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        self.at += end.unwrap_or(bytes.len());
    }

    fn escape(&mut self) -> Answer<char> {
        let letter = self.text.as_bytes().get(self.at + 1).copied().unwrap_or(0);
        let plain = match letter {
            b'"' | b'\\' | b'/' => letter as char,
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => return self.unicode_escape(),
            _ => return Err(self.syntax("an unknown escape in text")),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Answer<char> {
        let first = self.hex4()?;
        let code = match first {
            0xd800..=0xdbff => match self.hex4()? {
                second @ 0xdc00..=0xdfff => 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                _ => return Err(self.syntax("half of a surrogate pair")),
            },
            _ => first,
        };
        char::from_u32(code).ok_or_else(|| self.syntax("half of a surrogate pair"))
    }

    fn hex4(&mut self) -> Answer<u32> {
        let bytes = self.text.as_bytes().get(self.at..self.at + 6);
        let hex = bytes.filter(|bytes| bytes.starts_with(b"\\u") && bytes[2..].iter().all(u8::is_ascii_hexdigit));
        let Some(hex) = hex else {
            return Err(self.syntax("`\\u` needs four hexadecimal digits"));
        };
        self.at += 6;
        Ok(hex[2..].iter().fold(0, |code, &digit| code << 4 | (digit as char).to_digit(16).unwrap_or(0)))
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Answer<()> {
        self.peek();
        if self.at < self.text.len() {
            return Err(self.syntax("something follows the JSON value"));
        }
        Ok(())
    }

    pub(crate) fn syntax(&self, message: &str) -> Box<Mismatch> {
        Mismatch::new("json.syntax", self.at, message)
    }
}

impl Number<'_> {
    /// Sign and size, if it is a whole number of at most 64 bits. `-0` is not negative. Numbers such as `3.0` and `1e3` are
    /// whole too, as long as a double holds them exactly.
    pub fn integer(&self) -> Option<(bool, u64)> {
        if !self.whole {
            return whole_double(self.text.parse().ok()?);
        }
        let negative = self.text.starts_with('-');
        let digits = &self.text.as_bytes()[usize::from(negative)..];
        let mut size = 0u64;
        for digit in digits {
            size = size.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        }
        Some((negative && size != 0, size))
    }

    /// None if it is too large for a double.
    pub fn double(&self) -> Option<f64> {
        self.text.parse::<f64>().ok().filter(|number| number.is_finite())
    }
}

/// A double without a fraction, as sign and size; none where doubles skip whole numbers.
pub(crate) fn whole_double(number: f64) -> Option<(bool, u64)> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let size = number.abs();
    // Not `number.fract()`: the check below also turns NaN away.
    if size <= EXACT && (size as u64) as f64 == size {
        return Some((number < 0.0, size as u64));
    }
    None
}
