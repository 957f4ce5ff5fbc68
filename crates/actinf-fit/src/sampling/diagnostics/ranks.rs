//! Ranks as normal scores, and quantiles.

use super::Chains;
use statrs::function::erf::erfc_inv;
use std::cmp::Ordering;
use std::f64::consts::SQRT_2;

/// Every value replaced by the normal score of its rank r among all S values of all chains, equal values sharing the mean of
/// their ranks (Blom's offset): `Φ⁻¹((r - 3/8) / (S + 1/4))`.
pub(super) fn normal_scores(chains: &[Vec<f64>]) -> Chains {
    let mut order: Vec<(usize, usize)> = Vec::new();
    for (chain, values) in chains.iter().enumerate() {
        order.extend((0..values.len()).map(|draw| (chain, draw)));
    }
    let value = |&(chain, draw): &(usize, usize)| chains[chain][draw];
    order.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let mut scores: Chains = chains.iter().map(|values| vec![0.0; values.len()]).collect();
    let mut first = 0;
    while first < order.len() {
        let is_same = |place: &&(usize, usize)| {
            value(place).partial_cmp(&value(&order[first])) == Some(Ordering::Equal)
        };
        let same = order[first..].iter().take_while(is_same).count();
        let rank = first as f64 + 0.5 * (same as f64 + 1.0);
        let probability = (rank - 0.375) / (order.len() as f64 + 0.25);
        for &(chain, draw) in &order[first..first + same] {
            scores[chain][draw] = -SQRT_2 * erfc_inv(2.0 * probability);
        }
        first += same;
    }
    scores
}

/// Distances from the median of all values.
pub(super) fn folded(chains: &[Vec<f64>]) -> Chains {
    let all: Vec<f64> = chains.iter().flatten().copied().collect();
    let median = quantile(&all, 0.5);
    chains.iter().map(|values| values.iter().map(|x| (x - median).abs()).collect()).collect()
}

/// The quantile by linear interpolation between order statistics (R's type 7); NaN of nothing.
///
/// `quantile(&[1, 2, 4], 0.25)` is half-way between the first two, 1.5.
pub(crate) fn quantile(values: &[f64], probability: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = probability * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let fraction = place - below as f64;
    (1.0 - fraction) * sorted[below] + fraction * sorted[above]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_symmetric_and_ties_share_one() {
        let scores = normal_scores(&[vec![3.0, 1.0], vec![2.0, 2.0]]);
        assert!((scores[0][0] + scores[0][1]).abs() < 1e-12);
        assert!(scores[1][0].abs() < 1e-12 && (scores[1][0] - scores[1][1]).abs() < 1e-15);
        // The largest of four: Φ⁻¹(3.625 / 4.25) = Φ⁻¹(0.852941...).
        assert!((scores[0][0] - 1.049_131_397_963_971_5).abs() < 1e-12, "{}", scores[0][0]);
    }

    #[test]
    fn quantiles_interpolate_and_distances_fold_at_the_median() {
        assert!((quantile(&[4.0, 1.0, 2.0], 0.25) - 1.5).abs() < 1e-15);
        assert!((quantile(&[4.0, 1.0, 2.0], 1.0) - 4.0).abs() < 1e-15);
        assert!(quantile(&[], 0.5).is_nan());
        assert_eq!(folded(&[vec![1.0, 2.0], vec![7.0, 3.0]]), [vec![1.5, 0.5], vec![4.5, 0.5]]);
    }
}
