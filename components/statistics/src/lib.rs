//! The statistics node: the functions of `loom:statistics/statistics`, each in the module of its subject.

mod histogram;
mod order;
mod pairs;
mod series;
mod sums;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["wit"], world: "loom:statistics/node" });

use exports::loom::statistics::statistics::{Bar, Description, Error, Extremes, Guest, Line, Population};

struct Node;
export!(Node);

impl Guest for Node {
    fn describe(values: Vec<f64>) -> Result<Description, Error> {
        let sorted = order::sorted(&values)?;
        let at = |part| order::quantile(&sorted, part);
        Ok(Description {
            count: values.len() as u32,
            sum: finite(sums::sum(&values))?,
            mean: finite(sums::mean(&values))?,
            standard_deviation: if values.len() == 1 { 0.0 } else { sums::variance(&values, Population::Sample)?.sqrt() },
            min: at(0.0),
            lower_quartile: at(0.25),
            median: at(0.5),
            upper_quartile: at(0.75),
            max: at(1.0),
        })
    }
    fn sum(values: Vec<f64>) -> Result<f64, Error> {
        all_finite(&values)?;
        finite(sums::sum(&values))
    }
    fn mean(values: Vec<f64>) -> Result<f64, Error> {
        some(&values)?;
        finite(sums::mean(&values))
    }
    fn weighted_mean(values: Vec<f64>, weights: Vec<f64>) -> Result<f64, Error> {
        some(&values)?;
        sums::weighted_mean(&values, &weights)
    }
    fn median(values: Vec<f64>) -> Result<f64, Error> {
        Ok(order::quantile(&order::sorted(&values)?, 0.5))
    }
    fn mode(values: Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(order::mode(&order::sorted(&values)?))
    }
    fn quantile(values: Vec<f64>, part: f64) -> Result<f64, Error> {
        if !(0.0..=1.0).contains(&part) {
            return Err(Error::Invalid(format!("`part` is {part}; it is 0 to 1")));
        }
        Ok(order::quantile(&order::sorted(&values)?, part))
    }
    fn variance(values: Vec<f64>, population: Option<Population>) -> Result<f64, Error> {
        some(&values)?;
        sums::variance(&values, population.unwrap_or(Population::Sample))
    }
    fn standard_deviation(values: Vec<f64>, population: Option<Population>) -> Result<f64, Error> {
        some(&values)?;
        sums::variance(&values, population.unwrap_or(Population::Sample)).map(f64::sqrt)
    }
    fn extent(values: Vec<f64>) -> Result<Extremes, Error> {
        some(&values)?;
        Ok(order::extent(&values))
    }
    fn histogram(values: Vec<f64>, bars: u32, low: Option<f64>, high: Option<f64>) -> Result<Vec<Bar>, Error> {
        histogram::histogram(&values, bars, low, high)
    }
    fn correlation(x: Vec<f64>, y: Vec<f64>) -> Result<f64, Error> {
        pairs::correlation(&x, &y)
    }
    fn linear_regression(x: Vec<f64>, y: Vec<f64>) -> Result<Line, Error> {
        pairs::line(&x, &y)
    }
    fn moving_average(values: Vec<f64>, window: u32) -> Result<Vec<f64>, Error> {
        all_finite(&values)?;
        series::moving_average(&values, window as usize)
    }
    fn z_scores(values: Vec<f64>) -> Result<Vec<f64>, Error> {
        some(&values)?;
        series::z_scores(&values)
    }
    fn running_sum(values: Vec<f64>) -> Result<Vec<f64>, Error> {
        all_finite(&values)?;
        series::running_sum(&values)
    }
}

fn some(values: &[f64]) -> Result<(), Error> {
    if values.is_empty() {
        return Err(Error::TooFew("there are no values".into()));
    }
    all_finite(values)
}

fn all_finite(values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Error::Invalid(format!("value {at} is {}, which is not a finite number", values[at]))),
    }
}

fn finite(value: f64) -> Result<f64, Error> {
    if value.is_finite() { Ok(value) } else { Err(Error::OutOfRange("the result is not a finite number".into())) }
}
