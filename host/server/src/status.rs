//! Which HTTP status a fault becomes: the trigger's own table first, then one by the fault's code.

use http::StatusCode;

/// What a code means to a caller who knows nothing of the flow. The longest matching row wins; `*` ends a prefix.
const DEFAULT: [(&str, u16); 13] = [
    ("type.*", 422),
    ("json.*", 400),
    ("input.*", 422),
    ("limit.time", 504),
    ("limit.busy", 503),
    ("limit.input", 413),
    ("store.unavailable", 503),
    ("store.busy", 503),
    ("store.damaged", 503),
    ("run.cancelled", 503),
    ("http.timeout", 504),
    ("http.*", 502),
    ("*", 500),
];

/// The status for a fault's code.
pub fn of(code: &str, table: &[(String, u16)]) -> StatusCode {
    let own = table.iter().map(|(pattern, status)| (pattern.as_str(), *status));
    let found = best(code, own).or_else(|| best(code, DEFAULT.into_iter()));
    found.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn best<'a>(code: &str, rows: impl Iterator<Item = (&'a str, u16)>) -> Option<u16> {
    rows.filter(|(pattern, _)| matches(pattern, code)).max_by_key(|(pattern, _)| pattern.len()).map(|(_, status)| status)
}

fn matches(pattern: &str, code: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => code.starts_with(prefix),
        None => pattern == code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triggers_table_comes_first_and_the_longest_row_wins() {
        let table = [("order.*".to_owned(), 422), ("order.gone".to_owned(), 410)];
        assert_eq!(of("order.invalid", &table), 422);
        assert_eq!(of("order.gone", &table), 410);
        assert_eq!(of("http.status", &table), 502);
        assert_eq!(of("http.timeout", &table), 504);
        assert_eq!(of("trap.unreachable", &table), 500);
    }
}
