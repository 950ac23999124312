//! Parameters that are marked secret, as in `crypto#hmac`: what they were given in a run is not shown, nor wherever else it stands in that run.

use loomwork_caps::Redactor;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Values that are looked for in what is shown of one run; of more, only the parameters themselves are hidden.
const MOST: usize = 1_000;
const HIDDEN: &str = "[secret]";

/// What the marked parameters of one run were given: the parameter, and a text in it.
#[derive(Debug, Default)]
pub(crate) struct Marked(Mutex<BTreeSet<(String, String)>>);

impl Marked {
    /// The input of a call without what its marked parameters were given, which is noted.
    pub fn mask(&self, node: &str, fields: &[Arc<str>], input: &str) -> String {
        let Ok(Value::Object(mut input)) = serde_json::from_str(input) else { return format!("{HIDDEN:?}") };
        for field in fields {
            if let Some(given) = input.get_mut(&**field).filter(|given| !given.is_null()) {
                self.note(&format!("{node}.{field}"), given);
                *given = HIDDEN.into();
            }
        }
        Value::Object(input).to_string()
    }

    fn note(&self, name: &str, given: &Value) {
        match given {
            Value::String(text) => {
                let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if noted.len() < MOST {
                    noted.insert((name.to_owned(), text.clone()));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.note(name, item)),
            Value::Object(members) => members.values().for_each(|member| self.note(name, member)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// What hides the project's secrets, and these.
    pub fn with(&self, project: &Redactor) -> Hiding {
        let marked = Redactor::default();
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What cannot be looked for is hidden where it was given.
        marked.learn_all(noted.iter().map(|(name, value)| (name.as_str(), value.as_str()))).ok();
        Hiding { project: project.clone(), marked }
    }
}

/// Hides what belongs into no eyes of one run.
pub(crate) struct Hiding {
    project: Redactor,
    marked: Redactor,
}

impl Hiding {
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.project.text(text) {
            Cow::Borrowed(text) => self.marked.text(text),
            Cow::Owned(text) => Cow::Owned(self.marked.text(&text).into_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_marked_parameter_was_given_is_hidden_everywhere() {
        let (marked, project) = (Marked::default(), Redactor::default());
        project.learn("door", "s3sam-open").expect("few");
        let fields: [Arc<str>; 2] = ["key".into(), "none".into()];
        let input = marked.mask("sign", &fields, r#"{"text":"abc","key":{"of":["hunter22"],"n":1},"none":null}"#);
        assert_eq!(serde_json::from_str::<Value>(&input).expect("JSON")["key"], HIDDEN);
        assert!(!input.contains("hunter22") && input.contains("abc"));
        let hiding = marked.with(&project);
        assert_eq!(hiding.text("hunter22 s3sam-open abc"), "[secret:sign.key] [secret:door] abc");
        assert_eq!(marked.mask("sign", &fields, "no JSON"), r#""[secret]""#);
    }
}
