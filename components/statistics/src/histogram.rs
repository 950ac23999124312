//! Values counted in bars of equal width.

use crate::{Bar, Error, order, some};

const MAX_BARS: u32 = 10_000;

pub fn histogram(values: &[f64], bars: u32, low: Option<f64>, high: Option<f64>) -> Result<Vec<Bar>, Error> {
    some(values)?;
    if !(1..=MAX_BARS).contains(&bars) {
        return Err(Error::Invalid(format!("`bars` is {bars}; it is 1 to {MAX_BARS}")));
    }
    let extremes = order::extent(values);
    let (low, high) = (low.unwrap_or(extremes.min), high.unwrap_or(extremes.max));
    let width = (high - low) / f64::from(bars);
    if !(low <= high && width.is_finite()) {
        return Err(Error::Invalid("`low` has to be below `high`, and both finite".into()));
    }
    let border = |at: u32| if at == bars { high } else { low + width * f64::from(at) };
    let mut counted: Vec<Bar> = (0..bars).map(|at| Bar { low: border(at), high: border(at + 1), count: 0 }).collect();
    for value in values.iter().filter(|value| (low..=high).contains(value)) {
        let at = if width > 0.0 { ((value - low) / width) as usize } else { 0 };
        counted[at.min(bars as usize - 1)].count += 1;
    }
    Ok(counted)
}
