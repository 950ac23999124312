//! JSON that knows where it was written: what the reader gives, and what migrations change.

use crate::json::Json;
use loomwork_diagnostic::Span;

/// A JSON value with its place in the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Located {
    pub span: Span,
    pub value: Shape,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Shape {
    #[default]
    Null,
    Bool(bool),
    /// The digits as written.
    Number(String),
    String(String),
    List(Vec<Located>),
    Object(Vec<Member>),
}

/// One `"key": value` of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub key: String,
    pub key_span: Span,
    pub value: Located,
}

impl Located {
    /// The members of an object, or nothing.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Shape::Object(members) => members,
            _ => &[],
        }
    }

    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Shape::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list, or nothing.
    pub fn items(&self) -> &[Located] {
        match &self.value {
            Shape::List(items) => items,
            _ => &[],
        }
    }

    pub fn is_list(&self) -> bool {
        matches!(self.value, Shape::List(_))
    }

    /// The same value without places.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Shape::Null => Json::Null,
            Shape::Bool(value) => Json::Bool(*value),
            Shape::Number(digits) => Json::Number(digits.clone()),
            Shape::String(text) => Json::String(text.clone()),
            Shape::List(items) => Json::List(items.iter().map(Located::to_json).collect()),
            Shape::Object(members) => {
                Json::Object(members.iter().map(|member| (member.key.clone(), member.value.to_json())).collect())
            }
        }
    }

    /// What it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Shape::Null => "null",
            Shape::Bool(_) => "true or false",
            Shape::Number(_) => "a number",
            Shape::String(_) => "a text",
            Shape::List(_) => "a list",
            Shape::Object(_) => "an object",
        }
    }
}
