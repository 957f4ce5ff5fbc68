//! The situations that steps imagine: what each is worth, and the slopes along that.
//!
//! ```text
//! v = w_u Σ_m U_m + (w_u (Σ_m U_settled,m + U_indifferent) + w_a Σ_m N_m)
//! ```

use super::columns::Columns;
use super::ledger::Ledger;
use super::slopes::Slopes;
use crate::settings::Weights;

/// The worth of every situation, in nats, with the slope along it.
#[derive(Clone, Debug)]
pub(super) struct Situations {
    pub(super) worths: Vec<f64>,
    pub(super) along: Vec<f64>,
    variable_utility: Vec<f64>,
    settled_utility: Vec<f64>,
    novelty: Vec<f64>,
}

impl Situations {
    pub(super) fn new(ledger: &Ledger) -> Self {
        let nothing = || vec![0.0; ledger.situations.first().map_or(0, Vec::len)];
        Situations {
            worths: nothing(),
            along: nothing(),
            variable_utility: nothing(),
            settled_utility: nothing(),
            novelty: nothing(),
        }
    }

    /// Values all of them from the tallies of every table, and starts anew with slopes.
    pub(super) fn value(
        &mut self,
        ledger: &Ledger,
        columns: &[Columns],
        (weights, indifference): (Weights<f64>, f64),
    ) {
        let Situations { worths, along, variable_utility, settled_utility, novelty } = self;
        for sums in [&mut *along, &mut *variable_utility, &mut *settled_utility, &mut *novelty] {
            sums.fill(0.0);
        }
        for ((tallies, columns), table) in ledger.situations.iter().zip(columns).zip(&ledger.tables) {
            if table.has_preferences {
                let utility = if table.is_settled { &mut *settled_utility } else { &mut *variable_utility };
                utility.iter_mut().zip(tallies).for_each(|(sum, &tally)| *sum += columns.utility[tally]);
            }
            if table.has_weights {
                novelty.iter_mut().zip(tallies).for_each(|(sum, &tally)| *sum += columns.novelty[tally]);
            }
        }
        let terms = variable_utility.iter().zip(settled_utility).zip(novelty);
        for (worth, ((variable, settled), novelty)) in worths.iter_mut().zip(terms) {
            *settled += indifference;
            *worth = weights.utility * *settled;
            *worth += weights.likelihood_information_gain * *novelty;
            *worth += weights.utility * variable;
        }
    }

    /// Passes slopes on to the tallies of every table, and returns those along the two weights.
    pub(super) fn read(&self, ledger: &Ledger, slopes: &mut [Slopes], weights: &Weights<f64>) -> [f64; 2] {
        for (tallies, slopes) in ledger.situations.iter().zip(slopes) {
            slopes.utility.fill(0.0);
            slopes.novelty.fill(0.0);
            for (&tally, along) in tallies.iter().zip(&self.along) {
                slopes.utility[tally] += weights.utility * along;
                slopes.novelty[tally] += weights.likelihood_information_gain * along;
            }
        }
        let utility = possible_product(&self.along, &self.variable_utility)
            + possible_product(&self.along, &self.settled_utility);
        [utility, possible_product(&self.along, &self.novelty)]
    }
}

/// `Σ slope · x`, where what has no slope adds nothing, even if `x` is not finite.
#[allow(clippy::float_cmp, reason = "an exact zero is the question")]
fn possible_product(slopes: &[f64], xs: &[f64]) -> f64 {
    let possible = slopes.iter().zip(xs).filter(|(slope, _)| **slope != 0.0);
    possible.map(|(slope, x)| slope * x).sum()
}
