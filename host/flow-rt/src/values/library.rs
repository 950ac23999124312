//! Library functions, each exported as `fn:<name>/<arguments>`; the exports are written by `build.rs` from the library's table.

use super::{Runtime, with};
use loomwork_value::Value;
use loomwork_value::library::FUNCTIONS;
use std::sync::Arc;

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// No function of a fixed number of arguments takes more.
const MOST: usize = 4;

impl Runtime {
    /// The row is taken while this is compiled: were the table looked into when it runs, every function would be part of every flow.
    #[inline(always)]
    fn library<const FUNCTION: usize>(&mut self, handles: &[i32]) -> i32 {
        let args = self.arguments(handles);
        let result = const { FUNCTIONS[FUNCTION] }.apply(&mut self.meter, &args[..handles.len().min(MOST)]);
        self.outcome(result)
    }

    #[inline(always)]
    fn library_of_list<const FUNCTION: usize>(&mut self, list: i32) -> i32 {
        let args = self.listed(list);
        let result = const { FUNCTIONS[FUNCTION] }.apply(&mut self.meter, &args);
        self.outcome(result)
    }

    #[inline(never)]
    fn arguments(&self, handles: &[i32]) -> [Value; MOST] {
        let mut args = [const { Value::Null }; MOST];
        for (arg, handle) in args.iter_mut().zip(handles) {
            *arg = self.get(*handle).clone();
        }
        args
    }

    #[inline(never)]
    fn listed(&self, list: i32) -> Arc<[Value]> {
        match self.get(list) {
            Value::List(args) => args.clone(),
            _ => [].into(),
        }
    }
}
