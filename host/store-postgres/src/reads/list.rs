//! Lists of runs by what they have in common.

use crate::error::Done;
use crate::link::{Param, Session};
use crate::tables::{COLUMNS, int, read_row};
use loomwork_journal::columns::state_number;
use loomwork_journal::limits::PAGE;
use loomwork_journal::{Filter, Order, RunRow};

pub(crate) async fn runs(session: &Session, filter: &Filter) -> Done<Vec<RunRow>> {
    let mut sought = Conditions::default();
    sought.add("org =", filter.project.org.to_string());
    sought.add("project =", filter.project.name.to_string());
    let texts = [
        ("flow =", filter.flow.clone()),
        ("cause =", filter.trigger.clone()),
        ("parent =", filter.parent.as_ref().map(|run| run.to_string())),
        ("id >=", filter.id.clone()),
        ("id <", filter.id.as_ref().map(|prefix| format!("{prefix}\u{10ffff}"))),
    ];
    for (condition, wanted) in texts {
        if let Some(wanted) = wanted {
            // Nothing that is kept has a NUL.
            if wanted.contains('\0') {
                return Ok(Vec::new());
            }
            sought.add(condition, wanted);
        }
    }
    let (direction, behind) = match filter.order {
        Order::NewestFirst => ("DESC", "number <"),
        Order::OldestFirst => ("ASC", "number >"),
    };
    for (condition, wanted) in [("created >=", filter.from), ("created <", filter.to), (behind, filter.after)] {
        if let Some(wanted) = wanted {
            sought.add(condition, int(wanted));
        }
    }
    if !filter.states.is_empty() {
        // Numbers of our own: as text they let the partial indexes be used.
        let states: Vec<String> = filter.states.iter().map(|state| state_number(*state).to_string()).collect();
        sought.texts.push(format!("state IN ({})", states.join(", ")));
    }
    let condition = sought.texts.join(" AND ");
    let limit = filter.limit.min(PAGE);
    let sql = format!("SELECT {COLUMNS} FROM runs WHERE {condition} ORDER BY number {direction} LIMIT {limit}");
    session.query_once(&sql, sought.values).await?.iter().map(read_row).collect()
}

#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Param>,
}

impl Conditions {
    fn add(&mut self, condition: &str, value: impl tokio_postgres::types::ToSql + Sync + Send + 'static) {
        self.values.push(Box::new(value));
        self.texts.push(format!("{condition} ${}", self.values.len()));
    }
}
