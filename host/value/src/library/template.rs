//! What the checker puts into templates.

use crate::ops::{self, Arithmetic, Result};
use crate::{Meter, Value};

/// The texts of all arguments, one after the other.
pub(super) fn text(meter: &mut Meter, args: &[Value]) -> Result {
    let mut out = String::new();
    for value in args {
        ops::display(meter, value, &mut out)?;
        if out.len() > crate::MAX_TEXT {
            meter.text(out.len())?;
        }
    }
    Ok(Value::from(out))
}

pub(super) fn add(meter: &mut Meter, args: &[Value]) -> Result {
    ops::adapt(meter, Arithmetic::Add, &args[0], &args[1])
}

pub(super) fn subtract(meter: &mut Meter, args: &[Value]) -> Result {
    ops::adapt(meter, Arithmetic::Subtract, &args[0], &args[1])
}

pub(super) fn multiply(meter: &mut Meter, args: &[Value]) -> Result {
    ops::adapt(meter, Arithmetic::Multiply, &args[0], &args[1])
}

pub(super) fn divide(meter: &mut Meter, args: &[Value]) -> Result {
    ops::adapt(meter, Arithmetic::Divide, &args[0], &args[1])
}

pub(super) fn modulo(meter: &mut Meter, args: &[Value]) -> Result {
    ops::adapt(meter, Arithmetic::Modulo, &args[0], &args[1])
}
