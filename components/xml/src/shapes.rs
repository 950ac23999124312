//! Elements as values, in two shapes. Documents are at most `MAX_DEPTH` deep, which bounds the recursion.

use crate::read;
use roxmltree::Node;
use serde_json::{Map, Value, json};

/// The root element under its name.
pub fn document_fields(root: Node<'_, '_>) -> Value {
    let mut document = Map::new();
    document.insert(root.tag_name().name().to_owned(), fields(root));
    Value::Object(document)
}

pub fn fields(element: Node<'_, '_>) -> Value {
    let mut fields = Map::new();
    for attribute in element.attributes() {
        fields.insert(format!("@{}", attribute.name()), Value::from(attribute.value()));
    }
    for child in element.children().filter(Node::is_element) {
        add(&mut fields, child.tag_name().name(), self::fields(child));
    }
    let has_elements = element.children().any(|child| child.is_element());
    let text = if has_elements { own_text(element) } else { read::text(element) };
    if fields.is_empty() {
        return Value::from(text);
    }
    if !text.is_empty() {
        fields.insert("#text".to_owned(), Value::from(text));
    }
    Value::Object(fields)
}

/// The text between elements, without the white space that only lays them out.
fn own_text(element: Node<'_, '_>) -> String {
    let texts =
        element.children().filter(Node::is_text).filter_map(|node| node.text()).map(str::trim).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(" ")
}

/// A second value under a name makes a list of both.
fn add(fields: &mut Map<String, Value>, name: &str, value: Value) {
    match fields.get_mut(name) {
        None => drop(fields.insert(name.to_owned(), value)),
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

pub fn tree(element: Node<'_, '_>) -> Value {
    let attributes = element.attributes().map(|attribute| (attribute.name().to_owned(), Value::from(attribute.value())));
    let mixed = element.children().any(|child| child.is_element());
    let children = element.children().filter_map(|child| match child {
        child if child.is_element() => Some(tree(child)),
        child if child.is_text() => child.text().filter(|text| !mixed || !text.trim().is_empty()).map(Value::from),
        _ => None,
    });
    json!({
        "name": element.tag_name().name(),
        "attributes": attributes.collect::<Map<_, _>>(),
        "children": children.collect::<Vec<_>>(),
    })
}
