//! Headings and links of a text.

use crate::{Heading, Link};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

pub fn headings(parser: Parser<'_>) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut anchors = BTreeMap::new();
    let mut open: Option<Heading> = None;
    for event in parser {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                open = Some(Heading { level: level as u8, text: String::new(), anchor: String::new() })
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(mut heading) = open.take() {
                    heading.anchor = numbered(&mut anchors, anchor(&heading.text));
                    headings.push(heading);
                }
            }
            event => {
                if let (Some(heading), Some(text)) = (&mut open, text(&event)) {
                    heading.text.push_str(text);
                }
            }
        }
    }
    headings
}

fn text<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak | Event::HardBreak => Some(" "),
        _ => None,
    }
}

/// As the usual sites make them: small letters, hyphens for spaces, no other marks.
fn anchor(text: &str) -> String {
    let kept = text.chars().filter(|&c| c.is_alphanumeric() || c == '-' || c == '_' || c == ' ');
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A second heading of the same text is `…-1`.
fn numbered(anchors: &mut BTreeMap<String, u32>, anchor: String) -> String {
    let count = anchors.entry(anchor.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
}

/// A link in another cannot be; the text of an image in a link is the link's.
pub fn links(parser: Parser<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    let mut open: Option<Link> = None;
    for event in parser {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => open = Some(Link { url: dest_url.into_string(), text: String::new() }),
            Event::End(TagEnd::Link) => links.extend(open.take()),
            event => {
                if let (Some(link), Some(text)) = (&mut open, text(&event)) {
                    link.text.push_str(text);
                }
            }
        }
    }
    links
}
