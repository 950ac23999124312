//! What follows from the order of the values.

use crate::{Error, Extremes, some};

/// The values in ascending order; at least one.
pub fn sorted(values: &[f64]) -> Result<Vec<f64>, Error> {
    some(values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

/// Linear between the two nearest values, as spreadsheets do. `part` is 0 to 1.
pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let way = place - below as f64;
    sorted[below] * (1.0 - way) + sorted[above] * way
}

pub fn mode(sorted: &[f64]) -> Vec<f64> {
    let runs: Vec<&[f64]> = sorted.chunk_by(|first, second| first == second).collect();
    let longest = runs.iter().map(|run| run.len()).max().unwrap_or(0);
    runs.into_iter().filter(|run| run.len() == longest).map(|run| run[0]).collect()
}

/// Of at least one value.
pub fn extent(values: &[f64]) -> Extremes {
    let (mut min, mut max) = (0, 0);
    for (at, value) in values.iter().enumerate() {
        if *value < values[min] {
            min = at;
        }
        if *value > values[max] {
            max = at;
        }
    }
    Extremes { min: values[min], min_index: min as u32, max: values[max], max_index: max as u32 }
}
