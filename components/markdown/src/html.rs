//! Markdown to HTML that is safe to show, unless its own HTML is kept on purpose.

use crate::RawHtml;
use pulldown_cmark::{CowStr, Event, Parser, Tag, html};

pub fn write(parser: Parser<'_>, raw: RawHtml) -> String {
    let events = parser.filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) if raw == RawHtml::Escape => Some(Event::Text(text)),
        Event::Html(_) | Event::InlineHtml(_) if raw == RawHtml::Remove => None,
        Event::Start(tag) if raw != RawHtml::Keep => Some(Event::Start(harmless(tag))),
        other => Some(other),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// Without addresses that would run something.
fn harmless(tag: Tag<'_>) -> Tag<'_> {
    match tag {
        Tag::Link { link_type, dest_url, title, id } => Tag::Link { link_type, dest_url: safe(dest_url), title, id },
        Tag::Image { link_type, dest_url, title, id } => Tag::Image { link_type, dest_url: safe(dest_url), title, id },
        other => other,
    }
}

/// Only relative addresses and schemes that lead to pages, pictures, mail and telephones.
fn safe(url: CowStr<'_>) -> CowStr<'_> {
    let plain: String = url.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let end = plain.find([':', '/', '?', '#']).unwrap_or(plain.len());
    let scheme = plain[end..].starts_with(':').then(|| plain[..end].to_ascii_lowercase());
    match scheme.as_deref() {
        None | Some("http" | "https" | "mailto" | "tel") => url,
        Some(_) => CowStr::Borrowed(""),
    }
}
