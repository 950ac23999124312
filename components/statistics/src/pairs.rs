//! How two lists of numbers go together.

use crate::{Error, Line, finite, some, sums};

/// Sums of products of the distances from the means.
struct Moments {
    mean_x: f64,
    mean_y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

fn moments(x: &[f64], y: &[f64]) -> Result<Moments, Error> {
    if x.len() != y.len() {
        return Err(Error::Invalid(format!("there are {} values of x and {} of y", x.len(), y.len())));
    }
    some(x)?;
    some(y)?;
    if x.len() < 2 {
        return Err(Error::TooFew("it takes at least two pairs".into()));
    }
    let (mean_x, mean_y) = (sums::mean(x), sums::mean(y));
    let products = |first: &[f64], mean: f64, second: &[f64], other: f64| {
        let products: Vec<f64> = first.iter().zip(second).map(|(first, second)| (first - mean) * (second - other)).collect();
        finite(sums::sum(&products))
    };
    Ok(Moments {
        mean_x,
        mean_y,
        xx: products(x, mean_x, x, mean_x)?,
        yy: products(y, mean_y, y, mean_y)?,
        xy: products(x, mean_x, y, mean_y)?,
    })
}

pub fn correlation(x: &[f64], y: &[f64]) -> Result<f64, Error> {
    let moments = moments(x, y)?;
    if moments.xx == 0.0 || moments.yy == 0.0 {
        return Err(Error::Invalid("all values of one list are the same: there is no correlation".into()));
    }
    // One root is more exact than two, unless the product does not fit.
    let product = (moments.xx * moments.yy).sqrt();
    let divisor = if product.is_normal() { product } else { moments.xx.sqrt() * moments.yy.sqrt() };
    finite(moments.xy / divisor).map(|correlation| correlation.clamp(-1.0, 1.0))
}

pub fn line(x: &[f64], y: &[f64]) -> Result<Line, Error> {
    let moments = moments(x, y)?;
    if moments.xx == 0.0 {
        return Err(Error::Invalid("all values of x are the same: no line goes through".into()));
    }
    let slope = finite(moments.xy / moments.xx)?;
    let r_squared = if moments.yy == 0.0 { 1.0 } else { (slope * (moments.xy / moments.yy)).clamp(0.0, 1.0) };
    Ok(Line { slope, intercept: finite(moments.mean_y - slope * moments.mean_x)?, r_squared })
}
