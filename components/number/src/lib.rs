//! The number node: the functions of `loom:number/number`, each in the module of its subject.

mod base;
mod class;
mod decimal;
mod money;
mod style;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["wit"], world: "loom:number/node" });

use exports::loom::number::number::{Error, Guest, Rounding, Style};

struct Node;
export!(Node);

impl Guest for Node {
    fn round(value: f64, digits: Option<i8>, rounding: Option<Rounding>) -> Result<f64, Error> {
        decimal::round(value, digits.unwrap_or(0), rounding.unwrap_or(Rounding::HalfUp))
    }
    fn clamp(value: f64, low: f64, high: f64) -> Result<f64, Error> {
        if low.is_nan() || high.is_nan() || low > high {
            return Err(Error::Invalid("`low` is above `high`".into()));
        }
        finite(value).map(|value| value.clamp(low, high))
    }
    fn format(value: f64, style: Option<Style>) -> Result<String, Error> {
        style::format(value, style)
    }
    fn parse(text: String, decimal: Option<String>, thousands: Option<String>) -> Result<f64, Error> {
        style::parse(&text, decimal.as_deref().unwrap_or("."), thousands.as_deref().unwrap_or(","))
    }
    fn percent(part: f64, whole: f64) -> Result<f64, Error> {
        divided(part * 100.0, whole, "`whole`")
    }
    fn change(before: f64, after: f64) -> Result<f64, Error> {
        divided((after - before) * 100.0, before.abs(), "`before`")
    }
    fn rescale(value: f64, from_low: f64, from_high: f64, to_low: f64, to_high: f64) -> Result<f64, Error> {
        let part = divided(value - from_low, from_high - from_low, "the range it comes from")?;
        finite(to_low + part * (to_high - to_low))
    }
    fn share(amount: f64, weights: Vec<f64>, digits: Option<u8>) -> Result<Vec<f64>, Error> {
        money::share(amount, &weights, digits.unwrap_or(2))
    }
    fn classify(value: f64, bounds: Vec<f64>, labels: Vec<String>) -> Result<String, Error> {
        class::classify(value, &bounds, labels)
    }
    fn to_base(value: i64, base: u8) -> Result<String, Error> {
        base::write(value, base)
    }
    fn from_base(text: String, base: u8) -> Result<i64, Error> {
        base::read(&text, base)
    }
    fn bytes(value: u64) -> String {
        style::bytes(value)
    }
    fn ordinal(value: i64) -> String {
        style::ordinal(value)
    }
}

fn finite(value: f64) -> Result<f64, Error> {
    if value.is_finite() { Ok(value) } else { Err(Error::OutOfRange("the result is not a finite number".into())) }
}

fn divided(value: f64, by: f64, name: &str) -> Result<f64, Error> {
    if by == 0.0 {
        return Err(Error::Invalid(format!("{name} is 0: nothing can be divided by it")));
    }
    finite(value / by)
}
