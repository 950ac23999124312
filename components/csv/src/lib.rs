//! The CSV node: the functions of `loom:csv/csv`, each in the module of its subject.

mod read;
mod records;
mod style;
mod write;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:csv/node", generate_all });

use exports::loom::csv::csv::{Error, FormatOptions, Guest, Mistake, Options, Typing, Uneven};

struct Node;
export!(Node);

impl Guest for Node {
    fn parse(text: String, options: Option<Options>) -> Result<Vec<String>, Error> {
        records::parse(&text, &options.unwrap_or_default())
    }
    fn parse_rows(text: String, options: Option<Options>) -> Result<Vec<Vec<String>>, Error> {
        let options = options.unwrap_or_default();
        let rows = read::rows(&text, &style::reading(&options)?)?;
        let rows = if options.uneven == Some(Uneven::Allow) { rows } else { records::even(rows, None)? };
        Ok(rows.into_iter().map(|row| row.cells).collect())
    }
    fn columns(text: String, options: Option<Options>) -> Result<Vec<String>, Error> {
        records::columns(&text, &options.unwrap_or_default())
    }
    fn format(records: Vec<String>, options: Option<FormatOptions>) -> Result<String, Error> {
        write::records(&records, &options.unwrap_or_default())
    }
    fn format_rows(rows: Vec<Vec<String>>, options: Option<FormatOptions>) -> Result<String, Error> {
        write::rows(&rows, &style::writing(&options.unwrap_or_default())?)
    }
}

#[expect(clippy::derivable_impls, reason = "the type is generated")]
impl Default for Options {
    fn default() -> Self {
        Self { delimiter: None, quote: None, comment: None, columns: None, trim: None, typing: None, uneven: None }
    }
}

#[expect(clippy::derivable_impls, reason = "the type is generated")]
impl Default for FormatOptions {
    fn default() -> Self {
        Self { delimiter: None, quote: None, columns: None, header: None, quote_all: None, crlf: None }
    }
}
