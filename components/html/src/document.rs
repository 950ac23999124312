//! HTML text to a document, within bounds, and selecting in it.

use crate::{Attribute, Error, Found, text};
use scraper::{ElementRef, Html, Selector};

const MAX_BYTES: usize = 8 << 20;
const MAX_ELEMENTS: usize = 200_000;
/// As browsers have it.
const MAX_DEPTH: usize = 512;
const MAX_SELECTOR: usize = 1024;

pub struct Document(Html);

impl Document {
    pub fn read(html: &str) -> Result<Self, Error> {
        if html.len() > MAX_BYTES {
            return Err(Error::TooLarge(format!("the document has {} bytes; at most {MAX_BYTES} are allowed", html.len())));
        }
        if html.matches('<').count() > 2 * MAX_ELEMENTS {
            return Err(Error::TooLarge(format!("the document has more than {MAX_ELEMENTS} elements")));
        }
        let document = Html::parse_document(html);
        if deep(&document) {
            return Err(Error::TooLarge(format!("the document is more than {MAX_DEPTH} levels deep")));
        }
        Ok(Self(document))
    }

    pub fn root(&self) -> ElementRef<'_> {
        self.0.root_element()
    }

    /// The text with its white space as it stands.
    pub fn plain(&self) -> String {
        self.root().text().collect()
    }

    pub fn select(&self, selector: &str) -> Result<Vec<ElementRef<'_>>, Error> {
        let selector = parse(selector)?;
        Ok(self.0.select(&selector).collect())
    }
}

pub fn parse(text: &str) -> Result<Selector, Error> {
    let shown: String = text.chars().take(80).collect();
    if text.len() > MAX_SELECTOR || text.matches(['(', '[']).count() > 32 {
        return Err(Error::BadSelector(format!("`{shown}…` is too long")));
    }
    Selector::parse(text).map_err(|error| Error::BadSelector(format!("`{shown}` is not a CSS selector: {error}")))
}

/// Whether some element lies too deep; counted on the way through the tree, without recursion.
fn deep(document: &Html) -> bool {
    let mut depth = 0;
    document.tree.root().traverse().any(|edge| {
        match edge {
            ego_tree::iter::Edge::Open(_) => depth += 1,
            ego_tree::iter::Edge::Close(_) => depth -= 1,
        }
        depth > MAX_DEPTH
    })
}

pub fn found(element: ElementRef<'_>) -> Found {
    Found {
        name: element.value().name().to_owned(),
        text: text::of(element),
        attributes: element
            .value()
            .attrs()
            .map(|(name, value)| Attribute { name: name.to_owned(), value: value.to_owned() })
            .collect(),
        html: element.html(),
    }
}
