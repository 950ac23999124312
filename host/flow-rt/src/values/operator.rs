//! Operators on values whose types are known only when they run.

use super::Runtime;
use super::export::export;
use loomwork_value::{EvalError, Meter, Value, ops};

export! {
    fn add(runtime, a: i32, b: i32) -> i32 { runtime.calculate(a, b, ops::add) }
    fn subtract(runtime, a: i32, b: i32) -> i32 { runtime.calculate(a, b, ops::subtract) }
    fn multiply(runtime, a: i32, b: i32) -> i32 { runtime.calculate(a, b, ops::multiply) }
    fn divide(runtime, a: i32, b: i32) -> i32 { runtime.calculate(a, b, ops::divide) }
    fn modulo(runtime, a: i32, b: i32) -> i32 { runtime.calculate(a, b, ops::modulo) }
    fn negate(runtime, a: i32) -> i32 { let result = ops::negate(runtime.get(a)); runtime.outcome(result) }

    fn equal(runtime, a: i32, b: i32) -> i32 { runtime.relate(a, b, ops::equal) }
    fn not_equal(runtime, a: i32, b: i32) -> i32 { runtime.relate(a, b, ops::not_equal) }
    fn less(runtime, a: i32, b: i32) -> i32 { runtime.relate(a, b, ops::less) }
    fn less_or_equal(runtime, a: i32, b: i32) -> i32 { runtime.relate(a, b, ops::less_or_equal) }
    fn greater(runtime, a: i32, b: i32) -> i32 { runtime.relate(a, b, ops::greater) }
    fn greater_or_equal(runtime, a: i32, b: i32) -> i32 { runtime.relate(a, b, ops::greater_or_equal) }
    fn contains(runtime, a: i32, b: i32) -> i32 { runtime.relate(a, b, ops::contains) }
}

impl Runtime {
    fn calculate(&mut self, a: i32, b: i32, op: fn(&mut Meter, &Value, &Value) -> ops::Result) -> i32 {
        let result = op(&mut self.meter, self.arena.get(a), self.arena.get(b));
        self.outcome(result)
    }

    fn relate(&mut self, a: i32, b: i32, op: fn(&mut Meter, &Value, &Value) -> Result<bool, EvalError>) -> i32 {
        let result = op(&mut self.meter, self.arena.get(a), self.arena.get(b));
        self.truth(result)
    }
}
