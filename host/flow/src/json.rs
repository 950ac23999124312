//! JSON as a person wrote it: order kept, numbers kept as text.

/// A JSON value with nothing lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    /// The digits as written, already checked to be a JSON number.
    Number(String),
    String(String),
    List(Vec<Json>),
    /// No name twice; in the order written.
    Object(Vec<(String, Json)>),
}
