//! What a page links to, and what it says of itself.

use crate::document::Document;
use crate::{About, Attribute, Error, Link, text};
use url::Url;

pub fn links(document: &Document, base: Option<&str>) -> Result<Vec<Link>, Error> {
    let base =
        base.map(Url::parse).transpose().map_err(|error| Error::BadAddress(format!("the base is not an address: {error}")))?;
    let mut links = Vec::new();
    for element in document.select("a[href], area[href]")? {
        let href = element.attr("href").unwrap_or_default().trim();
        if href.is_empty() || href.starts_with('#') || href.to_ascii_lowercase().starts_with("javascript:") {
            continue;
        }
        // What cannot be resolved is given as it stands.
        let url = base.as_ref().and_then(|base| base.join(href).ok()).map_or_else(|| href.to_owned(), Into::into);
        links.push(Link { url, text: text::of(element) });
    }
    Ok(links)
}

pub fn describe(document: &Document) -> Result<About, Error> {
    let mut properties = Vec::new();
    for element in document.select("meta[content]")? {
        let name = element.attr("name").or_else(|| element.attr("property"));
        properties.extend(
            name.map(|name| Attribute { name: name.to_owned(), value: element.attr("content").unwrap_or_default().to_owned() }),
        );
    }
    let property = |wanted: &[&str]| {
        let found = wanted.iter().find_map(|name| properties.iter().find(|property| property.name.eq_ignore_ascii_case(name)));
        found.map(|property| property.value.clone()).unwrap_or_default()
    };
    let title = document
        .select("title")?
        .first()
        .map(|title| title.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(About {
        title: title.filter(|title| !title.is_empty()).unwrap_or_else(|| property(&["og:title"])),
        description: property(&["description", "og:description"]),
        language: document.root().attr("lang").unwrap_or_default().to_owned(),
        properties,
    })
}
