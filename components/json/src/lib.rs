//! The JSON node: the functions of `loom:json/json`, each in the module of its subject.

mod compare;
mod flat;
mod object;
mod place;
mod text;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:json/node", generate_all });

use exports::loom::json::json::{Change, ChangeKind, Depth, Error, Field, Guest, Kind};
use serde_json::Value;

/// The largest value that a function makes, as text.
const MAX_BYTES: usize = 16 << 20;
/// The deepest value that a function makes; what the host reads back.
const MAX_DEPTH: usize = 100;

struct Node;
export!(Node);

impl Guest for Node {
    fn parse(text: String) -> Result<String, Error> {
        Ok(text::read(&text)?.to_string())
    }
    fn format(value: String, indent: Option<u8>) -> Result<String, Error> {
        text::format(&text::read(&value)?, indent)
    }
    fn pick(value: String, path: String, fallback: Option<String>) -> Result<String, Error> {
        place::pick(&text::read(&value)?, &path, fallback)
    }
    fn pick_all(value: String, path: String) -> Result<Vec<String>, Error> {
        place::pick_all(&text::read(&value)?, &path)
    }
    fn put(value: String, path: String, new: String) -> Result<String, Error> {
        place::put(text::read(&value)?, &path, text::read(&new)?).map(|value| value.to_string())
    }
    fn remove(value: String, path: String) -> Result<String, Error> {
        place::remove(text::read(&value)?, &path).map(|value| value.to_string())
    }
    fn merge(first: String, second: String, depth: Option<Depth>) -> Result<String, Error> {
        let (first, second) = (text::object(&first)?, text::object(&second)?);
        Ok(Value::Object(object::merge(first, second, depth.unwrap_or(Depth::Shallow))).to_string())
    }
    fn patch(value: String, patch: String) -> String {
        compare::patch(text::or_null(&value), text::or_null(&patch)).to_string()
    }
    fn make_patch(before: String, after: String) -> Result<String, Error> {
        compare::make_patch(&text::read(&before)?, &text::read(&after)?).map(|patch| patch.to_string())
    }
    fn diff(before: String, after: String) -> Result<Vec<Change>, Error> {
        compare::diff(&text::read(&before)?, &text::read(&after)?)
    }
    fn equal(first: String, second: String) -> bool {
        compare::equal(&text::or_null(&first), &text::or_null(&second))
    }
    fn kind_of(value: String) -> Kind {
        text::kind(&text::or_null(&value))
    }
    fn keys(value: String) -> Result<Vec<String>, Error> {
        Ok(text::object(&value)?.into_iter().map(|(key, _)| key).collect())
    }
    fn values(value: String) -> Result<Vec<String>, Error> {
        object::values(text::read(&value)?)
    }
    fn fields(value: String) -> Result<Vec<Field>, Error> {
        let fields = text::object(&value)?.into_iter();
        Ok(fields.map(|(key, value)| Field { key, value: value.to_string() }).collect())
    }
    fn from_fields(fields: Vec<Field>) -> String {
        let fields = fields.into_iter().map(|field| (field.key, text::or_null(&field.value)));
        Value::Object(fields.collect()).to_string()
    }
    fn only(value: String, keys: Vec<String>) -> Result<String, Error> {
        object::kept(text::object(&value)?, |key| keys.iter().any(|wanted| wanted == key))
    }
    fn omit(value: String, keys: Vec<String>) -> Result<String, Error> {
        object::kept(text::object(&value)?, |key| keys.iter().all(|unwanted| unwanted != key))
    }
    fn rename(value: String, names: String) -> Result<String, Error> {
        object::rename(text::object(&value)?, &text::object(&names)?)
    }
    fn flatten(value: String, separator: Option<String>) -> Result<String, Error> {
        flat::flatten(&text::read(&value)?, separator.as_deref().unwrap_or("."))
    }
    fn unflatten(value: String, separator: Option<String>) -> Result<String, Error> {
        flat::unflatten(text::object(&value)?, separator.as_deref().unwrap_or("."))
    }
}
