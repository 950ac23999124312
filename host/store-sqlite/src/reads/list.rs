//! Lists of runs by what they have in common.

use super::all;
use crate::error::Done;
use crate::numbers::state_number;
use crate::tables::{COLUMNS, read_row};
use loomwork_journal::columns::signed as int;
use loomwork_journal::limits::PAGE;
use loomwork_journal::{Filter, Order, RunRow};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

pub(crate) fn runs(db: &Connection, filter: &Filter) -> Done<Vec<RunRow>> {
    let mut sought = Conditions::default();
    sought.add("p.org = ?", text(&filter.project.org));
    sought.add("p.name = ?", text(&filter.project.name));
    let texts = [
        ("f.name = ?", filter.flow.as_deref()),
        ("r.cause = ?", filter.trigger.as_deref()),
        ("r.parent = ?", filter.parent.as_ref().map(|run| run.as_str())),
        ("r.id >= ?", filter.id.as_deref()),
    ];
    for (condition, wanted) in texts {
        if let Some(wanted) = wanted {
            sought.add(condition, text(wanted));
        }
    }
    if let Some(prefix) = &filter.id {
        sought.add("r.id < ?", Value::Text(format!("{prefix}\u{10ffff}")));
    }
    let (direction, behind) = match filter.order {
        Order::NewestFirst => ("DESC", "r.number < ?"),
        Order::OldestFirst => ("ASC", "r.number > ?"),
    };
    let numbers = [("r.created >= ?", filter.from), ("r.created < ?", filter.to), (behind, filter.after)];
    for (condition, wanted) in numbers {
        if let Some(wanted) = wanted {
            sought.add(condition, Value::Integer(int(wanted)));
        }
    }
    if !filter.states.is_empty() {
        // Numbers of our own: as text they let the partial indexes be used.
        let states: Vec<String> = filter.states.iter().map(|state| state_number(*state).to_string()).collect();
        sought.texts.push(format!("r.state IN ({})", states.join(", ")));
    }
    let condition = sought.texts.join(" AND ");
    let limit = filter.limit.min(PAGE);
    let sql = format!("SELECT {COLUMNS} WHERE {condition} ORDER BY r.number {direction} LIMIT {limit}");
    all(db, &sql, params_from_iter(sought.values), read_row)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, condition: &str, value: Value) {
        self.texts.push(condition.to_owned());
        self.values.push(value);
    }
}
