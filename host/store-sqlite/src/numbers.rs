//! How numbers stand in columns.

use crate::error::{Done, damaged};
use loomwork_journal::State;
use loomwork_journal::columns;

pub(crate) fn state_number(state: State) -> i64 {
    columns::state_number(state).into()
}

pub(crate) fn read_state(number: i64) -> Done<State> {
    let state = number.try_into().ok().and_then(columns::read_state);
    state.ok_or_else(|| damaged(format!("no state has the number {number}")))
}

/// Of one run's journal, at most.
pub(crate) const ENTRIES: u64 = 1 << 24;
