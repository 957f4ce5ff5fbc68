//! Bands and p values of replicated rates.

use super::record::{CheckedRate, GroupCheck, PredictiveChecks, RateCheck};
use super::totals::Sum;

/// Rates of different sums that are closer than this are equal: they differ by rounding.
const SAME: f64 = 1e-12;

/// The rates of all replicates.
pub(super) struct Replicated(Vec<f64>);

/// A rate against its replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) mean: f64,
    pub(super) band_50: [f64; 2],
    pub(super) band_95: [f64; 2],
    pub(super) p: f64,
}

impl Judged {
    pub(super) fn is_outside(&self, observed: f64) -> bool {
        observed < self.band_95[0] - SAME || observed > self.band_95[1] + SAME
    }
}

impl Replicated {
    pub(super) fn new(rates: Vec<f64>) -> Self {
        Replicated(rates)
    }

    pub(super) fn rates(&self) -> &[f64] {
        &self.0
    }

    /// Whether replicates differ from one another.
    pub(super) fn varies(&self) -> bool {
        self.0.first().is_some_and(|&first| self.differs_from(first))
    }

    /// Whether any replicate differs from `rate`.
    pub(super) fn differs_from(&self, rate: f64) -> bool {
        self.0.iter().any(|own| (own - rate).abs() > SAME)
    }

    /// The mean, the bands between quantiles, and the share above `observed` with ties counted half.
    pub(super) fn judged(&self, observed: f64) -> Judged {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len() as f64;
        let above = sorted.iter().filter(|rate| **rate > observed + SAME).count() as f64;
        let ties = sorted.iter().filter(|rate| (**rate - observed).abs() <= SAME).count() as f64;
        Judged {
            mean: self.0.iter().sum::<f64>() / count,
            band_50: [quantile(&sorted, 0.25), quantile(&sorted, 0.75)],
            band_95: [quantile(&sorted, 0.025), quantile(&sorted, 0.975)],
            p: (above + 0.5 * ties) / count,
        }
    }
}

/// The quantile of sorted numbers, interpolated between neighbours (Hyndman & Fan 1996, definition 7).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// Adds the checks of all rates that somebody's behaviour speaks to, and returns the place of each rate's among them. Left out
/// are rates that are certain for everybody, and conditions that are always the same.
pub(super) fn add_checks(
    rates: &[CheckedRate],
    groups: &[String],
    sums: &[Sum],
    found: &mut PredictiveChecks,
) -> Vec<Option<usize>> {
    let columns = groups.len() + 1;
    let speaks = |rate: usize| sums[rate * columns].persons > 0;
    let mut places = vec![None; rates.len()];
    for (rate, checked) in rates.iter().enumerate() {
        let sums = &sums[rate * columns..(rate + 1) * columns];
        if !speaks(rate) || !sums[0].varies || !is_told_apart(rates, rate, &speaks) {
            continue;
        }
        let names = std::iter::once(None).chain(groups.iter().cloned().map(Some));
        let own = sums.iter().zip(names).filter(|(sum, _)| sum.persons > 0);
        let groups = own.map(|(sum, name)| sum.check(name)).collect();
        places[rate] = Some(found.checks.len());
        found.checks.push(RateCheck { rate: checked.clone(), groups });
    }
    places
}

/// Whether a rate's condition has other levels that somebody met; a rate without condition is for itself.
fn is_told_apart(rates: &[CheckedRate], rate: usize, speaks: &impl Fn(usize) -> bool) -> bool {
    let own = &rates[rate];
    let Some(condition) = &own.condition else { return true };
    rates.iter().enumerate().any(|(other, checked)| {
        let is_other_level = checked
            .condition
            .as_ref()
            .is_some_and(|c| c.variable == condition.variable && c.level != condition.level);
        is_other_level
            && checked.statistic == own.statistic
            && checked.control == own.control
            && speaks(other)
    })
}

impl Sum {
    fn check(&self, group: Option<String>) -> GroupCheck {
        let persons = self.persons as f64;
        let observed = self.observed / persons;
        let replicated = Replicated::new(self.replicated.iter().map(|sum| sum / persons).collect());
        let Judged { mean, band_50, band_95, p } = replicated.judged(observed);
        GroupCheck {
            group,
            persons: self.persons,
            moments: self.moments,
            observed,
            predicted: mean,
            band_50,
            band_95,
            p,
            judged: self.judged,
            outside: self.outside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the rates 0, 0.25, 0.5, 0.75, 1 two lie above 0.5 and one is tied: p = (2 + ½) / 5.
    #[test]
    fn the_p_value_counts_ties_half() {
        let judged = Replicated::new(vec![1.0, 0.0, 0.5, 0.75, 0.25]).judged(0.5);
        let found = [
            judged.p,
            judged.mean,
            judged.band_50[0],
            judged.band_50[1],
            judged.band_95[0],
            judged.band_95[1],
        ];
        for (found, expected) in found.into_iter().zip([0.5, 0.5, 0.25, 0.75, 0.025, 0.975]) {
            assert!((found - expected).abs() < 1e-15, "{judged:?}");
        }
        let [highest, below] = [1.0, -1.0].map(|observed| Replicated::new(vec![0.0, 1.0]).judged(observed).p);
        assert!((highest - 0.25).abs() < 1e-15 && (below - 1.0).abs() < 1e-15);
    }
}
