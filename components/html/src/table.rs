//! Tables as rows of text.

use crate::document::{self, Document};
use crate::{Error, text};
use scraper::ElementRef;

const MAX_SPAN: usize = 1000;
const MAX_CELLS: usize = 1_000_000;

pub fn first(html: &Document, selector: &str) -> Result<Vec<Vec<String>>, Error> {
    let Some(table) = html.select(selector)?.into_iter().next() else {
        return Ok(Vec::new());
    };
    let (rows, cells) = (document::parse("tr")?, document::parse("td, th")?);
    let mut read = Vec::new();
    let mut count = 0;
    for row in table.select(&rows).filter(|row| innermost(*row, table)) {
        let spanned =
            row.select(&cells).filter(|cell| cell.parent().map(|parent| parent.id()) == Some(row.id())).flat_map(spanned);
        let texts: Vec<String> = spanned.take(MAX_CELLS + 1).collect();
        count += texts.len();
        if count > MAX_CELLS {
            return Err(Error::TooLarge(format!("the table has more than {MAX_CELLS} cells")));
        }
        read.push(texts);
    }
    Ok(read)
}

/// Whether a row belongs to this table, not to one within it.
fn innermost(row: ElementRef<'_>, table: ElementRef<'_>) -> bool {
    let nearest = row.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "table");
    nearest.is_none_or(|nearest| nearest.id() == table.id() || table.value().name() != "table")
}

fn spanned(cell: ElementRef<'_>) -> impl Iterator<Item = String> {
    let span = cell.attr("colspan").and_then(|span| span.trim().parse().ok()).unwrap_or(1_usize);
    std::iter::repeat_n(text::of(cell), span.clamp(1, MAX_SPAN))
}
