//! Smoothing against the sum over all sequences of states, on random models.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod random_models;

use super::*;
use crate::behaviour::Observation;
use crate::generative_model::GenerativeModel;
use crate::state_inference::scheme;
use crate::structure::{configuration, states_of};
use crate::task_model::Schedule;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use random_models::{Dependence, model};

/// What was seen and done: as many moves as steps but one.
struct Trial {
    observations: Vec<Vec<Observation>>,
    moves: Vec<Option<Move>>,
    averaged: [f64; 2],
}

impl Trial {
    fn random(model: &TaskModel, rng: &mut ChaCha8Rng) -> Trial {
        let moves = [Some(Move::Action(0)), Some(Move::Action(1)), Some(Move::Stay), None];
        let see = |rng: &mut ChaCha8Rng| match rng.random_range(0..3) {
            0 => Observation::Missing,
            outcome => Observation::Outcome(outcome - 1),
        };
        Trial {
            observations: (0..4).map(|_| model.modalities.iter().map(|_| see(rng)).collect()).collect(),
            moves: (0..3).map(|_| moves[rng.random_range(0..4)]).collect(),
            averaged: [0.3, 0.7],
        }
    }

    fn taken(&self, t: usize) -> Taken<'_, f64> {
        self.moves[t].map_or(Taken::Averaged(&self.averaged), Taken::Known)
    }
}

/// Marginals of all factors at every step, and the pairs of every move whose action is known.
type Hindsight = (Vec<Vec<f64>>, Vec<Vec<Array2<f64>>>);

fn pairs_of(structure: &Structure) -> Vec<Option<Array2<f64>>> {
    let pairs = |(t, &size): (&crate::structure::TransitionStructure, &usize)| {
        Some(Array2::zeros((t.parent_configurations, size)))
    };
    structure.transitions.iter().zip(&structure.factor_sizes).map(pairs).collect()
}

/// By filtering and smoothing.
fn smoothed(model: &TaskModel, trial: &Trial) -> Hindsight {
    let structure = Arc::new(Structure::new(model));
    let tables = GenerativeModel::<f64>::new(model, &[]).unwrap();
    let mut knowledge = Knowledge::new(&structure, &tables);
    knowledge.restart(&tables);
    let mut inference = scheme::<f64>(model, &structure).unwrap();
    let mut belief = vec![0.0; inference.belief_size()];
    let (mut next, mut branch) = (belief.clone(), belief.clone());
    inference.restart(&knowledge, &mut belief);
    let mut beliefs = Vec::new();
    for (t, observations) in trial.observations.iter().enumerate() {
        if t > 0 {
            inference.predict_across(&knowledge, trial.taken(t - 1), &belief, &mut next, &mut branch);
            std::mem::swap(&mut belief, &mut next);
        }
        inference.update(&knowledge, observations, &mut belief).unwrap();
        beliefs.push(belief.clone());
    }
    let mut smoother = Smoother::new(model, &structure);
    let mut pairs = Vec::new();
    for t in (0..trial.moves.len()).rev() {
        let mut these = pairs_of(&structure);
        let (earlier, later) = beliefs.split_at_mut(t + 1);
        let filtered = earlier[t].clone();
        smoother.step_back(
            (&mut *inference, &knowledge),
            trial.taken(t),
            (&filtered, &later[0]),
            &mut earlier[t],
            if trial.moves[t].is_some() { &mut these } else { &mut [] },
        );
        pairs.insert(0, these.into_iter().flatten().collect());
    }
    let marginals = beliefs.iter().map(|belief| {
        let mut marginals = vec![0.0; structure.marginal_states()];
        inference.marginals(belief, &mut marginals);
        marginals
    });
    (marginals.collect(), pairs)
}

/// `p(s' | s)` of one factor under a move.
fn step(model: &TaskModel, f: usize, action: Move, from: &[usize], to: usize) -> f64 {
    let transitions = &model.factors[f].transitions;
    let controls = match action {
        Move::Stay if !transitions.controls.is_empty() => return f64::from(u8::from(from[f] == to)),
        Move::Action(action) if !transitions.controls.is_empty() => action,
        _ => 0,
    };
    let sizes: Vec<usize> = model.factors.iter().map(|factor| factor.states.len()).collect();
    let rows: usize = transitions.parents.iter().map(|&p| sizes[p]).product();
    let column = &transitions.columns[controls * rows + configuration(&transitions.parents, &sizes, from)];
    distribution(column)[to]
}

fn distribution(column: &crate::task_model::Distribution) -> Vec<f64> {
    let weights: Vec<f64> = column.cells.iter().map(|cell| cell.evaluate(&[])).collect();
    weights.iter().map(|weight| weight / weights.iter().sum::<f64>()).collect()
}

fn move_probability(model: &TaskModel, trial: &Trial, t: usize, from: &[usize], to: &[usize]) -> f64 {
    let product =
        |action: Move| -> f64 { (0..to.len()).map(|f| step(model, f, action, from, to[f])).product() };
    match trial.moves[t] {
        Some(action) => product(action),
        None => (0..2).map(|u| trial.averaged[u] * product(Move::Action(u))).sum(),
    }
}

fn seen_probability(model: &TaskModel, observations: &[Observation], states: &[usize]) -> f64 {
    let sizes: Vec<usize> = model.factors.iter().map(|factor| factor.states.len()).collect();
    let one = |(modality, observation): (&crate::task_model::Modality, &Observation)| match observation {
        Observation::Outcome(outcome) => {
            distribution(&modality.likelihood[configuration(&modality.parents, &sizes, states)])[*outcome]
        }
        _ => 1.0,
    };
    model.modalities.iter().zip(observations).map(one).product()
}

/// By summing over all sequences of joint states.
fn enumerated(model: &TaskModel, trial: &Trial) -> Hindsight {
    let structure = Structure::new(model);
    let (joint, steps) = (structure.joint_states, trial.observations.len());
    let states: Vec<Vec<usize>> = (0..joint)
        .map(|index| {
            let mut states = vec![0; model.factors.len()];
            states_of(index, &structure.factor_sizes, &mut states);
            states
        })
        .collect();
    let mut marginals = vec![vec![0.0; structure.marginal_states()]; steps];
    let mut pairs: Vec<Vec<Array2<f64>>> =
        trial.moves.iter().map(|_| pairs_of(&structure).into_iter().flatten().collect()).collect();
    let mut evidence = 0.0;
    for index in 0..joint.pow(u32::try_from(steps).unwrap()) {
        let path: Vec<&Vec<usize>> =
            (0..steps).map(|t| &states[index / joint.pow(u32::try_from(t).unwrap()) % joint]).collect();
        let mut p: f64 =
            (0..model.factors.len()).map(|f| distribution(&model.factors[f].prior)[path[0][f]]).product();
        for t in 0..steps {
            p *= seen_probability(model, &trial.observations[t], path[t]);
            p *= if t > 0 { move_probability(model, trial, t - 1, path[t - 1], path[t]) } else { 1.0 };
        }
        evidence += p;
        for (t, states) in path.iter().enumerate() {
            for (f, &state) in states.iter().enumerate() {
                marginals[t][structure.factor_offsets[f] + state] += p;
                if t > 0 {
                    let parents = &structure.transitions[f].parents;
                    let row = configuration(parents, &structure.factor_sizes, path[t - 1]);
                    pairs[t - 1][f][(row, state)] += p;
                }
            }
        }
    }
    marginals.iter_mut().flatten().for_each(|p| *p /= evidence);
    pairs.iter_mut().flatten().for_each(|pairs| *pairs /= evidence);
    (marginals, pairs)
}

fn difference(a: &Hindsight, b: &Hindsight, trial: &Trial) -> f64 {
    let marginals = a.0.iter().flatten().zip(b.0.iter().flatten()).map(|(a, b)| (a - b).abs());
    let known = |t: &usize| trial.moves[*t].is_some_and(|action| action != Move::Stay);
    let pairs = (0..trial.moves.len()).filter(known).flat_map(|t| {
        a.1[t].iter().zip(&b.1[t]).flat_map(|(a, b)| a.iter().zip(b).map(|(a, b)| (a - b).abs()))
    });
    marginals.chain(pairs).fold(0.0, f64::max)
}

fn mean_field(model: &TaskModel) -> TaskModel {
    let inference = InferenceScheme::FixedPointIteration { sweeps: 2, schedule: Schedule::Sequential };
    TaskModel { inference, ..model.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn exact_smoothing_equals_enumeration_of_all_state_sequences(seed: u64, crossed: bool, apart: bool) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let dependence = if crossed { Dependence::Crossed } else { Dependence::Own };
        let model = model(&[2, 3], dependence, apart, &mut rng);
        let trial = Trial::random(&model, &mut rng);
        let difference = difference(&smoothed(&model, &trial), &enumerated(&model, &trial), &trial);
        prop_assert!(difference < 1e-12, "{difference}");
    }

    #[test]
    fn both_schemes_smooth_one_factor_alike(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let model = model(&[3], Dependence::Own, true, &mut rng);
        let trial = Trial::random(&model, &mut rng);
        let difference = difference(&smoothed(&model, &trial), &smoothed(&mean_field(&model), &trial), &trial);
        prop_assert!(difference < 1e-12, "{difference}");
    }

    /// Every factor is seen apart and passes its state to one factor only, so that the exact posterior is a product.
    #[test]
    fn smoothing_of_marginals_is_exact_where_no_two_factors_depend_on_the_same_one(seed: u64, shifted: bool) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let dependence = if shifted { Dependence::Shifted } else { Dependence::Own };
        let model = model(&[2, 3, 2], dependence, true, &mut rng);
        let mut trial = Trial::random(&model, &mut rng);
        if shifted {
            // A controlled factor that stays put would be depended on by itself and by the one after it.
            trial.moves.iter_mut().filter(|m| **m == Some(Move::Stay)).for_each(|m| *m = None);
        }
        let difference = difference(&smoothed(&model, &trial), &smoothed(&mean_field(&model), &trial), &trial);
        prop_assert!(difference < 1e-12, "{difference}");
    }

    #[test]
    fn smoothed_marginals_are_distributions_even_where_they_are_approximate(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let model = mean_field(&model(&[2, 3, 2], Dependence::Crossed, false, &mut rng));
        let trial = Trial::random(&model, &mut rng);
        for marginals in smoothed(&model, &trial).0 {
            for range in [0..2, 2..5, 5..7] {
                prop_assert!((marginals[range].iter().sum::<f64>() - 1.0).abs() < 1e-12);
            }
        }
    }
}
