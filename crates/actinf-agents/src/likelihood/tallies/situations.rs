//! The situations that steps imagine: what each is worth, and the slopes along that.
//!
//! ```text
//! v = w_u (Σ_m U_m + U_indifferent) + w_a Σ_m N_m
//! ```

use super::columns::{Columns, Slopes};
use crate::settings::Weights;

/// The worth of every situation, in nats, with the slope along it.
#[derive(Clone, Debug)]
pub(super) struct Situations {
    pub(super) worths: Vec<f64>,
    pub(super) along: Vec<f64>,
    utility: Vec<f64>,
    novelty: Vec<f64>,
}

impl Situations {
    pub(super) fn new(number: usize) -> Self {
        let nothing = || vec![0.0; number];
        Situations { worths: nothing(), along: nothing(), utility: nothing(), novelty: nothing() }
    }

    /// Values all of them from the tallies of every table, and starts anew with slopes.
    pub(super) fn value(
        &mut self,
        situations: &[Vec<usize>],
        tables: &[Columns],
        (weights, indifference): (Weights<f64>, f64),
    ) {
        self.utility.fill(0.0);
        self.novelty.fill(0.0);
        self.along.fill(0.0);
        for (tallies, columns) in situations.iter().zip(tables) {
            let sums = self.utility.iter_mut().zip(&mut self.novelty);
            for ((utility, novelty), &tally) in sums.zip(tallies) {
                *utility += columns.utility[tally];
                *novelty += columns.novelty[tally];
            }
        }
        let terms = self.utility.iter_mut().zip(&self.novelty);
        for (worth, (utility, novelty)) in self.worths.iter_mut().zip(terms) {
            *utility += indifference;
            *worth = weights.utility * *utility;
            *worth += weights.likelihood_information_gain * novelty;
        }
    }

    /// Passes slopes on to the tallies of every table, and returns those along the two weights.
    pub(super) fn read(
        &self,
        situations: &[Vec<usize>],
        tables: &mut [Slopes],
        weights: &Weights<f64>,
    ) -> [f64; 2] {
        for (tallies, slopes) in situations.iter().zip(tables) {
            slopes.utility.fill(0.0);
            slopes.novelty.fill(0.0);
            for (&tally, along) in tallies.iter().zip(&self.along) {
                slopes.utility[tally] += weights.utility * along;
                slopes.novelty[tally] += weights.likelihood_information_gain * along;
            }
        }
        [&self.utility, &self.novelty].map(|terms| {
            // What has no slope adds nothing, even if it is not finite.
            let along = self.along.iter().zip(terms).filter(|(along, _)| **along != 0.0);
            along.map(|(along, term)| along * term).sum()
        })
    }
}
