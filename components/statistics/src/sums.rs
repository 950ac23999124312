//! Sums and what is made of them.

use crate::{Error, Population, finite};

/// Neumaier's sum: what rounding loses is kept aside.
pub fn sum(values: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for &value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    if lost.is_finite() { sum + lost } else { sum }
}

/// Of at least one value.
pub fn mean(values: &[f64]) -> f64 {
    sum(values) / values.len() as f64
}

pub fn weighted_mean(values: &[f64], weights: &[f64]) -> Result<f64, Error> {
    if values.len() != weights.len() {
        return Err(Error::Invalid(format!("there are {} values and {} weights", values.len(), weights.len())));
    }
    let total = sum(weights);
    if weights.iter().any(|weight| !(*weight >= 0.0 && weight.is_finite())) || total.is_nan() || total <= 0.0 {
        return Err(Error::Invalid("weights are numbers from 0 up, and not all 0".into()));
    }
    let weighted: Vec<f64> = values.iter().zip(weights).map(|(value, weight)| value * weight).collect();
    finite(sum(&weighted) / total)
}

/// Of at least one value; a sample needs two.
pub fn variance(values: &[f64], population: Population) -> Result<f64, Error> {
    let divisor = match population {
        Population::Whole => values.len(),
        Population::Sample if values.len() < 2 => {
            return Err(Error::TooFew("the variance of a sample takes at least two values".into()));
        }
        Population::Sample => values.len() - 1,
    };
    let mean = mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (value - mean).powi(2)).collect();
    finite(sum(&squares) / divisor as f64)
}
