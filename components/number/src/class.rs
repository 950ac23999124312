//! Naming the range in which a number lies.

use crate::Error;

pub fn classify(value: f64, bounds: &[f64], mut labels: Vec<String>) -> Result<String, Error> {
    if labels.len() != bounds.len() + 1 {
        return Err(Error::Invalid(format!("{} bounds need {} labels", bounds.len(), bounds.len() + 1)));
    }
    if value.is_nan() || !bounds.is_sorted_by(|low, high| low < high) || bounds.iter().any(|bound| bound.is_nan()) {
        return Err(Error::Invalid("bounds ascend, and all are numbers".into()));
    }
    let place = bounds.partition_point(|bound| *bound <= value);
    Ok(labels.swap_remove(place))
}
