//! The HTML node: the functions of `loom:html/html`, each in the module of its subject.

mod document;
mod page;
mod table;
mod text;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["wit"], world: "loom:html/node" });

use document::Document;
use exports::loom::html::html::{About, Attribute, Error, Found, Guest, Link};

const DEFAULT_LIMIT: u32 = 1000;

struct Node;
export!(Node);

impl Guest for Node {
    fn select(html: String, selector: String, limit: Option<u32>) -> Result<Vec<Found>, Error> {
        let document = Document::read(&html)?;
        let found = document.select(&selector)?;
        Ok(found.into_iter().take(limit.unwrap_or(DEFAULT_LIMIT) as usize).map(document::found).collect())
    }
    fn select_text(html: String, selector: String) -> Result<Vec<String>, Error> {
        let document = Document::read(&html)?;
        Ok(document.select(&selector)?.into_iter().map(text::of).collect())
    }
    fn select_attribute(html: String, selector: String, attribute: String) -> Result<Vec<String>, Error> {
        let document = Document::read(&html)?;
        let name = attribute.to_ascii_lowercase();
        Ok(document.select(&selector)?.into_iter().filter_map(|element| element.attr(&name)).map(str::to_owned).collect())
    }
    fn to_text(html: String) -> Result<String, Error> {
        Ok(text::of(Document::read(&html)?.root()))
    }
    fn links(html: String, base: Option<String>) -> Result<Vec<Link>, Error> {
        page::links(&Document::read(&html)?, base.as_deref())
    }
    fn table(html: String, selector: Option<String>) -> Result<Vec<Vec<String>>, Error> {
        table::first(&Document::read(&html)?, selector.as_deref().unwrap_or("table"))
    }
    fn describe(html: String) -> Result<About, Error> {
        page::describe(&Document::read(&html)?)
    }
    fn escape(text: String) -> String {
        text::escape(&text)
    }
    fn unescape(text: String) -> Result<String, Error> {
        // Tags are no concern of this function: without `<` there are none.
        Ok(Document::read(&text.replace('<', "&lt;"))?.plain())
    }
}
