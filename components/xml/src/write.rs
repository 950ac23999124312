//! Values of either shape to text.

use crate::{Error, MAX_DEPTH, Shape};
use serde_json::{Map, Value};

const MAX_BYTES: usize = 16 << 20;

pub struct Layout {
    /// Spaces for each level; none is one line.
    pub indent: Option<usize>,
    pub declaration: bool,
}

/// An element before it is written.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

enum Child {
    Text(String),
    Element(Element),
}

pub fn document(value: &str, shape: Shape, layout: Layout) -> Result<String, Error> {
    let value: Value = serde_json::from_str(value).map_err(|error| Error::NotAnElement(error.to_string()))?;
    let root = match shape {
        Shape::Tree => from_tree(&value, 0)?,
        Shape::Fields => root(&value)?,
    };
    let mut writer = Writer { out: String::new(), layout };
    if writer.layout.declaration {
        writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        writer.line(0);
    }
    writer.element(&root, 0)?;
    Ok(writer.out)
}

fn root(value: &Value) -> Result<Element, Error> {
    match value.as_object().map(|fields| (fields.len(), fields.iter().next())) {
        Some((1, Some((name, value)))) if !value.is_array() => from_fields(name, value, 0),
        _ => Err(Error::NotAnElement("a document is an object with one field, named as its root element".into())),
    }
}

fn from_fields(name: &str, value: &Value, depth: usize) -> Result<Element, Error> {
    deep_enough(depth)?;
    let mut element = Element { name: checked(name)?, attributes: Vec::new(), children: Vec::new() };
    let Value::Object(fields) = value else {
        element.children.extend(text(value)?.map(Child::Text));
        return Ok(element);
    };
    for (key, value) in fields {
        if let Some(name) = key.strip_prefix('@') {
            element.attributes.push((checked(name)?, text(value)?.unwrap_or_default()));
        } else if key == "#text" {
            element.children.extend(text(value)?.map(Child::Text));
        } else if let Value::Array(items) = value {
            for item in items {
                element.children.push(Child::Element(from_fields(key, item, depth + 1)?));
            }
        } else {
            element.children.push(Child::Element(from_fields(key, value, depth + 1)?));
        }
    }
    Ok(element)
}

fn from_tree(value: &Value, depth: usize) -> Result<Element, Error> {
    deep_enough(depth)?;
    let wrong = || {
        Error::NotAnElement(
            "an element is an object with `name`, and if need be `attributes` (an object) and `children` (a list)".into(),
        )
    };
    let fields = value.as_object().ok_or_else(wrong)?;
    let name = fields.get("name").and_then(Value::as_str).ok_or_else(wrong)?;
    let empty = Map::new();
    let attributes = match fields.get("attributes") {
        None | Some(Value::Null) => &empty,
        Some(attributes) => attributes.as_object().ok_or_else(wrong)?,
    };
    let children = match fields.get("children") {
        None | Some(Value::Null) => &[],
        Some(children) => children.as_array().ok_or_else(wrong)?.as_slice(),
    };
    let attributes = attributes.iter().map(|(name, value)| Ok((checked(name)?, text(value)?.unwrap_or_default())));
    let child = |child: &Value| match child {
        Value::Object(_) => from_tree(child, depth + 1).map(Child::Element),
        other => Ok(Child::Text(text(other)?.unwrap_or_default())),
    };
    Ok(Element {
        name: checked(name)?,
        attributes: attributes.collect::<Result<_, Error>>()?,
        children: children.iter().map(child).collect::<Result<_, _>>()?,
    })
}

fn deep_enough(depth: usize) -> Result<(), Error> {
    if depth >= MAX_DEPTH {
        return Err(Error::TooLarge(format!("the document would be more than {MAX_DEPTH} levels deep")));
    }
    Ok(())
}

/// A name that XML allows, prefix and all.
fn checked(name: &str) -> Result<String, Error> {
    let start = |c: char| c.is_alphabetic() || c == '_';
    let inside = |c: char| start(c) || c.is_numeric() || "-.:".contains(c);
    if name.starts_with(start) && name.chars().all(inside) {
        return Ok(name.to_owned());
    }
    Err(Error::NotAnElement(format!(
        "`{}` cannot be the name of an element or attribute",
        name.chars().take(60).collect::<String>()
    )))
}

fn text(value: &Value) -> Result<Option<String>, Error> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Value::Array(_) | Value::Object(_) => Err(Error::NotAnElement("a list or an object stands where a text belongs".into())),
        other => Ok(Some(other.to_string())),
    }
}

struct Writer {
    out: String,
    layout: Layout,
}

impl Writer {
    fn element(&mut self, element: &Element, depth: usize) -> Result<(), Error> {
        self.out.push('<');
        self.out.push_str(&element.name);
        for (name, value) in &element.attributes {
            self.out.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        }
        if element.children.is_empty() {
            self.out.push_str("/>");
            return self.bounded();
        }
        self.out.push('>');
        // White space would become part of the text beside it.
        let mixed = element.children.iter().any(|child| matches!(child, Child::Text(_)));
        for child in &element.children {
            match child {
                Child::Text(text) => self.out.push_str(&escaped(text)),
                Child::Element(child) => {
                    if !mixed {
                        self.line(depth + 1);
                    }
                    self.element(child, depth + 1)?;
                }
            }
        }
        if !mixed {
            self.line(depth);
        }
        self.out.push_str(&format!("</{}>", element.name));
        self.bounded()
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.layout.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', indent * depth));
        }
    }

    fn bounded(&self) -> Result<(), Error> {
        if self.out.len() > MAX_BYTES {
            return Err(Error::TooLarge(format!("the document would have more than {MAX_BYTES} bytes")));
        }
        Ok(())
    }
}

/// Safe in text and in attributes; characters that XML has no way to write are left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(letter),
            _ => {}
        }
    }
    out
}
