//! Figures as they are reported: min, median, max of several rounds, and ratios made within a round.

use serde::Serialize;

/// What several rounds gave.
#[derive(Clone, Debug)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// At least one figure.
    pub fn new(mut figures: Vec<f64>) -> Self {
        assert!(!figures.is_empty(), "a measurement has at least one round");
        figures.sort_by(f64::total_cmp);
        Self(figures)
    }

    pub fn min(&self) -> f64 {
        self.0[0]
    }

    pub fn max(&self) -> f64 {
        self.0[self.0.len() - 1]
    }

    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The figure below which this share of all lies.
    pub fn at(&self, share: f64) -> f64 {
        self.0[((self.0.len() - 1) as f64 * share).round() as usize]
    }

    /// Each round against the same round of the other: noise that both saw cancels out.
    pub fn ratios(mine: &[f64], theirs: &[f64]) -> Self {
        Self::new(mine.iter().zip(theirs).map(|(mine, theirs)| mine / theirs).collect())
    }
}

/// One line of `--json`.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: &'static str,
    pub metric: String,
    pub value: f64,
    pub unit: &'static str,
    pub min: f64,
    pub max: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
}

impl Row {
    pub fn new(id: &'static str, metric: impl Into<String>, unit: &'static str, figures: &Figures) -> Self {
        let (value, min, max) = (figures.median(), figures.min(), figures.max());
        let (reference, reference_value, ratio, budget, met) = (None, None, None, None, None);
        let (metric, ratio_min, ratio_max) = (metric.into(), None, None);
        Self { id, metric, value, unit, min, max, reference, reference_value, ratio, ratio_min, ratio_max, budget, met }
    }

    /// A budget on the value itself.
    pub fn at_most(mut self, budget: f64) -> Self {
        self.budget = Some(format!("<= {budget} {}", self.unit));
        self.met = Some(self.value <= budget);
        self
    }

    /// What the same run measured of the reference, and the ratios of its rounds to it.
    pub fn against(mut self, reference: &str, theirs: &Figures, ratios: Figures) -> Self {
        self.reference = Some(reference.to_owned());
        self.reference_value = Some(theirs.median());
        self.ratio = Some(ratios.median());
        self.ratio_min = Some(ratios.min());
        self.ratio_max = Some(ratios.max());
        self
    }

    /// A budget on the ratio.
    pub fn ratio_at_most(mut self, budget: f64) -> Self {
        self.budget = Some(format!("ratio <= {budget}"));
        self.met = self.ratio.map(|ratio| ratio <= budget);
        self
    }

    /// A budget on the ratio.
    pub fn ratio_at_least(mut self, budget: f64) -> Self {
        self.budget = Some(format!("ratio >= {budget}"));
        self.met = self.ratio.map(|ratio| ratio >= budget);
        self
    }
}
