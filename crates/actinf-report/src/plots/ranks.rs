//! How the ranks of one quantity's draws spread over each chain: even where the chains agree.
//!
//! # References
//!
//! Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021). Rank-normalization, folding, and localization: an improved R-hat for
//! assessing convergence of MCMC. *Bayesian Analysis* 16, 667-718, section 5.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Stroke};
use crate::html::slug;
use crate::style;

const BINS: usize = 20;
/// The 97.5 % quantile of the standard normal distribution.
const QUANTILE: f64 = 1.959_963_984_540_054;

/// One quantity's ranks, chain by chain.
pub(crate) struct Ranks {
    quantity: String,
    /// Chains × bins: the share of the chain's draws in the bin.
    shares: Vec<Vec<f64>>,
    /// Half the width of the band that 95 % of the shares lie in where all chains draw from one distribution.
    half: f64,
}

impl Ranks {
    /// The plot of a quantity's chains, of which `effective` draws per chain are worth independent ones.
    pub(crate) fn new(quantity: &str, chains: &[Vec<f64>], effective: f64) -> Ranks {
        let p = 1.0 / BINS as f64;
        let longest = chains.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let independent = if effective.is_finite() { effective.clamp(1.0, longest.max(1.0)) } else { 1.0 };
        Ranks {
            quantity: quantity.to_string(),
            shares: shares(chains),
            half: QUANTILE * (p * (1.0 - p) / independent).sqrt(),
        }
    }
}

/// Chains × bins: the share of each chain's draws whose rank among all draws lies in the bin.
fn shares(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut order: Vec<(f64, usize)> =
        chains.iter().enumerate().flat_map(|(k, chain)| chain.iter().map(move |&x| (x, k))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut shares = vec![vec![0.0; BINS]; chains.len()];
    for (rank, &(_, chain)) in order.iter().enumerate() {
        shares[chain][rank * BINS / order.len()] += 1.0 / chains[chain].len() as f64;
    }
    shares
}

impl Plot for Ranks {
    fn name(&self) -> String {
        format!("ranks-{}", slug(&self.quantity))
    }

    fn title(&self) -> String {
        format!("Ranks of {}", self.quantity)
    }

    fn caption(&self) -> String {
        "Lines: chains; dashes: even ranks; grey: where 95 % of the lines lie if chains agree.".to_string()
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, 220.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let even = 1.0 / BINS as f64;
        let most = self.shares.iter().flatten().copied().fold(even + self.half, f64::max);
        let frame = Frame {
            left: 56.0,
            right: width - 12.0,
            top: 30.0,
            bottom: height - 46.0,
            x: Scale::linear(0.0, 1.0),
            y: Scale::linear(0.0, 1.08 * most),
        };
        let band = ((even - self.half).max(0.0), even + self.half);
        let corners = (frame.at(0.0, band.1), frame.at(1.0, band.0));
        canvas.rectangle(corners.0, corners.1, style::SHADE, 0.45);
        frame.draw_y_axis(canvas, "share of the chain's draws", 4);
        canvas.dashes(frame.at(0.0, even), frame.at(1.0, even), Stroke::new(style::INK, 1.25));
        for (position, shares) in self.shares.iter().enumerate() {
            let edge = |bin: usize| bin as f64 / BINS as f64;
            let stairs = shares
                .iter()
                .enumerate()
                .flat_map(|(bin, &share)| [frame.at(edge(bin), share), frame.at(edge(bin + 1), share)]);
            canvas
                .path(&stairs.collect::<Vec<_>>(), Stroke::new(style::category(position), 1.5).opacity(0.85));
        }
        frame.draw_x_axis(canvas, "rank among all draws, as a share", 5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_that_take_turns_spread_evenly_and_chains_apart_do_not() {
        let turns: Vec<Vec<f64>> =
            (0..2).map(|k| (0..200).map(|draw| f64::from(2 * draw + k)).collect()).collect();
        assert!(shares(&turns).iter().flatten().all(|share| (share - 0.05).abs() < 1e-12));
        let apart = vec![vec![0.0; 100], vec![1.0; 100]];
        let shares = shares(&apart);
        assert!((shares[0][..10].iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(shares[0][10..].iter().all(|share| share.abs() < 1e-12));
    }
}
