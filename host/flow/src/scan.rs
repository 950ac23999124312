//! Text → JSON with places. Hand-written so that every value and key keeps its span, and every bound is our own.
//!
//! Stops at the first syntax error; names used twice in one object are all reported.

use crate::located::{Located, Member, Shape};
use loomwork_diagnostic::{Diagnostic, Span};

/// The longest document that is read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// How deep lists and objects may nest.
pub const MAX_DEPTH: usize = 64;
/// How many values a document may hold, counting every list, object and scalar.
pub const MAX_VALUES: usize = 500_000;

/// Reads one JSON value. None after a syntax error, which is then the last diagnostic.
pub fn scan(text: &str) -> (Option<Located>, Vec<Diagnostic>) {
    if text.len() > MAX_BYTES {
        let message = format!("the document has {} bytes; at most {MAX_BYTES} are read", text.len());
        let hint = "Keep large data out of the flow: pass it as input, or as a blob.";
        return (None, vec![Diagnostic::error("flow.too_large", Span::new(0, 0), message).hint(hint)]);
    }
    let mut scanner = Scanner { text, at: 0, values: 0, repeated: Vec::new() };
    let result = scanner.document();
    let mut diagnostics = scanner.repeated;
    match result {
        Ok(value) => (Some(value), diagnostics),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            (None, diagnostics)
        }
    }
}

/// How many repeated names are told.
const MAX_REPEATED: usize = 200;

type Scanned<T> = Result<T, Box<Diagnostic>>;

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    values: usize,
    repeated: Vec<Diagnostic>,
}

impl Scanner<'_> {
    fn document(&mut self) -> Scanned<Located> {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        let value = self.value(0)?;
        self.space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.wrong("more text after the end of the document")),
        }
    }

    fn value(&mut self, depth: usize) -> Scanned<Located> {
        self.space();
        self.count()?;
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth + 1)?,
            Some(b'[') => self.list(depth + 1)?,
            Some(b'"') => Shape::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Shape::Number(self.number()?),
            Some(b't') => self.word("true", Shape::Bool(true))?,
            Some(b'f') => self.word("false", Shape::Bool(false))?,
            Some(b'n') => self.word("null", Shape::Null)?,
            Some(b'/') => return Err(self.comment()),
            Some(b'\'') => return Err(self.wrong("texts stand in double quotes")),
            _ => return Err(self.wrong("expected a value")),
        };
        Ok(Located { span: Span::new(start, self.at), value })
    }

    fn count(&mut self) -> Scanned<()> {
        self.values += 1;
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        let message = format!("the document holds more than {MAX_VALUES} values");
        let hint = "Keep large data out of the flow: pass it as input, or as a blob.";
        Err(Box::new(Diagnostic::error("flow.too_large", self.here(), message).hint(hint)))
    }

    fn enter(&mut self, depth: usize) -> Scanned<()> {
        if depth > MAX_DEPTH {
            let message = format!("lists and objects nest deeper than {MAX_DEPTH} levels");
            return Err(Box::new(Diagnostic::error("json.too_deep", self.here(), message)));
        }
        self.at += 1;
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Scanned<Shape> {
        self.enter(depth)?;
        let mut items = Vec::new();
        if self.closes(b']') {
            return Ok(Shape::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if !self.goes_on(b']', "expected `,` or `]`")? {
                return Ok(Shape::List(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Scanned<Shape> {
        self.enter(depth)?;
        let mut members = Vec::new();
        if self.closes(b'}') {
            return Ok(Shape::Object(members));
        }
        loop {
            members.push(self.member(depth)?);
            if !self.goes_on(b'}', "expected `,` or `}`")? {
                break;
            }
        }
        self.report_repeated(&members);
        Ok(Shape::Object(members))
    }

    fn member(&mut self, depth: usize) -> Scanned<Member> {
        self.space();
        if self.peek() == Some(b'/') {
            return Err(self.comment());
        }
        if self.peek() != Some(b'"') {
            return Err(self.wrong("expected a name in double quotes"));
        }
        let start = self.at;
        let key = self.string()?;
        let key_span = Span::new(start, self.at);
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.wrong("expected `:`"));
        }
        self.at += 1;
        Ok(Member { key, key_span, value: self.value(depth)? })
    }

    /// After an element: true at a comma, false at the end.
    fn goes_on(&mut self, end: u8, expected: &str) -> Scanned<bool> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                if self.peek() == Some(end) {
                    return Err(self.wrong("a comma before the end"));
                }
                Ok(true)
            }
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.wrong(expected)),
        }
    }

    fn closes(&mut self, end: u8) -> bool {
        self.space();
        let closes = self.peek() == Some(end);
        // Not `+= usize::from(closes)`: rustc 1.95 loses the increment when this is inlined and branched on.
        if closes {
            self.at += 1;
        }
        closes
    }

    fn report_repeated(&mut self, members: &[Member]) {
        let mut order: Vec<&Member> = members.iter().collect();
        order.sort_by(|a, b| a.key.cmp(&b.key));
        let repeated = order.windows(2).filter(|pair| pair[0].key == pair[1].key);
        for pair in repeated.take(MAX_REPEATED.saturating_sub(self.repeated.len())) {
            let message = format!("`{}` is given twice", shorten(&pair[1].key));
            let diagnostic = Diagnostic::error("json.duplicate_key", pair[1].key_span, message);
            self.repeated.push(diagnostic.hint("Keep one of the two."));
        }
    }

    fn word(&mut self, word: &str, value: Shape) -> Scanned<Shape> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.wrong("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Scanned<String> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'0'..=b'9' | b'.' | b'_' | b'a'..=b'z' | b'A'..=b'Z')) {
            return Err(self.wrong("not a number as JSON writes it"));
        }
        Ok(self.text[start..self.at].to_owned())
    }

    fn digits(&mut self) -> Scanned<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if start == self.at { Err(self.wrong("expected a digit")) } else { Ok(()) }
    }

    fn string(&mut self) -> Scanned<String> {
        self.at += 1;
        let mut decoded = String::new();
        loop {
            let plain = self.at;
            while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            decoded.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(decoded);
                }
                Some(b'\\') => decoded.push(self.escape()?),
                Some(_) => {
                    return Err(self.wrong_because("a control character in a text", "Write a line break as `\\n`."));
                }
                None => return Err(self.wrong("a text without an end")),
            }
        }
    }

    fn escape(&mut self) -> Scanned<char> {
        match escape(&self.text[self.at..]) {
            Some((letter, length)) => {
                self.at += length;
                Ok(letter)
            }
            None => Err(self.wrong("an escape that JSON does not have")),
        }
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The character at hand, or the end of the text.
    fn here(&self) -> Span {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        Span::new(self.at, self.at + length)
    }

    fn wrong(&self, message: &str) -> Box<Diagnostic> {
        let found = match self.text[self.at..].chars().next() {
            Some(letter) if letter.is_control() => String::new(),
            Some(letter) => format!(", found `{letter}`"),
            None => ", found the end of the text".to_owned(),
        };
        Box::new(Diagnostic::error("json.syntax", self.here(), format!("{message}{found}")))
    }

    fn comment(&self) -> Box<Diagnostic> {
        self.wrong_because("JSON has no comments", "Put remarks into a node's `note`.")
    }

    fn wrong_because(&self, message: &str, hint: &str) -> Box<Diagnostic> {
        Box::new(Diagnostic::error("json.syntax", self.here(), message).hint(hint))
    }
}

/// Reads one escape at the start of `text`: the character and how many bytes it took. Surrogates must come in pairs.
pub(crate) fn escape(text: &str) -> Option<(char, usize)> {
    let simple = |letter| Some((letter, 2));
    match text.as_bytes().get(1)? {
        b'"' => simple('"'),
        b'\\' => simple('\\'),
        b'/' => simple('/'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'u' => {
            let high = hex(text.get(2..6)?)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Some((char::from_u32(high)?, 6));
            }
            let low = hex(text.get(6..12)?.strip_prefix("\\u")?)?;
            let joined = 0x10000 + ((high - 0xd800) << 10) + low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            Some((char::from_u32(joined)?, 12))
        }
        _ => None,
    }
}

fn hex(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// A name for a message, cut if it is very long.
pub(crate) fn shorten(name: &str) -> String {
    const LONGEST: usize = 60;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST).chain(['…']).collect()
}
