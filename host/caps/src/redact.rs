//! Takes secret values out of everything that is printed, logged, traced or handed to a guest.
//!
//! One redactor belongs to one project: a value of another project must not be recognisable by being hidden.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

/// Shared by all that can print for a project. Cheap to clone; knows each secret from its first use on.
#[derive(Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<Known>>,
}

/// There are more bytes of secrets than can be searched for. A secret that cannot be hidden is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are too many secrets to hide them all")]
pub struct CannotHide;

#[derive(Default)]
struct Known {
    /// Each form of each secret.
    forms: Vec<Form>,
    matcher: Option<Matcher>,
}

struct Form {
    bytes: Zeroizing<Vec<u8>>,
    secret: Arc<str>,
}

#[derive(Clone)]
struct Matcher {
    search: Arc<AhoCorasick>,
    /// Of each pattern's secret.
    names: Arc<[Arc<str>]>,
}

impl Redactor {
    /// The shortest value that is recognised: shorter ones would be found in every other word.
    pub const SHORTEST: usize = 4;

    /// Hides `value` from now on, as `[secret:NAME]`: as it is, as JSON, percent-encoded, base64 and hex.
    pub fn learn(&self, name: &str, value: &str) -> Result<(), CannotHide> {
        if self.knows(name, value) {
            return Ok(());
        }
        self.learn_all([(name, value)])
    }

    /// Hides several, names and values, at the price of one.
    pub fn learn_all<'a>(&self, secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<(), CannotHide> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let before = known.forms.len();
        for (name, value) in secrets {
            let secret: Arc<str> = name.into();
            for bytes in forms(value) {
                if bytes.len() >= Self::SHORTEST && !known.has(name, &bytes) {
                    known.forms.push(Form { bytes, secret: secret.clone() });
                }
            }
        }
        if known.forms.len() > before {
            known.matcher = Some(Matcher::of(&known.forms)?);
        }
        Ok(())
    }

    /// Whether exactly this value is already hidden under this name: the usual case, and a cheap one.
    fn knows(&self, name: &str, value: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).has(name, value.as_bytes())
    }

    /// The text without secrets.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.bytes(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// The bytes without secrets.
    pub fn bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        match self.matcher() {
            Some(matcher) if matcher.search.is_match(bytes) => Cow::Owned(matcher.replace(bytes)),
            _ => Cow::Borrowed(bytes),
        }
    }

    /// Whether a secret stands in the text.
    pub fn finds(&self, text: &str) -> bool {
        self.matcher().is_some_and(|matcher| matcher.search.is_match(text))
    }

    fn matcher(&self) -> Option<Matcher> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).matcher.clone()
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

impl Known {
    fn has(&self, name: &str, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| *form.secret == *name && form.bytes.as_slice() == bytes)
    }
}

impl Matcher {
    /// An automaton without tables: keys of some kilobytes in all their forms would make large ones.
    fn of(forms: &[Form]) -> Result<Self, CannotHide> {
        let search = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(forms.iter().map(|form| form.bytes.as_slice()))
            .map_err(|_| CannotHide)?;
        let names = forms.iter().map(|form| form.secret.clone()).collect();
        Ok(Self { search: Arc::new(search), names })
    }

    fn replace(&self, bytes: &[u8]) -> Vec<u8> {
        let mut clean = Vec::with_capacity(bytes.len());
        self.search.replace_all_with_bytes(bytes, &mut clean, |found, _, clean| {
            let name = &self.names[found.pattern().as_usize()];
            clean.extend_from_slice(format!("[secret:{name}]").as_bytes());
            true
        });
        clean
    }
}

/// The shapes in which a value comes back from servers, encoders and `Debug`.
fn forms(value: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let json = serde_json::to_string(value).expect("text is always JSON");
    let percent: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let hex: String = value.bytes().map(|b| format!("{b:02x}")).collect();
    let mut texts = vec![
        value.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent.replace('+', "%20"),
        crate::secret::percent_encode(value),
        percent.to_ascii_lowercase(),
        percent,
        hex.to_ascii_uppercase(),
        hex,
    ];
    for before in 0..3 {
        texts.push(base64_after(before, value, &STANDARD_NO_PAD));
        texts.push(base64_after(before, value, &URL_SAFE_NO_PAD));
    }
    texts.into_iter().map(|text| Zeroizing::new(text.into_bytes())).collect()
}

/// The characters that depend on `value` alone when it is encoded after so many other bytes, as in `user:password`.
fn base64_after(before: usize, value: &str, engine: &GeneralPurpose) -> String {
    let bytes = Zeroizing::new([&[0; 3][..before], value.as_bytes()].concat());
    let text = Zeroizing::new(engine.encode(&*bytes));
    text[(before * 8).div_ceil(6)..bytes.len() * 8 / 6].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_hidden() {
        let redactor = Redactor::default();
        redactor.learn("key", "p@ss \"wörd\"").expect("few");
        for form in forms("p@ss \"wörd\"") {
            let text = format!("before {} after", std::str::from_utf8(&form).expect("text"));
            let clean = redactor.text(&text);
            assert!(clean.contains("[secret:key]"), "{text} → {clean}");
            assert!(redactor.finds(&text));
        }
        assert_eq!(redactor.text("nothing here"), "nothing here");
    }

    #[test]
    fn a_value_is_hidden_inside_base64_of_more() {
        let redactor = Redactor::default();
        redactor.learn("key", "correct horse").expect("few");
        for user in ["a", "ab", "abc", "abcd"] {
            let encoded = STANDARD_NO_PAD.encode(format!("{user}:correct horse:after"));
            assert!(redactor.finds(&encoded), "{encoded}");
        }
    }

    #[test]
    fn the_longest_of_overlapping_secrets_wins() {
        let redactor = Redactor::default();
        redactor.learn("short", "abcd").expect("few");
        redactor.learn("long", "abcdefgh").expect("few");
        assert_eq!(redactor.text("x abcdefgh abcd"), "x [secret:long] [secret:short]");
    }

    #[test]
    fn bytes_that_are_not_text_are_searched_too() {
        let redactor = Redactor::default();
        redactor.learn("key", "hunter22").expect("few");
        assert_eq!(&*redactor.bytes(b"\xff\0hunter22\xfe"), b"\xff\0[secret:key]\xfe");
    }
}
