//! Lists of numbers, one made from each place of another.

use crate::{Error, Population, finite, sums};

pub fn moving_average(values: &[f64], window: usize) -> Result<Vec<f64>, Error> {
    if window == 0 {
        return Err(Error::Invalid("`window` is 0: it takes at least one value".into()));
    }
    let mut sum = Sum::default();
    let mut averages = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        sum.add(*value);
        if at >= window {
            sum.add(-values[at - window]);
        }
        averages.push(finite(sum.total() / (at + 1).min(window) as f64)?);
    }
    Ok(averages)
}

pub fn z_scores(values: &[f64]) -> Result<Vec<f64>, Error> {
    let mean = sums::mean(values);
    let deviation = sums::variance(values, Population::Whole)?.sqrt();
    if deviation == 0.0 {
        return Ok(vec![0.0; values.len()]);
    }
    values.iter().map(|value| finite((value - mean) / deviation)).collect()
}

pub fn running_sum(values: &[f64]) -> Result<Vec<f64>, Error> {
    let mut sum = Sum::default();
    values
        .iter()
        .map(|value| {
            sum.add(*value);
            finite(sum.total())
        })
        .collect()
}

/// A sum that keeps what rounding loses, and can be read on the way.
#[derive(Default)]
struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let next = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() { (self.sum - next) + value } else { (value - next) + self.sum };
        self.sum = next;
    }

    fn total(&self) -> f64 {
        self.sum + self.lost
    }
}
