//! The text that stands for a secret: `{{secret:NAME}}`, or `{{secret:NAME:basic:USER}}` for basic authentication.
//!
//! It is found as it is, and percent-encoded (`%7B%7Bsecret%3ANAME%7D%7D`), as address and form encoders make it.

use std::ops::Range;

/// A placeholder in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder {
    pub(crate) span: Range<usize>,
    pub(crate) name: String,
    /// Base64 of `user:secret` instead of the secret.
    pub(crate) basic_user: Option<String>,
}

/// The placeholder for a secret.
pub(crate) fn plain(name: &str) -> String {
    format!("{{{{secret:{name}}}}}")
}

/// The placeholder for a user and a secret; the user is in hex so that no encoder changes it.
pub(crate) fn basic(name: &str, user: &str) -> String {
    let user: String = user.bytes().map(|b| format!("{b:02x}")).collect();
    format!("{{{{secret:{name}:basic:{user}}}}}")
}

/// All placeholders, in order. Text that only resembles one is left alone.
pub(crate) fn find(bytes: &[u8]) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let starts = matches!(bytes[at], b'{' | b'%');
        match starts.then(|| Cursor { bytes, at }.placeholder()).flatten() {
            Some(placeholder) => {
                at = placeholder.span.end;
                found.push(placeholder);
            }
            None => at += 1,
        }
    }
    found
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn placeholder(mut self) -> Option<Placeholder> {
        let start = self.at;
        self.mark(b'{')?;
        self.mark(b'{')?;
        self.word("secret")?;
        self.mark(b':')?;
        let name = self.name()?;
        let basic_user = if self.mark(b':').is_some() {
            self.word("basic")?;
            self.mark(b':')?;
            Some(self.hex()?)
        } else {
            None
        };
        self.mark(b'}')?;
        self.mark(b'}')?;
        Some(Placeholder { span: start..self.at, name, basic_user })
    }

    /// One character, as it is or percent-encoded.
    fn mark(&mut self, mark: u8) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let encoded = [b'%', b"0123456789ABCDEF"[usize::from(mark >> 4)], b"0123456789ABCDEF"[usize::from(mark & 15)]];
        let length = if rest.first() == Some(&mark) {
            1
        } else if rest.get(..3).is_some_and(|text| text.eq_ignore_ascii_case(&encoded)) {
            3
        } else {
            return None;
        };
        self.at += length;
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.bytes[self.at..].starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    fn name(&mut self) -> Option<String> {
        let name = self.take(64, |b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        crate::grants::is_name(&name).then_some(name)
    }

    fn hex(&mut self) -> Option<String> {
        let digits = self.take(512, |b| b.is_ascii_hexdigit());
        let pairs = digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        String::from_utf8(pairs.collect::<Option<Vec<u8>>>()?).ok().filter(|_| digits.len().is_multiple_of(2))
    }

    fn take(&mut self, most: usize, fits: impl Fn(u8) -> bool) -> String {
        let taken: String = self.bytes[self.at..].iter().take(most).take_while(|b| fits(**b)).map(|b| char::from(*b)).collect();
        self.at += taken.len();
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Option<&str>)]) {
        let found = find(text.as_bytes());
        let found: Vec<_> = found.iter().map(|p| (p.name.as_str(), p.basic_user.as_deref())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn placeholders_are_found_plain_and_encoded() {
        check("Bearer {{secret:github}}", &[("github", None)]);
        check("{{secret:a}}{{secret:b.c-d_e}}", &[("a", None), ("b.c-d_e", None)]);
        check("%7B%7Bsecret%3Akey%7D%7D&x=%7b%7bsecret:key%7d%7d", &[("key", None), ("key", None)]);
        check(&basic("key", "jörg:x"), &[("key", Some("jörg:x"))]);
        check("{{{secret:a}}}", &[("a", None)]);
    }

    #[test]
    fn what_only_resembles_one_is_left_alone() {
        for text in
            ["{{secret:}}", "{{secret:a b}}", "{{ secret:a }}", "{{secret:a}", "{{Secret:a}}", "%7B%7", "{{secret:a:basic:0}}"]
        {
            check(text, &[]);
        }
        check(&format!("{{{{secret:{}}}}}", "x".repeat(65)), &[]);
    }
}
