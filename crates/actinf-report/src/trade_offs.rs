//! Which parameters' errors go together, over all subjects.

use crate::statistics::median;
use crate::study::Study;

/// Two coordinates and the correlation of their errors in every subject.
#[derive(Clone, Debug)]
pub(crate) struct TradeOff {
    pub(crate) first: String,
    pub(crate) second: String,
    /// Correlation and subject.
    pub(crate) correlations: Vec<(f64, String)>,
}

impl TradeOff {
    /// Both names.
    pub(crate) fn name(&self) -> String {
        format!("{} and {}", self.first, self.second)
    }

    fn values(&self) -> Vec<f64> {
        self.correlations.iter().map(|(correlation, _)| *correlation).collect()
    }

    /// The median correlation.
    pub(crate) fn typical(&self) -> f64 {
        median(&self.values()).unwrap_or(f64::NAN)
    }

    /// How many subjects' correlations exceed `size`, in either direction.
    pub(crate) fn beyond(&self, size: f64) -> usize {
        self.values().iter().filter(|value| value.abs() > size).count()
    }

    /// The typical size of the correlation: the median of its absolute values.
    fn strength(&self) -> f64 {
        median(&self.values().iter().map(|value| value.abs()).collect::<Vec<_>>()).unwrap_or(0.0)
    }
}

/// All pairs of coordinates, the strongest trade-offs first; empty where no subject has a normal approximation.
pub(crate) fn trade_offs(study: &Study) -> Vec<TradeOff> {
    let approximations = || study.fitted.iter().filter_map(|s| Some((s, s.fit.approximation.as_ref()?)));
    let Some((_, first)) = approximations().next() else { return vec![] };
    let names = &first.coordinates;
    let places = (0..names.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    let pair = |(i, j): (usize, usize)| TradeOff {
        first: names[i].clone(),
        second: names[j].clone(),
        correlations: approximations()
            .filter(|(_, found)| {
                found.coordinates.len() == names.len() && is_square(&found.covariance, names.len())
            })
            .map(|(subject, found)| (found.correlation(i, j), subject.record.id.clone()))
            .filter(|(correlation, _)| correlation.is_finite())
            .collect(),
    };
    let mut pairs: Vec<TradeOff> = places.map(pair).filter(|pair| !pair.correlations.is_empty()).collect();
    pairs.sort_by(|a, b| b.strength().total_cmp(&a.strength()));
    pairs
}

fn is_square(covariance: &[Vec<f64>], size: usize) -> bool {
    covariance.len() == size && covariance.iter().all(|row| row.len() == size)
}
