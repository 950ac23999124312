//! What may be the id of a node, and so a name in expressions.

/// Words that CEL keeps for itself.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// The longest id, in bytes.
pub const MAX_ID: usize = 64;

/// Says what is wrong with an id, or nothing: `[a-z_][a-z0-9_]*`, at most [`MAX_ID`] bytes, not a word of CEL.
pub fn id_mistake(id: &str) -> Option<&'static str> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    match id.bytes().next() {
        None => Some("it is empty"),
        Some(first) if !letter(first) => Some("it begins with something else than a small letter or `_`"),
        _ if id.len() > MAX_ID => Some("it is longer than 64 letters"),
        _ if !id.bytes().all(|byte| letter(byte) || byte.is_ascii_digit()) => {
            Some("it holds something else than small letters, digits and `_`")
        }
        _ if RESERVED.contains(&id) => Some("it is a word of the expression language"),
        _ => None,
    }
}

/// The nearest good id to a bad one: `Check total` → `check_total`.
pub fn good_id(wanted: &str) -> String {
    let mut id = String::new();
    for letter in wanted.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_lowercase() || letter.is_ascii_digit() => id.push(letter),
            _ if id.is_empty() || id.ends_with('_') => {}
            _ => id.push('_'),
        }
        if id.len() == MAX_ID - 1 {
            break;
        }
    }
    let id = id.trim_end_matches('_');
    if id.is_empty() {
        return "node".to_owned();
    }
    if id.as_bytes()[0].is_ascii_digit() || RESERVED.contains(&id) { format!("_{id}") } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{good_id, id_mistake};

    #[test]
    fn ids_are_identifiers() {
        assert_eq!(id_mistake("check_total2"), None);
        for bad in ["", "2nd", "Check", "a-b", "in", "é", &"a".repeat(65)] {
            assert!(id_mistake(bad).is_some(), "{bad:?} was taken");
            assert_eq!(id_mistake(&good_id(bad)), None, "{bad:?} was not mended");
        }
        assert_eq!(good_id("Check total!"), "check_total");
    }
}
