//! How numbers stand in columns.

use crate::error::{Done, damaged};
use loomwork_journal::State;
use loomwork_journal::columns::{self, signed, unsigned};

pub(crate) fn state_number(state: State) -> i64 {
    columns::state_number(state).into()
}

pub(crate) fn read_state(number: i64) -> Done<State> {
    let state = number.try_into().ok().and_then(columns::read_state);
    state.ok_or_else(|| damaged(format!("no state has the number {number}")))
}

/// Of a chunk in the journal.
pub(crate) fn place(run: u64, seq: u64) -> i64 {
    signed(run << SEQ_BITS | seq.min(ENTRIES - 1))
}

pub(crate) fn seq_of(place: i64) -> u64 {
    unsigned(place) & (ENTRIES - 1)
}

const SEQ_BITS: u32 = 24;

/// Of one run's journal.
pub(crate) const ENTRIES: u64 = 1 << SEQ_BITS;
