//! Reading: a recursive descent with a bounded depth.

use std::borrow::Cow;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 128;

/// JSON as it was written. Objects keep their order and their repeated keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    Null,
    Bool(bool),
    /// The digits as they stand: `1`, `1.0` and `1e0` are told apart.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// What is wrong, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    pub at: usize,
    pub message: &'static str,
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}", self.message, self.at)
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON value, with nothing but white space after it.
pub fn read(text: &str) -> Result<Json<'_>, JsonError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.wrong("more text after the value")) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.wrong("nested too deep"));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.closes(b'}') {
            return Ok(Json::Object(entries));
        }
        loop {
            self.space();
            let key = self.string()?;
            self.space();
            self.expect(b':')?;
            entries.push((key, self.value(depth + 1)?));
            if self.closes(b'}') {
                return Ok(Json::Object(entries));
            }
            self.expect(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        self.at += 1;
        let mut elements = Vec::new();
        if self.closes(b']') {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            if self.closes(b']') {
                return Ok(Json::Array(elements));
            }
            self.expect(b',')?;
        }
    }

    fn word(&mut self) -> Result<Json<'a>, JsonError> {
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.wrong("not a JSON value"))
    }

    fn number(&mut self) -> Result<Json<'a>, JsonError> {
        let start = self.at;
        self.take(b"-");
        let zero = self.peek() == Some(b'0');
        let whole = self.digits()?;
        if zero && whole > 1 {
            return Err(self.wrong("a number with a leading zero"));
        }
        if self.take(b".") {
            self.digits()?;
        }
        if self.take(b"eE") {
            self.take(b"+-");
            self.digits()?;
        }
        Ok(Json::Number(&self.text[start..self.at]))
    }

    /// At least one digit; how many.
    fn digits(&mut self) -> Result<usize, JsonError> {
        let start = self.at;
        while self.take(b"0123456789") {}
        if self.at == start { Err(self.wrong("a digit is missing")) } else { Ok(self.at - start) }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.expect(b'"')?;
        let start = self.at;
        let plain = self.plain();
        if self.take(b"\"") {
            return Ok(Cow::Borrowed(plain));
        }
        let mut owned = self.text[start..self.at].to_owned();
        loop {
            if self.take(b"\"") {
                return Ok(Cow::Owned(owned));
            }
            if !self.take(b"\\") {
                return Err(self.wrong("a text without an end, or with a control character"));
            }
            owned.push(self.escape()?);
            owned.push_str(self.plain());
        }
    }

    /// Characters up to a quote, a backslash or a control character.
    fn plain(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let len = rest.bytes().position(|b| b == b'"' || b == b'\\' || b < 0x20).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let byte = self.peek().ok_or_else(|| self.wrong("a text without an end"))?;
        self.at += usize::from(byte.is_ascii());
        match byte {
            b'"' | b'\\' | b'/' => Ok(char::from(byte)),
            b'b' => Ok('\u{8}'),
            b'f' => Ok('\u{c}'),
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'u' => self.unicode(),
            _ => Err(self.wrong("an unknown escape")),
        }
    }

    fn unicode(&mut self) -> Result<char, JsonError> {
        let high = self.hex4()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high).ok_or_else(|| self.wrong("half of a surrogate pair"));
        }
        if !self.text[self.at..].starts_with("\\u") {
            return Err(self.wrong("half of a surrogate pair"));
        }
        self.at += 2;
        let low = self.hex4()?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(self.wrong("half of a surrogate pair"));
        }
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or_else(|| self.wrong("no such character"))
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let digits =
            digits.and_then(|d| std::str::from_utf8(d).ok()).ok_or_else(|| self.wrong("four hexadecimal digits are missing"))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.wrong("four hexadecimal digits are missing"))
    }

    fn closes(&mut self, byte: u8) -> bool {
        self.space();
        self.take(&[byte])
    }

    fn space(&mut self) {
        while self.take(b" \t\r\n") {}
    }

    fn take(&mut self, bytes: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| bytes.contains(&byte));
        // Not `+= usize::from(found)`: rustc 1.95 loses the increment when this is inlined and branched on.
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        let message = match byte {
            b':' => "a colon is missing",
            b',' => "a comma is missing",
            _ => "a text is missing",
        };
        if self.take(&[byte]) { Ok(()) } else { Err(self.wrong(message)) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn wrong(&self, message: &'static str) -> JsonError {
        JsonError { at: self.at, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_json_as_written() {
        let json = read(r#" {"a": [1, -2.50e+3, true, null], "b\u00e9\ud83d\ude00": "x\ny"} "#).expect("valid");
        let Json::Object(entries) = json else { panic!("an object") };
        assert_eq!(entries[0].1, Json::Array(vec![Json::Number("1"), Json::Number("-2.50e+3"), Json::Bool(true), Json::Null]));
        assert_eq!(entries[1], ("bé😀".into(), Json::String("x\ny".into())));
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in ["", "{", "[1,]", "01", "1.", "\"\u{1}\"", "\"\\ud800\"", "nul", "1 2", "{a:1}", "\"\\é\"", "\"\\u12é\""] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)).map_err(|error| error.message), Err("nested too deep"));
    }
}
