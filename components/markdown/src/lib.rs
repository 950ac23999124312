//! The Markdown node: the functions of `loom:markdown/markdown`, each in the module of its subject.

mod html;
mod outline;
mod plain;
mod table;
mod write;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:markdown/node", generate_all });

use exports::loom::markdown::markdown::{Align, Error, Guest, Heading, Link, RawHtml};
use pulldown_cmark::{Options, Parser};

const MAX_BYTES: usize = 4 << 20;

struct Node;
export!(Node);

impl Guest for Node {
    fn to_html(text: String, raw_html: Option<RawHtml>) -> Result<String, Error> {
        Ok(html::write(parser(&text)?, raw_html.unwrap_or(RawHtml::Escape)))
    }
    fn to_text(text: String) -> Result<String, Error> {
        Ok(plain::write(parser(&text)?))
    }
    fn table(records: Vec<String>, columns: Option<Vec<String>>, align: Option<Vec<Align>>) -> Result<String, Error> {
        table::records(&records, columns, &align.unwrap_or_default())
    }
    fn table_of_rows(rows: Vec<Vec<String>>, align: Option<Vec<Align>>) -> Result<String, Error> {
        table::rows(&rows, &align.unwrap_or_default())
    }
    fn headings(text: String) -> Result<Vec<Heading>, Error> {
        Ok(outline::headings(parser(&text)?))
    }
    fn links(text: String) -> Result<Vec<Link>, Error> {
        Ok(outline::links(parser(&text)?))
    }
    fn escape(text: String) -> String {
        write::escape(&text)
    }
    fn list(items: Vec<String>, ordered: Option<bool>) -> Result<String, Error> {
        bounded(write::list(&items, ordered == Some(true)))
    }
}

fn parser(text: &str) -> Result<Parser<'_>, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::TooLarge(format!("the text has {} bytes; at most {MAX_BYTES} are allowed", text.len())));
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    Ok(Parser::new_ext(text, options))
}

fn bounded(text: String) -> Result<String, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::TooLarge(format!("the text would have {} bytes; at most {MAX_BYTES} are allowed", text.len())));
    }
    Ok(text)
}
