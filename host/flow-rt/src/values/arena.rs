//! Where values live while code works on them: a stack of slots, named by handles.
//!
//! Null, false and true have handles of their own, so that generated code makes and tests bools without a call.

use loomwork_value::{Key, Value};

pub const NULL: i32 = 1;
pub const FALSE: i32 = 2;
pub const TRUE: i32 = 3;
/// The handle of the first constant of the module.
pub const FIRST_CONSTANT: i32 = 4;

/// What a handle names.
pub(super) enum Slot {
    Value(Value),
    /// A list under construction.
    List(Vec<Value>),
    /// A map under construction, in the order it was written.
    Map(Vec<(Key, Value)>),
}

pub(super) struct Arena {
    slots: Vec<Slot>,
    /// How many of them stay when the arena is reset.
    kept: usize,
}

static NOTHING: Value = Value::Null;

impl Arena {
    pub const fn new() -> Self {
        Self { slots: Vec::new(), kept: 0 }
    }

    /// Empties it, but for the fixed handles and these constants.
    #[cold]
    pub fn start(&mut self, constants: impl Iterator<Item = Value>) {
        let fixed = [Value::Null, Value::Null, Value::Bool(false), Value::Bool(true)];
        self.slots.clear();
        self.slots.extend(fixed.into_iter().chain(constants).map(Slot::Value));
        self.kept = self.slots.len();
    }

    pub fn get(&self, handle: i32) -> &Value {
        match self.slots.get(handle as usize) {
            Some(Slot::Value(value)) => value,
            _ => &NOTHING,
        }
    }

    /// None when there is no memory left.
    pub fn put(&mut self, value: Value) -> Option<i32> {
        match value {
            Value::Null => Some(NULL),
            Value::Bool(truth) => Some(bool_handle(truth)),
            value => self.push(Slot::Value(value)),
        }
    }

    #[inline(never)]
    pub fn push(&mut self, slot: Slot) -> Option<i32> {
        if self.slots.is_empty() {
            self.start(std::iter::empty());
        }
        self.slots.try_reserve(1).ok()?;
        self.slots.push(slot);
        Some(self.slots.len() as i32 - 1)
    }

    pub fn slot(&mut self, handle: i32) -> Option<&mut Slot> {
        self.slots.get_mut(handle as usize)
    }

    /// How far it is filled.
    pub fn mark(&self) -> i32 {
        self.slots.len() as i32
    }

    /// Forgets what was put in since the mark.
    pub fn release(&mut self, mark: i32) {
        self.slots.truncate((mark as usize).max(self.kept));
    }

    /// Forgets all but the constants.
    pub fn reset(&mut self) {
        self.slots.truncate(self.kept);
    }
}

pub(super) fn bool_handle(truth: bool) -> i32 {
    if truth { TRUE } else { FALSE }
}
