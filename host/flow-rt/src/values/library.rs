//! Library functions, each exported as `fn:<name>/<arguments>`; the exports are written by `build.rs` from the library's table.

use super::{Runtime, with};
use loomwork_value::{Value, library};

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// No function of a fixed number of arguments takes more.
const MOST: usize = 4;

impl Runtime {
    fn library(&mut self, function: u32, handles: &[i32]) -> i32 {
        let mut args = [const { Value::Null }; MOST];
        for (arg, handle) in args.iter_mut().zip(handles) {
            *arg = self.get(*handle).clone();
        }
        let result = library::call(&mut self.meter, function, &args[..handles.len().min(MOST)]);
        self.outcome(result)
    }

    fn library_of_list(&mut self, function: u32, list: i32) -> i32 {
        let args = match self.get(list) {
            Value::List(args) => args.clone(),
            _ => [].into(),
        };
        let result = library::call(&mut self.meter, function, &args);
        self.outcome(result)
    }
}
