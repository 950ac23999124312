//! A little of XPath: `/order/line[@kind='gift'][1]/name`, `//name`, `*`, `line/@id`.

use crate::{Error, read};
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

const MAX_STEPS: usize = 32;

pub struct Path {
    steps: Vec<Step>,
    /// The attribute that the path ends with.
    pub attribute: Option<String>,
}

struct Step {
    /// After `//`: at any depth.
    deep: bool,
    /// `*` is any.
    name: String,
    tests: Vec<Test>,
}

enum Test {
    /// Counted from 1, among those of the same parent that the step has found.
    Place(usize),
    Last,
    Attribute(String, Option<String>),
    Child(String, Option<String>),
}

impl Path {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |what: &str| Error::BadPath(format!("`{}`: {what}", text.chars().take(80).collect::<String>()));
        let mut rest = text.trim();
        // A path that does not begin with a slash begins anywhere.
        let mut deep = !rest.starts_with('/');
        let mut path = Self { steps: Vec::new(), attribute: None };
        loop {
            if let Some(after) = rest.strip_prefix("//") {
                (deep, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix('/') {
                rest = after;
            }
            let (part, after) = part(rest).ok_or_else(|| wrong("a `[` is never closed"))?;
            if let Some(name) = part.strip_prefix('@') {
                path.attribute = Some(local(name).to_owned());
                return if after.is_empty() && !name.is_empty() {
                    Ok(path)
                } else {
                    Err(wrong("nothing can follow an attribute"))
                };
            }
            path.steps.push(
                step(part, deep)
                    .ok_or_else(|| wrong("a step is a name or `*`, and tests such as `[2]`, `[@id]`, `[kind='gift']`"))?,
            );
            if path.steps.len() > MAX_STEPS {
                return Err(wrong("the path has too many steps"));
            }
            if after.is_empty() {
                return Ok(path);
            }
            (deep, rest) = (false, after);
        }
    }

    pub fn elements<'d, 'i>(&self, document: &'d Document<'i>) -> Vec<Node<'d, 'i>> {
        let mut nodes = vec![document.root()];
        for step in &self.steps {
            let mut seen = BTreeSet::new();
            nodes =
                nodes.into_iter().flat_map(|node| step.from(node)).filter(|node| seen.insert(node.id().get_usize())).collect();
        }
        nodes
    }

    pub fn texts(&self, document: &Document<'_>) -> Vec<String> {
        let elements = self.elements(document);
        match &self.attribute {
            None => elements.into_iter().map(read::text).collect(),
            Some(name) => elements.into_iter().filter_map(|element| attribute(element, name)).map(str::to_owned).collect(),
        }
    }
}

/// A step up to the slash that ends it, which may also stand in a test.
fn part(text: &str) -> Option<(&str, &str)> {
    let mut inside = 0_i32;
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[') => inside += 1,
            (None, ']') => inside -= 1,
            (None, '/') if inside == 0 => return Some(text.split_at(at)),
            _ => {}
        }
    }
    (inside == 0 && quote.is_none()).then_some((text, ""))
}

fn step(text: &str, deep: bool) -> Option<Step> {
    let (name, mut rest) = text.split_at(text.find('[').unwrap_or(text.len()));
    let mut tests = Vec::new();
    while let Some(after) = rest.strip_prefix('[') {
        let end = closing(after)?;
        tests.push(test(after[..end].trim())?);
        rest = &after[end + 1..];
    }
    let name = local(name.trim());
    (rest.is_empty() && is_name(name)).then(|| Step { deep, name: name.to_owned(), tests })
}

/// Where the bracket closes, quotes skipped.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, ']') => return Some(at),
            _ => {}
        }
    }
    None
}

fn test(text: &str) -> Option<Test> {
    if text == "last()" {
        return Some(Test::Last);
    }
    if let Ok(place) = text.parse() {
        return (place > 0).then_some(Test::Place(place));
    }
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name.trim(), Some(quoted(value.trim())?)),
        None => (text, None),
    };
    match name.strip_prefix('@') {
        Some(name) if is_name(name) => Some(Test::Attribute(local(name).to_owned(), value)),
        None if is_name(name) => Some(Test::Child(local(name).to_owned(), value)),
        _ => None,
    }
}

fn quoted(text: &str) -> Option<String> {
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"')).map(str::to_owned)
}

fn is_name(text: &str) -> bool {
    text == "*" || !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || "()[]@/'\"=<>|".contains(c))
}

/// Without the namespace's prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, name)| name)
}

fn attribute<'d>(element: Node<'d, '_>, name: &str) -> Option<&'d str> {
    element.attributes().find(|attribute| name == "*" || attribute.name() == name).map(|attribute| attribute.value())
}

impl Step {
    fn from<'d, 'i>(&self, node: Node<'d, 'i>) -> Vec<Node<'d, 'i>> {
        if !self.deep {
            return self.among(node.children());
        }
        // By parent, so that `//line[1]` is the first line of each order.
        node.descendants().flat_map(|parent| self.among(parent.children())).collect()
    }

    fn among<'d, 'i: 'd>(&self, children: impl Iterator<Item = Node<'d, 'i>>) -> Vec<Node<'d, 'i>> {
        let named = |node: &Node<'_, '_>| node.is_element() && (self.name == "*" || node.tag_name().name() == self.name);
        let mut nodes: Vec<_> = children.filter(named).collect();
        for test in &self.tests {
            nodes = match test {
                Test::Place(place) => nodes.into_iter().skip(place - 1).take(1).collect(),
                Test::Last => nodes.into_iter().last().into_iter().collect(),
                Test::Attribute(name, value) => nodes
                    .into_iter()
                    .filter(|node| attribute(*node, name).is_some_and(|here| value.as_deref().is_none_or(|value| value == here)))
                    .collect(),
                Test::Child(name, value) => nodes.into_iter().filter(|node| has_child(*node, name, value.as_deref())).collect(),
            };
        }
        nodes
    }
}

fn has_child(node: Node<'_, '_>, name: &str, value: Option<&str>) -> bool {
    let mut children = node.children().filter(|child| child.is_element() && (name == "*" || child.tag_name().name() == name));
    children.any(|child| value.is_none_or(|value| read::text(child).trim() == value))
}
