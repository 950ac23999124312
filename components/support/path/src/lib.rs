//! Where in a JSON value: `customer.name`, `items[0].price`, `items[*].price`, or a JSON Pointer `/customer/name`.
//!
//! An empty path is the value itself. `[*]` stands for all elements of a list and all fields of an object; a negative index counts from the end.
//! A name with a dot or a bracket in it is written `["a.b"]`.

use serde_json::Value;

const MAX_STEPS: usize = 64;

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Field(String),
    Index(i64),
    All,
}

/// A path that was read; its steps are at most 64.
#[derive(Clone, Debug, PartialEq)]
pub struct Path(Vec<Step>);

impl Path {
    /// Reads a path; an `Err` is a sentence for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let steps = match text.strip_prefix('/') {
            Some(pointer) => pointer.split('/').map(pointer_step).collect(),
            None => dotted(text)?,
        };
        if steps.len() > MAX_STEPS {
            return Err(format!("the path has {} steps; at most {MAX_STEPS} are allowed", steps.len()));
        }
        Ok(Self(steps))
    }

    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether the path may lead to several places.
    pub fn is_many(&self) -> bool {
        self.0.contains(&Step::All)
    }

    /// The one value at the path. `[*]` leads nowhere here.
    pub fn get<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::All => None,
            step => child(value, step),
        })
    }

    /// All values at the path, in order.
    pub fn get_all<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        self.0.iter().fold(vec![value], |values, step| match step {
            Step::All => values.into_iter().flat_map(children).collect(),
            step => values.into_iter().filter_map(|value| child(value, step)).collect(),
        })
    }
}

/// What one step leads to. A field name of digits is also an index, as in JSON Pointer.
pub fn child<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match (value, step) {
        (Value::Object(fields), Step::Field(name)) => fields.get(name),
        (Value::Object(fields), Step::Index(index)) => fields.get(&index.to_string()),
        (Value::Array(items), Step::Index(index)) => items.get(position(items.len(), *index)?),
        (Value::Array(items), Step::Field(name)) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Where an index points in a list of this length; negative ones count from the end.
pub fn position(length: usize, index: i64) -> Option<usize> {
    let at = if index < 0 { i64::try_from(length).ok()?.checked_add(index)? } else { index };
    usize::try_from(at).ok().filter(|&at| at < length)
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

fn pointer_step(text: &str) -> Step {
    Step::Field(text.replace("~1", "/").replace("~0", "~"))
}

fn dotted(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix('[') {
            Some(inside) => bracket(inside)?,
            None => name(rest, text)?,
        };
        steps.push(step);
        rest = match after.strip_prefix('.') {
            Some("") => return Err(format!("the path `{}` ends with a dot", shown(text))),
            Some(after) => after,
            None if after.is_empty() || after.starts_with('[') => after,
            None => return Err(format!("after `]` comes `.` or `[`, not `{}`", shown(after))),
        };
    }
    Ok(steps)
}

fn name<'t>(rest: &'t str, whole: &str) -> Result<(Step, &'t str), String> {
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    match &rest[..end] {
        "" => Err(format!("a name is missing in the path `{}`", shown(whole))),
        "*" => Ok((Step::All, &rest[end..])),
        name => Ok((Step::Field(name.to_owned()), &rest[end..])),
    }
}

/// What stands between brackets: an index, `*`, or a name in quotes.
fn bracket(inside: &str) -> Result<(Step, &str), String> {
    if inside.starts_with('"') {
        let mut texts = serde_json::Deserializer::from_str(inside).into_iter::<String>();
        let name = texts.next().and_then(Result::ok).ok_or("the quote after `[` is never closed")?;
        let after = inside[texts.byte_offset()..].strip_prefix(']').ok_or("a `[` is never closed")?;
        return Ok((Step::Field(name), after));
    }
    let (index, after) = inside.split_once(']').ok_or("a `[` is never closed")?;
    match index.trim() {
        "*" => Ok((Step::All, after)),
        index => match index.parse() {
            Ok(index) => Ok((Step::Index(index), after)),
            Err(_) => Err(format!("`[{}]` is neither an index nor `[*]`; write a name as `[\"name\"]`", shown(index))),
        },
    }
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::Path;
    use serde_json::json;

    #[test]
    fn leads_to_values() {
        let value = json!({"a": {"b.c": [10, 20, {"d": "x"}]}, "": 1, "m~n": 2, "list": [{"p": 1}, {"p": 2}, {}]});
        let get = |path: &str| Path::parse(path).map(|path| path.get_all(&value).into_iter().cloned().collect::<Vec<_>>());
        assert_eq!(get(""), Ok(vec![value.clone()]));
        assert_eq!(get("a[\"b.c\"][-1].d"), Ok(vec![json!("x")]));
        assert_eq!(get("/a/b.c/1"), Ok(vec![json!(20)]));
        assert_eq!(get("/m~0n"), Ok(vec![json!(2)]));
        assert_eq!(get("/"), Ok(vec![json!(1)]));
        assert_eq!(get("list[*].p"), Ok(vec![json!(1), json!(2)]));
        assert_eq!(get("list.*.p"), Ok(vec![json!(1), json!(2)]));
        assert_eq!(get("nowhere.at.all"), Ok(vec![]));
        assert_eq!(get("list[9]"), Ok(vec![]));
        assert_eq!(get("list[-9]"), Ok(vec![]));
    }

    #[test]
    fn refuses() {
        for path in [".", "a.", "a..b", "a[", "a[x]", "a[\"b]", "a[0]b", &"a.".repeat(80)] {
            assert!(Path::parse(path).is_err(), "{path}");
        }
    }
}
