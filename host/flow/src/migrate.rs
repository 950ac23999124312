//! Older documents become current ones by named steps, each from version *n* to *n* + 1.
//!
//! A step changes the located JSON, so that what it leaves alone keeps its place in the text. To add one: raise
//! [`VERSION`], append a [`Migration`] to [`MIGRATIONS`], and put a document of the old version into the tests.

use crate::located::{Located, Shape};

/// The version that is written. All from 1 up to it are read.
pub const VERSION: u32 = 1;

/// One step. `steps[0]` leads from version 1 to version 2, and so on.
#[derive(Clone, Copy)]
pub struct Migration {
    /// `branch_cases_become_a_list`
    pub name: &'static str,
    pub apply: fn(&mut Located),
}

/// The steps there are; one fewer than [`VERSION`].
pub const MIGRATIONS: &[Migration] = &[];

/// Takes a document from `version` to the last that `steps` lead to, and states the new version in it. False if no step
/// leads from `version`.
pub fn migrate(document: &mut Located, version: u32, steps: &[Migration]) -> bool {
    let Some(steps) = (version as usize).checked_sub(1).and_then(|done| steps.get(done..)) else {
        return false;
    };
    for step in steps {
        (step.apply)(document);
    }
    if let (Shape::Object(members), false) = (&mut document.value, steps.is_empty()) {
        let stated = members.iter_mut().find(|member| member.key == "loomwork");
        if let Some(member) = stated {
            member.value.value = Shape::Number((version as usize + steps.len()).to_string());
        }
    }
    true
}
