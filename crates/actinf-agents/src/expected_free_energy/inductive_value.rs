//! Inductive value: whether a policy keeps goals within reach, planned backwards from them.
//!
//! ```text
//! R_f(s → s')  possible if B_f(s' | s, ·) > threshold for some action and some states of the other parents
//! I_f(0) = the goals of factor f            I_f(i) = the states from which I_f(i - 1) is possible in one step
//! n_f    = max(0, i - 1) with the first i for which argmax q_f is in I_f(i)
//! V(π)   = ln ε Σ_f Σ_{s not in I_f(n_f)} q_f(s | π)                       summed over the steps of the policy
//! ```
//!
//! A policy should bring every factor with goals into the set one step nearer to them than the set that holds its most
//! probable state now; what it leaves outside costs `ln ε` nats. As many sets as the model's `depth` are worked out, the
//! goals themselves being the first; a factor whose most probable state is in none of them adds nothing. The set is found once, from the belief that planning starts from,
//! and kept for all steps of a policy, as in pymdp. Where several states are most probable, the first counts.
//!
//! Sets and most probable states are piecewise constant in all parameters: the derivative goes through `q(s | π)` alone and
//! misses the jumps.
//!
//! # References
//!
//! Friston, Salvatori, Isomura, Tschantz, Kiefer, Verbelen, Koudahl, Paul, Parr, Razi, Kagan, Buckley & Ramstead (2025).
//! Active inference and intentional behavior. *Neural Computation* 37, 666-700.

use crate::learning::{Knowledge, Table};
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::Induction;

/// The goals of one factor with the sets of states before them.
struct Goals {
    factor: usize,
    states: usize,
    /// The revision of the transitions that the sets belong to; `None` before the first.
    revision: Option<u64>,
    /// `[previous state, next state]`: whether the transition is possible.
    possible: Vec<bool>,
    /// `[steps before the goal, state]`.
    sets: Vec<bool>,
    /// Scratch: the previous state of every factor.
    previous: Vec<usize>,
}

/// Inductive planning with what it has worked out.
pub(crate) struct InductivePlanning {
    threshold: f64,
    log_epsilon: f64,
    goals: Vec<Goals>,
    /// Per state of every factor: whether it lies outside the set aimed at.
    outside: Vec<bool>,
}

impl InductivePlanning {
    pub(crate) fn new(induction: &Induction, structure: &Structure) -> Self {
        let goals = induction.goals.iter().enumerate().filter_map(|(factor, goals)| {
            let goals = goals.as_ref()?;
            let states = goals.len();
            let mut sets = vec![false; induction.depth.max(1) * states];
            sets[..states].copy_from_slice(goals);
            Some(Goals {
                factor,
                states,
                revision: None,
                possible: vec![false; states * states],
                sets,
                previous: vec![0; structure.factor_sizes.len()],
            })
        });
        InductivePlanning {
            threshold: induction.threshold,
            log_epsilon: induction.epsilon.ln(),
            goals: goals.collect(),
            outside: vec![false; structure.marginal_states()],
        }
    }

    /// Takes over what has changed in the transitions.
    pub(crate) fn follow<T: Real>(&mut self, structure: &Structure, knowledge: &Knowledge<T>) {
        for goals in &mut self.goals {
            let table = &knowledge.transitions[goals.factor];
            if goals.revision != Some(table.revision()) {
                goals.find_possible(structure, table, self.threshold);
                goals.work_backwards();
                goals.revision = Some(table.revision());
            }
        }
    }

    /// Chooses the sets to aim at from the marginals of all factors.
    pub(crate) fn aim<T: Real>(&mut self, structure: &Structure, marginals: &[T]) {
        for goals in &self.goals {
            let range = structure.factor_range(goals.factor);
            let outside = &mut self.outside[range.clone()];
            match goals.set_to_aim_at(most_probable(&marginals[range])) {
                Some(set) => outside.iter_mut().zip(set).for_each(|(outside, inside)| *outside = !inside),
                None => outside.fill(false),
            }
        }
    }

    /// The inductive value of one future step with these marginals, in nats; at most 0.
    pub(crate) fn value<T: Real>(&self, marginals: &[T]) -> T {
        let mut outside = T::ZERO;
        for (&q, _) in marginals.iter().zip(&self.outside).filter(|(_, outside)| **outside) {
            outside += q;
        }
        outside * self.log_epsilon
    }
}

impl Goals {
    fn find_possible<T: Real>(&mut self, structure: &Structure, table: &Table<T>, threshold: f64) {
        let transitions = &structure.transitions[self.factor];
        let depends_on_itself = transitions.parents.contains(&self.factor);
        self.possible.fill(false);
        for column in 0..table.expected().nrows() {
            let configuration = column % transitions.parent_configurations;
            structure.states_of_configuration(&transitions.parents, configuration, &mut self.previous);
            let own = self.previous[self.factor];
            let from = if depends_on_itself { own..own + 1 } else { 0..self.states };
            for (next, _) in table.column(column).iter().enumerate().filter(|(_, p)| p.value() > threshold) {
                from.clone().for_each(|state| self.possible[state * self.states + next] = true);
            }
        }
    }

    fn work_backwards(&mut self) {
        let states = self.states;
        for steps in 1..self.sets.len() / states {
            let (nearer, set) = self.sets.split_at_mut(steps * states);
            let nearer = &nearer[(steps - 1) * states..];
            for (state, inside) in set[..states].iter_mut().enumerate() {
                let next = &self.possible[state * states..(state + 1) * states];
                *inside = next.iter().zip(nearer).any(|(possible, inside)| *possible && *inside);
            }
        }
    }

    /// The set one step nearer than the first that holds `state`; `None` if none does.
    fn set_to_aim_at(&self, state: usize) -> Option<&[bool]> {
        let first = self.sets.chunks_exact(self.states).position(|set| set[state])?;
        self.sets.chunks_exact(self.states).nth(first.saturating_sub(1))
    }
}

/// The first of the states with the largest probability.
fn most_probable<T: Real>(marginal: &[T]) -> usize {
    let mut best = 0;
    for (state, p) in marginal.iter().enumerate() {
        if p.value() > marginal[best].value() {
            best = state;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four states in a row; one step moves to a neighbour on the right, and the goal is the last.
    fn row_of_four(depth: usize) -> Goals {
        let mut goals = Goals {
            factor: 0,
            states: 4,
            revision: None,
            possible: (0..16).map(|cell| cell % 4 == cell / 4 + 1).collect(),
            sets: vec![false; depth * 4],
            previous: vec![0],
        };
        goals.sets[3] = true;
        goals.work_backwards();
        goals
    }

    #[test]
    fn sets_grow_backwards_from_the_goal() {
        let goals = row_of_four(3);
        for (steps, state) in [3, 2, 1].into_iter().enumerate() {
            let set = &goals.sets[steps * 4..(steps + 1) * 4];
            assert!((0..4).all(|s| set[s] == (s == state)), "{steps}");
        }
    }

    #[test]
    fn the_set_aimed_at_is_one_step_nearer() {
        let goals = row_of_four(3);
        assert_eq!(goals.set_to_aim_at(1), Some(&goals.sets[4..8]));
        assert_eq!(goals.set_to_aim_at(2), Some(&goals.sets[0..4]));
        // At the goal the aim is to stay there; from the first state it is too far.
        assert_eq!(goals.set_to_aim_at(3), Some(&goals.sets[0..4]));
        assert_eq!(goals.set_to_aim_at(0), None);
    }

    #[test]
    fn of_equally_probable_states_the_first_counts() {
        assert_eq!(most_probable(&[0.3, 0.4, 0.4_f64 - 0.1, 0.4]), 1);
        assert_eq!(most_probable(&[0.5, 0.5]), 0);
    }
}
