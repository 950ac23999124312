//! Sharing out an amount without losing a cent: the largest remainders get what rounding leaves.

use crate::{Error, Rounding, decimal};

const MAX_SHARES: usize = 100_000;

pub fn share(amount: f64, weights: &[f64], digits: u8) -> Result<Vec<f64>, Error> {
    checked(weights, digits)?;
    let scale = 10_f64.powi(i32::from(digits));
    let units = decimal::round(amount * scale, 0, Rounding::HalfUp)?;
    if units.abs() > 9e15 {
        return Err(Error::OutOfRange("the amount has more units than can be counted exactly".into()));
    }
    let total: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|weight| units.abs() * (weight / total)).collect();
    let mut shares: Vec<f64> = exact.iter().map(|share| share.floor()).collect();
    let left = units.abs() - shares.iter().sum::<f64>();
    for at in by_remainder(&exact).into_iter().cycle().take(left.max(0.0) as usize) {
        shares[at] += 1.0;
    }
    Ok(shares.into_iter().map(|share| share.copysign(if share == 0.0 { 1.0 } else { units }) / scale).collect())
}

fn checked(weights: &[f64], digits: u8) -> Result<(), Error> {
    if digits > 9 {
        return Err(Error::Invalid("`digits` is at most 9".into()));
    }
    if weights.is_empty() || weights.len() > MAX_SHARES {
        return Err(Error::Invalid(format!("there are {} weights; it takes 1 to {MAX_SHARES}", weights.len())));
    }
    let total: f64 = weights.iter().sum();
    if weights.iter().any(|weight| weight.is_nan() || *weight < 0.0) || !(total > 0.0 && total.is_finite()) {
        return Err(Error::Invalid("weights are numbers from 0 up, and not all 0".into()));
    }
    Ok(())
}

/// Places of the shares that take part, the one that lost most by rounding first.
fn by_remainder(exact: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..exact.len()).filter(|&at| exact[at] > 0.0).collect();
    places.sort_by(|&first, &second| exact[second].fract().total_cmp(&exact[first].fract()));
    places
}
