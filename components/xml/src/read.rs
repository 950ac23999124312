//! Text to a document, within bounds.

use crate::{Attribute, Error, Found, MAX_DEPTH, shapes};
use roxmltree::{Document, Node, ParsingOptions};

const MAX_BYTES: usize = 16 << 20;
const MAX_NODES: u32 = 500_000;

pub fn document(text: &str) -> Result<Document<'_>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(Error::TooLarge(format!("the document has {} bytes; at most {MAX_BYTES} are allowed", text.len())));
    }
    if depth(text) > MAX_DEPTH {
        return Err(Error::TooLarge(format!("the document is more than {MAX_DEPTH} levels deep")));
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => Error::TooLarge(format!("the document has more than {MAX_NODES} nodes")),
        other => Error::Syntax(other.to_string()),
    })
}

/// An upper bound of the levels, counted before parsing because the parser recurses: tags opened and not yet closed.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with("!--") {
            rest = rest.split_once("-->").map_or("", |(_, after)| after);
        } else if rest.starts_with("![CDATA[") {
            rest = rest.split_once("]]>").map_or("", |(_, after)| after);
        } else if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !rest.starts_with(['!', '?']) {
            let tag = tag(rest);
            rest = &rest[tag.len()..];
            depth += usize::from(!tag.ends_with('/'));
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// A tag up to its `>`, which may also stand in an attribute's quotes.
fn tag(text: &str) -> &str {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &text[..at],
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text
}

pub fn found(element: Node<'_, '_>) -> Result<Found, Error> {
    let attribute = |attribute: roxmltree::Attribute<'_, '_>| Attribute {
        name: attribute.name().to_owned(),
        value: attribute.value().to_owned(),
    };
    Ok(Found {
        name: element.tag_name().name().to_owned(),
        text: text(element),
        attributes: element.attributes().map(attribute).collect(),
        value: shapes::fields(element).to_string(),
    })
}

/// All text in an element.
pub fn text(element: Node<'_, '_>) -> String {
    element.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}
