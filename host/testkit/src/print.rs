//! Writes case files back in one form: a line for each part of a case, in a fixed order.

use serde_json::Value;

const ORDER: [&str; 10] = ["function", "about", "input", "grants", "fakes", "output", "matches", "fault", "unusable", "after"];

pub fn cases(cases: &[Value]) -> String {
    let cases: Vec<String> = cases.iter().map(case).collect();
    format!("[\n{}\n]\n", cases.join(",\n"))
}

fn case(case: &Value) -> String {
    let parts = ORDER.iter().filter_map(|name| Some(format!("    \"{name}\": {}", line(case.get(name)?))));
    format!("  {{\n{}\n  }}", parts.collect::<Vec<_>>().join(",\n"))
}

/// JSON on one line, with spaces as people write them.
fn line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), line(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}
