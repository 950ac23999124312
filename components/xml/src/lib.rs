//! The XML node: the functions of `loom:xml/xml`, each in the module of its subject.

mod path;
mod read;
mod shapes;
mod write;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:xml/node", generate_all });

use exports::loom::xml::xml::{Attribute, Error, Found, Guest, Shape};

/// The deepest document that is read or written.
const MAX_DEPTH: usize = 100;

struct Node;
export!(Node);

impl Guest for Node {
    fn parse(text: String, shape: Option<Shape>) -> Result<String, Error> {
        let document = read::document(&text)?;
        Ok(match shape.unwrap_or(Shape::Fields) {
            Shape::Fields => shapes::document_fields(document.root_element()),
            Shape::Tree => shapes::tree(document.root_element()),
        }
        .to_string())
    }
    fn format(value: String, shape: Option<Shape>, indent: Option<u8>, declaration: Option<bool>) -> Result<String, Error> {
        let layout = write::Layout {
            indent: indent.map(|indent| usize::from(indent.min(8))).filter(|&indent| indent > 0),
            declaration: declaration == Some(true),
        };
        write::document(&value, shape.unwrap_or(Shape::Fields), layout)
    }
    fn select(text: String, path: String) -> Result<Vec<Found>, Error> {
        let path = path::Path::parse(&path)?;
        if path.attribute.is_some() {
            return Err(Error::BadPath("the path leads to attributes; `select-text` takes such a path".into()));
        }
        let document = read::document(&text)?;
        path.elements(&document).into_iter().map(read::found).collect()
    }
    fn select_text(text: String, path: String) -> Result<Vec<String>, Error> {
        let path = path::Path::parse(&path)?;
        let document = read::document(&text)?;
        Ok(path.texts(&document))
    }
    fn escape(text: String) -> String {
        write::escaped(&text)
    }
}
