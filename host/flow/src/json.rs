//! JSON as a person wrote it: order kept, numbers kept as text.

/// A JSON value with nothing lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    /// The digits as written, already checked to be a JSON number.
    Number(String),
    String(String),
    List(Vec<Json>),
    /// No name twice; in the order written.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Shorthand for a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// The member of an object by name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, for messages: `a number`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::String(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Changes every text in it, at any depth; names of members stay.
    pub fn rewrite_texts(&mut self, change: &dyn Fn(&str) -> String) {
        match self {
            Self::String(text) => *text = change(text),
            Self::List(items) => items.iter_mut().for_each(|item| item.rewrite_texts(change)),
            Self::Object(members) => members.iter_mut().for_each(|(_, value)| value.rewrite_texts(change)),
            Self::Null | Self::Bool(_) | Self::Number(_) => {}
        }
    }
}
