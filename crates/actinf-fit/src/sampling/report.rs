//! The verdict on a sample: a summary per quantity, what is wrong, and what to do about it.

use super::diagnostics::quantile;
use super::{Sample, bulk_effective_size, energy_bfmi, mean_standard_error, r_hat, tail_effective_size};

/// What a sample must reach to be trusted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// The largest R-hat.
    pub r_hat: f64,
    /// The smallest effective size, in the bulk and in the tails, per chain.
    pub effective_size_per_chain: f64,
    /// The smallest E-BFMI.
    pub energy_bfmi: f64,
}

impl Default for Thresholds {
    /// R-hat below 1.01 and 100 effective draws per chain (Vehtari et al. 2021), E-BFMI above 0.3 (Betancourt 2016).
    fn default() -> Self {
        Thresholds { r_hat: 1.01, effective_size_per_chain: 100.0, energy_bfmi: 0.3 }
    }
}

/// One quantity of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantitySummary {
    /// Its name.
    pub name: String,
    /// The mean of all draws.
    pub mean: f64,
    /// Their standard deviation.
    pub sd: f64,
    /// The Monte Carlo standard error of the mean.
    pub mean_standard_error: f64,
    /// The 2.5 %, 5 %, 50 %, 95 % and 97.5 % quantiles.
    pub quantiles: [f64; 5],
    /// The fraction of draws on the more probable side of zero: the probability of direction.
    pub direction: f64,
    /// [`r_hat`].
    pub r_hat: f64,
    /// [`bulk_effective_size`].
    pub bulk_effective_size: f64,
    /// [`tail_effective_size`].
    pub tail_effective_size: f64,
    /// What is wrong with it, in words; empty if it can be trusted.
    pub complaints: Vec<String>,
}

/// The verdict on a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleReport {
    /// One summary per quantity.
    pub quantities: Vec<QuantitySummary>,
    /// Diverging draws after warm-up.
    pub divergences: usize,
    /// Draws whose trajectory was cut at the maximal depth.
    pub cut: usize,
    /// E-BFMI by chain.
    pub energy_bfmi: Vec<f64>,
    /// What to do, in words, most important first; empty if the sample can be trusted.
    pub advice: Vec<String>,
}

impl SampleReport {
    /// Judges a sample.
    pub fn of(sample: &Sample, thresholds: &Thresholds) -> Self {
        let summary = |(index, name): (usize, &String)| {
            QuantitySummary::of(name, &sample.quantity(index), thresholds, sample.draws.len())
        };
        let quantities: Vec<QuantitySummary> = sample.names.iter().enumerate().map(summary).collect();
        let mut report = SampleReport {
            quantities,
            divergences: sample.divergences(),
            cut: sample.cut.iter().flatten().filter(|cut| **cut).count(),
            energy_bfmi: sample.energy.iter().map(|energies| energy_bfmi(energies)).collect(),
            advice: Vec::new(),
        };
        report.advice = report.advise(sample, thresholds);
        report
    }

    /// Whether nothing is wrong.
    pub fn is_trustworthy(&self) -> bool {
        self.advice.is_empty()
    }

    /// The largest R-hat of all quantities; NaN if one has none.
    pub fn worst_r_hat(&self) -> f64 {
        self.quantities.iter().fold(1.0, |worst, q| larger(worst, q.r_hat))
    }

    /// The smallest effective size of all quantities, in bulk and tails; NaN if one has none.
    pub fn smallest_effective_size(&self) -> f64 {
        let sizes = self.quantities.iter().flat_map(|q| [q.bulk_effective_size, q.tail_effective_size]);
        -sizes.fold(f64::NEG_INFINITY, |largest, size| larger(largest, -size))
    }

    fn advise(&self, sample: &Sample, thresholds: &Thresholds) -> Vec<String> {
        let mut advice = Vec::new();
        if self.divergences > 0 {
            advice.push(format!(
                "{} trajectories diverged{}; raise the target acceptance towards 0.99, then change the parametrisation of \
                 these parameters; if they stay, the estimates near them are biased",
                self.divergences,
                concentration(sample)
            ));
        }
        let untrusted = self.quantities.iter().filter(|q| !q.complaints.is_empty()).count();
        if untrusted > 0 {
            advice.push(format!(
                "{untrusted} of {} quantities are not settled (worst R-hat {:.3}, smallest effective size {:.0}); draw longer \
                 (`draws`), after a longer warm-up (`warm_up`) if R-hat stays above {}",
                self.quantities.len(),
                self.worst_r_hat(),
                self.smallest_effective_size(),
                thresholds.r_hat
            ));
        }
        let is_low = |bfmi: &&f64| bfmi.is_nan() || **bfmi < thresholds.energy_bfmi;
        let low = self.energy_bfmi.iter().filter(is_low).count();
        if low > 0 {
            advice.push(format!(
                "E-BFMI is below {} in {low} chains: the tails are explored slowly; change the parametrisation of the \
                 parameters whose population spread is small",
                thresholds.energy_bfmi
            ));
        }
        if self.cut > 0 {
            advice.push(format!(
                "{} trajectories were cut at the maximal depth: correct, but slow; allow more depth or longer warm-up",
                self.cut
            ));
        }
        advice
    }
}

impl QuantitySummary {
    fn of(name: &str, chains: &[Vec<f64>], thresholds: &Thresholds, chain_count: usize) -> Self {
        let all: Vec<f64> = chains.iter().flatten().copied().collect();
        let count = all.len() as f64;
        let mean = all.iter().sum::<f64>() / count;
        let sd = (all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        let positive = all.iter().filter(|x| **x > 0.0).count() as f64 / count;
        let mut summary = QuantitySummary {
            name: name.to_owned(),
            mean,
            sd,
            mean_standard_error: mean_standard_error(chains),
            quantiles: [0.025, 0.05, 0.5, 0.95, 0.975].map(|p| quantile(&all, p)),
            direction: positive.max(1.0 - positive),
            r_hat: r_hat(chains),
            bulk_effective_size: bulk_effective_size(chains),
            tail_effective_size: tail_effective_size(chains),
            complaints: Vec::new(),
        };
        summary.complaints = summary.complain(thresholds, chain_count as f64);
        summary
    }

    fn complain(&self, thresholds: &Thresholds, chains: f64) -> Vec<String> {
        let mut complaints = Vec::new();
        if self.r_hat.is_nan() || self.r_hat >= thresholds.r_hat {
            complaints.push(format!("R-hat {:.3} > {}", self.r_hat, thresholds.r_hat));
        }
        let needed = thresholds.effective_size_per_chain * chains;
        for (part, size) in [("bulk", self.bulk_effective_size), ("tails", self.tail_effective_size)] {
            if size.is_nan() || size < needed {
                complaints.push(format!("{size:.0} < {needed:.0} effective draws ({part})"));
            }
        }
        complaints
    }
}

/// The larger of two numbers, or not a number if one is none.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

/// Where diverging draws concentrate: the two quantities whose means over them lie farthest from those over all draws, in
/// standard deviations.
fn concentration(sample: &Sample) -> String {
    let mut distances: Vec<(f64, &str)> = Vec::new();
    for (index, name) in sample.names.iter().enumerate() {
        let all: Vec<f64> = sample.draws.iter().flatten().map(|draw| draw[index]).collect();
        let of_chain = |(draws, diverging): (&'_ Vec<Vec<f64>>, &'_ Vec<bool>)| -> Vec<f64> {
            draws.iter().zip(diverging).filter(|(_, d)| **d).map(|(draw, _)| draw[index]).collect()
        };
        let diverging: Vec<f64> = sample.draws.iter().zip(&sample.diverging).flat_map(of_chain).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let sd = (all.iter().map(|x| (x - mean(&all)).powi(2)).sum::<f64>() / all.len() as f64).sqrt();
        let distance = (mean(&diverging) - mean(&all)).abs() / sd;
        if distance.is_finite() {
            distances.push((distance, name));
        }
    }
    distances.sort_by(|a, b| b.0.total_cmp(&a.0));
    match distances.as_slice() {
        [first, second, ..] => format!(", mostly at unusual values of `{}` and `{}`", first.1, second.1),
        [only] => format!(", mostly at unusual values of `{}`", only.1),
        [] => String::new(),
    }
}
