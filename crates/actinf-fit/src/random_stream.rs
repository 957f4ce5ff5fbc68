//! One stream of random numbers per purpose, subject and repetition: results never depend on who is served first.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What random numbers are drawn for; different purposes never share a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Starting points of searches.
    Start = 1,
    /// Parameter values drawn from priors.
    TrueValues = 2,
    /// Simulated behaviour.
    Behaviour = 3,
    /// Draws that weigh a posterior.
    ImportanceDraws = 8,
    /// Draws that weigh a subject's likelihood under its population.
    IntegratedLikelihood = 16,
    /// Where chains start.
    ChainStart = 17,
    /// Chains of a sampler.
    Chain = 18,
    /// Draws of a population's weights, from which intervals of effects are made.
    Weights = 19,
    /// Replicated behaviour of predictive checks.
    PredictiveChecks = 20,
    /// People simulated to see which parameters can be told apart.
    Identifiability = 21,
}

/// The stream of one subject (by position) and repetition (a start, for example): ChaCha8 seeded with `seed`, on
/// the stream whose number is `purpose` in bits 56 to 63, `subject` in bits 24 to 55 and `repetition` in bits 0 to 23.
pub(crate) fn random_stream(seed: u64, purpose: Purpose, subject: usize, repetition: usize) -> ChaCha8Rng {
    let subject = (subject as u64) & 0xffff_ffff;
    let repetition = (repetition as u64) & 0x00ff_ffff;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(((purpose as u64) << 56) | (subject << 24) | repetition);
    rng
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_differ_by_purpose_subject_and_repetition() {
        let first = |purpose, subject, repetition| random_stream(7, purpose, subject, repetition).next_u64();
        let draws = [
            first(Purpose::Start, 0, 0),
            first(Purpose::Start, 0, 1),
            first(Purpose::Start, 1, 0),
            first(Purpose::Behaviour, 0, 0),
            first(Purpose::TrueValues, 0, 0),
        ];
        for (index, draw) in draws.iter().enumerate() {
            assert!(!draws[..index].contains(draw));
        }
        assert_eq!(first(Purpose::Start, 3, 4), first(Purpose::Start, 3, 4));
    }
}
