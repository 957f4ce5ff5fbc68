//! The equations once more, in the plainest form: dense tables, nothing prepared, nothing left out. Free energies, expected free
//! energies and posteriors of one trial must agree with the agent's.

use super::{agent, simulated, text};
use actinf_agents::task_model::{Distribution, Form, InferenceScheme, Numerics, PolicyExtent, TaskModel};
use actinf_agents::{BehaviourModel, Observation, Real, default_values};

/// The numbers of a task, columns normalised.
struct Plain<'a> {
    task: &'a TaskModel,
    values: Vec<f64>,
    sizes: Vec<usize>,
}

/// What is known at one step.
struct PlainStep {
    free_energies: Vec<f64>,
    expected_free_energies: Vec<f64>,
    posterior: Vec<f64>,
}

type Marginals = Vec<Vec<f64>>;

fn normalised(weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let even = 1.0 / weights.len() as f64;
    weights.into_iter().map(|weight| if sum > 0.0 { weight / sum } else { even }).collect()
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().fold(f64::NEG_INFINITY, |most, logit| most.max(*logit));
    normalised(logits.iter().map(|logit| (logit - largest).exp()).collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Plain<'_> {
    fn is_spm(&self) -> bool {
        self.task.numerics == Numerics::Spm
    }

    fn ln(&self, p: f64) -> f64 {
        if self.is_spm() { (p + 1e-16).ln() } else { p.ln() }
    }

    fn ln_information(&self, p: f64) -> f64 {
        if self.is_spm() { (p + (-16.0_f64).exp()).ln() } else { p.ln() }
    }

    fn weights(&self, distribution: &Distribution) -> Vec<f64> {
        distribution.cells.iter().map(|cell| cell.evaluate(&self.values)).collect()
    }

    fn probabilities(&self, distribution: &Distribution) -> Vec<f64> {
        assert!(distribution.form != Form::Softmax);
        normalised(self.weights(distribution))
    }

    /// `b[next][present]` as counts.
    fn transition_weights(&self, factor: usize, action: usize) -> Vec<Vec<f64>> {
        let transitions = &self.task.factors[factor].transitions;
        let first = if transitions.controls.is_empty() { 0 } else { action * self.sizes[factor] };
        let columns = &transitions.columns[first..first + self.sizes[factor]];
        let columns: Vec<Vec<f64>> = columns.iter().map(|column| self.weights(column)).collect();
        (0..self.sizes[factor]).map(|next| columns.iter().map(|column| column[next]).collect()).collect()
    }

    fn forward(&self, factor: usize, action: usize, x: &[f64]) -> Vec<f64> {
        let weights = self.transition_weights(factor, action);
        let sums: Vec<f64> = (0..x.len()).map(|from| weights.iter().map(|row| row[from]).sum()).collect();
        let to = |row: &Vec<f64>| (0..x.len()).map(|from| row[from] / sums[from] * x[from]).sum::<f64>();
        weights.iter().map(|row| self.ln(to(row))).collect()
    }

    fn backward(&self, factor: usize, action: usize, x: &[f64]) -> Vec<f64> {
        let rows: Vec<Vec<f64>> =
            self.transition_weights(factor, action).into_iter().map(normalised).collect();
        let to = |state: usize| rows.iter().zip(x).map(|(row, x)| row[state] * x).sum::<f64>();
        (0..x.len()).map(|state| self.ln(to(state))).collect()
    }

    fn joint_states(&self) -> Vec<Vec<usize>> {
        self.sizes.iter().fold(vec![vec![]], |all, &size| {
            let extend = |states: Vec<usize>| (0..size).map(move |s| [states.clone(), vec![s]].concat());
            all.into_iter().flat_map(extend).collect()
        })
    }

    fn outcome_column(&self, modality: usize, states: &[usize]) -> usize {
        let parents = &self.task.modalities[modality].parents;
        parents.iter().fold(0, |column, &parent| column * self.sizes[parent] + states[parent])
    }

    fn outcome_probabilities(&self, modality: usize, states: &[usize]) -> Vec<f64> {
        let column = self.outcome_column(modality, states);
        self.probabilities(&self.task.modalities[modality].likelihood[column])
    }

    /// The logarithm of the likelihood expected under the other factors.
    fn log_likelihood(&self, outcomes: &[usize], factor: usize, x: &Marginals) -> Vec<f64> {
        let mut sums = vec![0.0; self.sizes[factor]];
        for states in self.joint_states() {
            let mut p: f64 =
                (0..outcomes.len()).map(|m| self.outcome_probabilities(m, &states)[outcomes[m]]).product();
            for (f, &state) in states.iter().enumerate().filter(|(f, _)| *f != factor) {
                p *= x[f][state];
            }
            sums[states[factor]] += p;
        }
        sums.into_iter().map(|sum| self.ln(sum)).collect()
    }

    /// All sweeps of one policy; `actions` are what it prescribes step by step, `links` the steps with a backward message.
    fn infer(&self, x: &mut [Marginals], seen: &[Vec<usize>], actions: &[usize], links: usize) -> f64 {
        let InferenceScheme::TrialMessagePassing(settings) = self.task.inference else {
            panic!("another scheme")
        };
        let (factors, end) = (self.sizes.len(), actions.len() + 1);
        let (mut energy, mut rise) = (0.0, 1.0);
        for sweep in 1..=settings.sweeps {
            if self.is_spm() && !(rise > (-8.0_f64).exp() || sweep > 4) {
                rise = 0.0;
                continue;
            }
            let mut next_energy = 0.0;
            for t in 0..end {
                for f in 0..factors {
                    let likelihood = if t < seen.len() {
                        self.log_likelihood(&seen[t], f, &x[t])
                    } else {
                        vec![0.0; self.sizes[f]]
                    };
                    let mut messages = vec![if t == 0 {
                        self.probabilities(&self.task.factors[f].prior).iter().map(|&p| self.ln(p)).collect()
                    } else {
                        self.forward(f, actions[t - 1], &x[t - 1][f])
                    }];
                    if t < links {
                        messages.push(self.backward(f, actions[t], &x[t + 1][f]));
                    }
                    let v: Vec<f64> = (0..self.sizes[f])
                        .map(|s| messages.iter().map(|m| m[s] + likelihood[s] - self.ln(x[t][f][s])).sum())
                        .collect();
                    let others = (factors - 1) as f64 / factors as f64 * dot(&x[t][f], &likelihood);
                    next_energy += if !self.is_spm() {
                        dot(&x[t][f], &v) / messages.len() as f64 - others
                    } else if t == 0 || t + 1 == end {
                        dot(&x[t][f], &v) / 2.0
                    } else {
                        dot(&x[t][f], &v) / 2.0 - others
                    };
                    let logits: Vec<f64> = (0..self.sizes[f])
                        .map(|s| self.ln(x[t][f][s]) + v[s] / settings.time_constant)
                        .collect();
                    x[t][f] = softmax(&logits);
                }
            }
            if sweep > 1 {
                rise = next_energy - energy;
            }
            energy = next_energy;
        }
        energy
    }

    /// `- G` of one policy.
    fn value(&self, policy: usize, x: &[Marginals], actions: &[usize], now: usize) -> f64 {
        let weights = &self.task.planning.weights;
        let weight = |cell: &actinf_agents::Expression| cell.evaluate::<f64>(&self.values);
        let mut value = 0.0;
        for t in now..=actions.len() {
            value += self.information(&x[t]) + self.utility(&x[t], t);
            value += weight(&weights.likelihood_information_gain) * self.likelihood_novelty(&x[t]);
            if t < actions.len() {
                let novelty = self.transition_novelty(policy, actions[t], &x[t], &x[t + 1]);
                value += weight(&weights.transition_information_gain) * novelty;
            }
        }
        for (f, factor) in self.task.factors.iter().enumerate() {
            let scale = if f == 0 { 1.0 } else { self.values[5] };
            let counts: Vec<f64> = self.weights(&factor.prior).iter().map(|weight| weight * scale).collect();
            let sum: f64 = counts.iter().sum();
            value += counts.iter().zip(&x[0][f]).map(|(a, x)| 0.5 * (1.0 / a - 1.0 / sum) * x).sum::<f64>();
        }
        value
    }

    fn information(&self, x: &Marginals) -> f64 {
        let sizes: Vec<usize> = self.task.modalities.iter().map(|m| m.outcomes.len()).collect();
        let (mut expected, mut conditional) = (vec![0.0; sizes.iter().product()], 0.0);
        for states in self.joint_states() {
            let q: f64 = states.iter().enumerate().map(|(f, &s)| x[f][s]).product();
            let mut joint = vec![1.0];
            for m in 0..sizes.len() {
                let p = self.outcome_probabilities(m, &states);
                joint = joint.iter().flat_map(|mass| p.iter().map(move |p| mass * p)).collect();
            }
            for (sum, p) in expected.iter_mut().zip(&joint) {
                *sum += q * p;
                conditional += q * p * self.ln_information(*p);
            }
        }
        conditional - expected.iter().map(|q| q * self.ln_information(*q)).sum::<f64>()
    }

    fn utility(&self, x: &Marginals, t: usize) -> f64 {
        let mut utility = 0.0;
        for (m, modality) in self.task.modalities.iter().enumerate() {
            let steps = &modality.preferences.steps;
            let cells: Vec<f64> =
                steps[t.min(steps.len() - 1)].iter().map(|cell| cell.evaluate(&self.values)).collect();
            let shift = if self.is_spm() { 1.0 / 32.0 } else { 0.0 };
            let logits: Vec<f64> = match modality.preferences.learning {
                None => cells,
                Some(_) => cells.iter().map(|count| Real::digamma(count + shift)).collect(),
            };
            let logs: Vec<f64> = softmax(&logits).iter().map(|p| self.ln(*p)).collect();
            utility += dot(&self.expected_outcomes(m, x), &logs);
        }
        utility
    }

    fn expected_outcomes(&self, modality: usize, x: &Marginals) -> Vec<f64> {
        let mut expected = vec![0.0; self.task.modalities[modality].outcomes.len()];
        for states in self.joint_states() {
            let q: f64 = states.iter().enumerate().map(|(f, &s)| x[f][s]).product();
            for (sum, p) in expected.iter_mut().zip(self.outcome_probabilities(modality, &states)) {
                *sum += q * p;
            }
        }
        expected
    }

    /// Of the only modality that is learned, whose counts are `3 count` times its probabilities.
    fn likelihood_novelty(&self, x: &Marginals) -> f64 {
        let (total, expected) = (3.0 * self.values[5], self.expected_outcomes(0, x));
        let mut novelty = 0.0;
        for states in self.joint_states() {
            let q: f64 = states.iter().enumerate().map(|(f, &s)| x[f][s]).product();
            for (p, expected) in self.outcome_probabilities(0, &states).iter().zip(&expected) {
                novelty += 0.5 * (1.0 / (total * p) - 1.0 / total) * expected * q;
            }
        }
        novelty
    }

    /// Of the only factor whose transitions are learned.
    fn transition_novelty(&self, policy: usize, action: usize, x: &Marginals, next: &Marginals) -> f64 {
        let slice = if self.is_spm() { policy } else { action };
        if slice > 1 {
            return 0.0;
        }
        let counts = self.transition_weights(0, slice);
        let mut novelty = 0.0;
        for to in 0..self.sizes[0] {
            for from in 0..self.sizes[0] {
                let sum: f64 = counts.iter().map(|row| row[from]).sum();
                let pair = if self.is_spm() { x[0][to] * next[0][from] } else { next[0][to] * x[0][from] };
                novelty += 0.5 * (1.0 / counts[to][from] - 1.0 / sum) * pair;
            }
        }
        novelty
    }

    /// One trial of three steps with these outcomes and actions.
    fn trial(&self, seen: &[Vec<usize>], taken: &[usize]) -> Vec<PlainStep> {
        let InferenceScheme::TrialMessagePassing(settings) = self.task.inference else {
            panic!("another scheme")
        };
        let whole = settings.policies == PolicyExtent::WholeTrial;
        let policies = &self.task.planning.policies;
        let uniform: Marginals = self.sizes.iter().map(|&n| vec![1.0 / n as f64; n]).collect();
        let mut beliefs = vec![vec![uniform.clone(); 3]; policies.len()];
        let prior: Marginals =
            self.task.factors.iter().map(|factor| self.probabilities(&factor.prior)).collect();
        beliefs.iter_mut().for_each(|x| x[0] = prior.clone());
        let learned = self.task.choice.habit_learning.as_ref().unwrap();
        let actinf_agents::task_model::Counts::Explicit(counts) = &learned.counts else {
            panic!("no counts")
        };
        let habits = normalised(counts[0].iter().map(|cell| cell.evaluate(&self.values)).collect());
        let beta = self.values[1];
        let (mut rate, mut precision) = (beta, 1.0 / beta);
        let mut considered = vec![true; policies.len()];
        let mut steps: Vec<PlainStep> = Vec::new();
        for now in 0..3 {
            if let (Some(zeta), Some(last), true) = (settings.pruning, steps.last(), whole) {
                let best = last.posterior.iter().fold(0.0_f64, |best, p| best.max(*p)).ln();
                let keep = |k: usize| last.posterior[k].ln() - best > -zeta;
                considered = (0..policies.len()).map(|k| considered[k] && keep(k)).collect();
            }
            let (mut free, mut values) = (vec![0.0; policies.len()], vec![0.0; policies.len()]);
            for k in (0..policies.len()).filter(|&k| considered[k]) {
                let x = &mut beliefs[k];
                if !whole && now > 0 {
                    *x = vec![uniform.clone(); 3];
                }
                for marginal in x.iter_mut().flatten() {
                    let logs: Vec<f64> = marginal.iter().map(|&p| self.ln(p) / settings.reset).collect();
                    *marginal = softmax(&logs);
                }
                let actions = if whole {
                    policies[k].clone()
                } else {
                    [&taken[..now], &policies[k][..]].concat()[..(now + 1).min(2)].to_vec()
                };
                let links = if whole { 2 } else { now };
                free[k] = self.infer(x, &seen[..=now], &actions, links);
                values[k] = self.value(k, x, &actions, now);
            }
            let posterior = |precision: f64, evidence: bool| {
                let logit = |k: usize| {
                    let f = if evidence { free[k] } else { 0.0 };
                    if considered[k] { habits[k].ln() + precision * values[k] + f } else { f64::NEG_INFINITY }
                };
                softmax(&(0..policies.len()).map(logit).collect::<Vec<f64>>())
            };
            let mut last = posterior(precision, true);
            for _ in 0..if whole { settings.precision_sweeps } else { 0 } {
                last = posterior(precision, true);
                let before = posterior(precision, false);
                let surplus: f64 = (0..policies.len()).map(|k| (last[k] - before[k]) * values[k]).sum();
                rate -= (rate - beta + surplus) / 2.0;
                precision = 1.0 / rate;
            }
            steps.push(PlainStep {
                free_energies: free,
                expected_free_energies: values.iter().map(|value| -value).collect(),
                posterior: last,
            });
        }
        steps
    }
}

#[track_caller]
fn assert_close(what: &str, computed: &[f64], plain: &[f64]) {
    assert_eq!(computed.len(), plain.len(), "{what}");
    for (a, b) in computed.iter().zip(plain) {
        assert!((a - b).abs() < 1e-11 * (1.0 + b.abs()), "{what}: {computed:?} {plain:?}");
    }
}

#[test]
fn the_agent_does_what_the_plain_equations_say() {
    for (whole_trial, numerics) in [(true, "spm"), (true, "exact"), (false, "spm"), (false, "exact")] {
        let model = agent(&text(whole_trial, numerics));
        let plain = Plain {
            task: model.task(),
            values: default_values(model.parameters()),
            sizes: model.task().factors.iter().map(|factor| factor.states.len()).collect(),
        };
        for seed in 0..5 {
            let mut subject = simulated(&model, seed);
            subject.sessions.truncate(1);
            subject.sessions[0].trials.truncate(1);
            let rows = &subject.sessions[0].trials[0].steps;
            let outcome = |observation: &Observation| match observation {
                Observation::Outcome(outcome) => *outcome,
                _ => panic!("nothing else is simulated"),
            };
            let seen: Vec<Vec<usize>> =
                rows.iter().map(|row| row.observations.iter().map(outcome).collect()).collect();
            let taken: Vec<usize> = rows.iter().filter_map(|row| row.actions[0]).collect();
            let trial = model.inspect_trials(&subject, &plain.values).unwrap().remove(0);
            for (t, (ours, plain)) in trial.steps.iter().zip(plain.trial(&seen, &taken)).enumerate() {
                let what = format!("{numerics}, whole trial {whole_trial}, seed {seed}, step {t}");
                assert_close(&format!("{what}, F"), &ours.evidence_of_policies, &plain.free_energies);
                assert_close(
                    &format!("{what}, G"),
                    &ours.expected_free_energies,
                    &plain.expected_free_energies,
                );
                let posterior: Vec<f64> = ours.log_policy_posterior.iter().map(|log| log.exp()).collect();
                assert_close(&format!("{what}, posterior"), &posterior, &plain.posterior);
            }
        }
    }
}
