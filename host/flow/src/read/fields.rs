//! The members of one object, read by name, with a diagnostic for each that is unknown, missing or of the wrong shape.

use crate::json::Json;
use crate::located::{Located, Member, Shape};
use crate::scan::shorten;
use loomwork_diagnostic::{Diagnostic, Span, nearest};

/// What was wrong, and which elements of lists could not be read at all.
#[derive(Default)]
pub(crate) struct Problems {
    pub found: Vec<Diagnostic>,
    pub left_out: Vec<Span>,
}

impl Problems {
    pub fn report(&mut self, problem: Diagnostic) {
        if !self.full() {
            self.found.push(problem);
        }
    }

    /// True if more would help nobody.
    pub fn full(&self) -> bool {
        self.found.len() >= MAX_PROBLEMS
    }
}

/// How many mistakes in the shape of one document are told.
const MAX_PROBLEMS: usize = 200;

pub(crate) struct Fields<'a> {
    /// `a node`: for messages.
    what: &'static str,
    located: &'a Located,
    problems: &'a mut Problems,
}

/// Reads one part of a document; None if it cannot be read, which has been reported.
pub(crate) type Reader<T> = fn(&Located, &mut Problems) -> Option<T>;

impl<'a> Fields<'a> {
    /// Opens an object and reports the members that are not in `known`. None if it is not an object.
    pub fn open(located: &'a Located, what: &'static str, known: &[&str], problems: &'a mut Problems) -> Option<Self> {
        let Shape::Object(members) = &located.value else {
            problems.report(wrong_shape(located, what, "an object"));
            return None;
        };
        for member in members.iter().filter(|member| !known.contains(&member.key.as_str())) {
            if problems.full() {
                break;
            }
            problems.report(unknown_field(member, what, known));
        }
        Some(Self { what, located, problems })
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        let value = self.value(name)?;
        match &value.value {
            Shape::String(text) => Some(text.clone()),
            _ => self.wrong(name, "a text"),
        }
    }

    pub fn required_text(&mut self, name: &str) -> Option<String> {
        self.require(name);
        self.text(name)
    }

    /// A whole number from 0 to 2³² - 1.
    pub fn count(&mut self, name: &str) -> Option<u32> {
        let value = self.value(name)?;
        let count = match &value.value {
            Shape::Number(digits) => digits.parse().ok(),
            _ => None,
        };
        count.or_else(|| self.wrong(name, "a whole number from 0 up"))
    }

    pub fn required_count(&mut self, name: &str) -> Option<u32> {
        self.require(name);
        self.count(name)
    }

    /// Any finite number.
    pub fn number(&mut self, name: &str) -> Option<f64> {
        let value = self.value(name)?;
        let number = match &value.value {
            Shape::Number(digits) => digits.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        };
        number.or_else(|| self.wrong(name, "a number"))
    }

    /// False if absent.
    pub fn flag(&mut self, name: &str) -> bool {
        let Some(value) = self.value(name) else {
            return false;
        };
        match value.value {
            Shape::Bool(flag) => flag,
            _ => self.wrong(name, "true or false").unwrap_or_default(),
        }
    }

    pub fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let value = self.value(name)?;
        let word = match &value.value {
            Shape::String(word) => word.as_str(),
            _ => "",
        };
        if let Some((_, choice)) = choices.iter().find(|(label, _)| *label == word) {
            return Some(*choice);
        }
        let words: Vec<&str> = choices.iter().map(|(label, _)| *label).collect();
        let message = format!("`{name}` of {} is one of {}", self.what, listed(&words));
        let hint = nearest(word, words.iter().copied()).map(|near| format!("Did you mean `{near}`?"));
        self.problems.report(Diagnostic { hint, ..Diagnostic::error("flow.wrong_shape", value.span, message) });
        None
    }

    pub fn json(&mut self, name: &str) -> Option<Json> {
        self.value(name).map(Located::to_json)
    }

    pub fn object(&mut self, name: &str) -> Option<Json> {
        let value = self.value(name)?;
        match value.value {
            Shape::Object(_) => Some(value.to_json()),
            _ => self.wrong(name, "an object"),
        }
    }

    /// The members of an object in order; none if absent.
    pub fn members(&mut self, name: &str) -> &'a [Member] {
        let Some(value) = self.value(name) else {
            return &[];
        };
        match &value.value {
            Shape::Object(members) => members,
            _ => self.wrong(name, "an object").unwrap_or_default(),
        }
    }

    /// An object of texts, in order.
    pub fn texts(&mut self, name: &str) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        for member in self.members(name) {
            match &member.value.value {
                Shape::String(text) => texts.push((member.key.clone(), text.clone())),
                _ => self.problems.report(wrong_shape(&member.value, &format!("`{}`", shorten(&member.key)), "a text")),
            }
        }
        texts
    }

    /// A list, each element read by `read`; those that cannot be read are left out.
    pub fn list<T>(&mut self, name: &str, most: usize, read: Reader<T>) -> Vec<T> {
        let Some(value) = self.value(name) else {
            return Vec::new();
        };
        let Shape::List(items) = &value.value else {
            return self.wrong(name, "a list").unwrap_or_default();
        };
        if items.len() > most {
            let message = format!("{} {name}; a flow may have {most}", items.len());
            let hint = "Split the flow: a `call` node runs another flow.";
            self.problems.report(Diagnostic::error("flow.too_large", value.span, message).hint(hint));
        }
        let mut elements = Vec::new();
        for item in items.iter().take(most) {
            match read(item, self.problems) {
                Some(element) => elements.push(element),
                None => self.problems.left_out.push(item.span),
            }
        }
        elements
    }

    /// A part with fields of its own.
    pub fn part<T>(&mut self, name: &str, read: Reader<T>) -> Option<T> {
        read(self.value(name)?, self.problems)
    }

    pub fn report(&mut self, problem: Diagnostic) {
        self.problems.report(problem);
    }

    fn value(&self, name: &str) -> Option<&'a Located> {
        self.located.member(name).map(|member| &member.value)
    }

    pub fn require(&mut self, name: &str) {
        if self.value(name).is_none() {
            let message = format!("{} needs `{name}`", self.what);
            self.problems.report(Diagnostic::error("flow.missing_field", self.located.span, message));
        }
    }

    fn wrong<T>(&mut self, name: &str, expected: &str) -> Option<T> {
        let value = self.value(name)?;
        self.problems.report(wrong_shape(value, &format!("`{name}`"), expected));
        None
    }
}

fn wrong_shape(located: &Located, what: &str, expected: &str) -> Diagnostic {
    let found = match &located.value {
        Shape::Number(digits) => shorten(digits),
        _ => located.kind().to_owned(),
    };
    let message = format!("{what} is {expected}, not {found}");
    let diagnostic = Diagnostic::error("flow.wrong_shape", located.span, message);
    match located.value {
        Shape::Null => diagnostic.hint("Leave it out to have none."),
        _ => diagnostic,
    }
}

fn unknown_field(member: &Member, what: &str, known: &[&str]) -> Diagnostic {
    let message = format!("{what} has no field `{}`", shorten(&member.key));
    let hint = match nearest(&member.key, known.iter().copied()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("Its fields are {}.", listed(known)),
    };
    Diagnostic::error("flow.unknown_field", member.key_span, message).hint(hint)
}

/// `a`, `b` and `c`, each in backticks.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
