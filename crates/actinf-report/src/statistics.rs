//! Descriptive statistics of finite numbers.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// What a group's values look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    /// How many values are finite; the others are left out of all that follows.
    pub(crate) n: usize,
    /// The mean; not a number without values.
    pub(crate) mean: f64,
    /// The standard deviation with `n - 1`; `None` below two values.
    pub(crate) sd: Option<f64>,
    /// The median; not a number without values.
    pub(crate) median: f64,
    /// The 95 % interval of the mean, `mean ± t(0.975, n - 1) sd / √n`; `None` below two values.
    pub(crate) interval: Option<(f64, f64)>,
}

/// Summarises the finite ones of `values`.
pub(crate) fn summary(values: &[f64]) -> Summary {
    let sorted = sorted_finite(values);
    let n = sorted.len();
    let mean = sorted.iter().sum::<f64>() / n as f64;
    let sd = (n > 1).then(|| {
        let squares: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
        (squares / (n - 1) as f64).sqrt()
    });
    let interval = sd.and_then(|sd| {
        let half = t_quantile(n - 1)? * sd / (n as f64).sqrt();
        Some((mean - half, mean + half))
    });
    Summary { n, mean, sd, median: quantile(&sorted, 0.5), interval }
}

/// The finite ones of `values`, ascending.
pub(crate) fn sorted_finite(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The median of the finite ones of `values`; `None` if there are none.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted_finite(values);
    (!sorted.is_empty()).then(|| quantile(&sorted, 0.5))
}

/// Quantile `p` of ascending values, linear between neighbours (Hyndman and Fan's type 7); not a number without values.
pub(crate) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = p * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// Pearson's correlation of two lists of one length; not a number where one of them does not vary.
pub(crate) fn correlation(first: &[f64], second: &[f64]) -> f64 {
    let n = first.len().min(second.len()) as f64;
    let mean = |values: &[f64]| values.iter().take(n as usize).sum::<f64>() / n;
    let (a, b) = (mean(first), mean(second));
    let (mut both, mut squares_a, mut squares_b) = (0.0, 0.0, 0.0);
    for (x, y) in first.iter().zip(second) {
        both += (x - a) * (y - b);
        squares_a += (x - a).powi(2);
        squares_b += (y - b).powi(2);
    }
    both / (squares_a * squares_b).sqrt()
}

/// `t(0.975)` with `degrees` of freedom; `None` for none.
fn t_quantile(degrees: usize) -> Option<f64> {
    let t = StudentsT::new(0.0, 1.0, degrees as f64).ok()?;
    Some(t.inverse_cdf(0.975))
}

/// Wilson's 95 % interval of a rate: `hits` of `n`; `None` for `n = 0`.
///
/// ```text
/// (p + z²/2n ± z √(p (1 - p) / n + z²/4n²)) / (1 + z²/n),   z = 1.96
/// ```
pub(crate) fn wilson_interval(hits: f64, n: f64) -> Option<(f64, f64)> {
    if n <= 0.0 {
        return None;
    }
    let z = 1.959_963_984_540_054_f64;
    let rate = hits / n;
    let centre = rate + z * z / (2.0 * n);
    let half = z * (rate * (1.0 - rate) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    Some(((centre - half) / scale, (centre + half) / scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_uses_students_t() {
        // t(0.975, 3) = 3.182446; the sd of 1, 2, 3, 4 is √(5/3).
        let summary = summary(&[4.0, 1.0, f64::NAN, 3.0, 2.0]);
        let half = 3.182_446_305 * (5.0_f64 / 3.0).sqrt() / 2.0;
        let (lower, upper) = summary.interval.unwrap();
        assert_eq!(summary.n, 4);
        assert!((summary.median - 2.5).abs() < 1e-12);
        assert!((lower - (2.5 - half)).abs() < 1e-6 && (upper - (2.5 + half)).abs() < 1e-6);
    }

    #[test]
    fn one_value_has_a_mean_and_no_spread() {
        let summary = summary(&[2.0]);
        assert_eq!((summary.n, summary.mean, summary.sd, summary.interval), (1, 2.0, None, None));
    }

    #[test]
    fn a_correlation_is_the_cosine_of_centred_lists() {
        // Centred: (−1, 0, 1) and (−1, 1, 0), so 1 / (√2 √2).
        assert!((correlation(&[1.0, 2.0, 3.0], &[0.0, 2.0, 1.0]) - 0.5).abs() < 1e-12);
        assert!(correlation(&[1.0, 1.0], &[0.0, 2.0]).is_nan());
    }

    #[test]
    fn no_values_have_no_median() {
        assert_eq!(median(&[f64::NAN]), None);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn wilsons_interval_of_no_hits_in_ten_ends_at_0_278() {
        // z² / (n + z²) = 3.8415 / 13.8415.
        let (lower, upper) = wilson_interval(0.0, 10.0).unwrap();
        assert!(lower.abs() < 1e-12 && (upper - 0.277_534).abs() < 1e-5);
    }
}
