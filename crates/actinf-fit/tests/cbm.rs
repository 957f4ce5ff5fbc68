//! Estimates and Laplace evidence of 40 people under two Rescorla-Wagner models, against those of CBM.
//!
//! CBM's example data are under the GPL and not part of this repository: get `cbm_rl_data.tsv` (subject, trial,
//! action 1/2, outcome -1/1) and name it by the variable `ACTINF_CBM_DATA`.
//!
//! Piray, Dezfouli, Heskes, Frank & Daw (2019). Hierarchical Bayesian inference for concurrent model fitting and
//! comparison for group studies. *PLoS Computational Biology* 15, e1007043.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::{LikelihoodError, Subject, Support};
use actinf_fit::{Outcome, Prior, Problem, SubjectFit, Workers, fit};
use toys::*;

/// `q_a ← q_a + rate (outcome - q_a)`, `p(a) = 1 / (1 + exp(-temperature (q_a - q_other)))`; the outcome is the
/// "rating" of a step. `rate_at` gives the position among the values of the rate that follows a prediction error.
fn log_likelihood(
    subject: &Subject,
    values: &[f64],
    gradient: &mut [f64],
    rate_at: fn(f64) -> usize,
) -> Result<f64, LikelihoodError> {
    let last = values.len() - 1;
    let temperature = values[last];
    let (mut q, mut slopes) = ([0.0_f64; 2], [[0.0; 2]; 2]);
    gradient.fill(0.0);
    let mut total = 0.0;
    for (_, step) in subject.steps() {
        let (Some(action), Some(outcome)) = (step.actions[0], step.responses[0]) else { continue };
        let difference = q[action] - q[1 - action];
        let miss = 1.0 / (1.0 + (temperature * difference).exp());
        total -= (-temperature * difference).exp().ln_1p();
        gradient[last] += miss * difference;
        for rate in 0..last {
            gradient[rate] += miss * temperature * (slopes[action][rate] - slopes[1 - action][rate]);
        }
        let error = outcome - q[action];
        let own = rate_at(error);
        slopes[action].iter_mut().for_each(|slope| *slope -= values[own] * *slope);
        slopes[action][own] += error;
        q[action] += values[own] * error;
    }
    Ok(total)
}

fn rescorla_wagner() -> Toy {
    let unit = parameter("learning_rate", Support::Unit, &[0.5]);
    Toy::new(vec![unit, parameter("inverse_temperature", Support::Positive, &[1.0])], |s, x, g| {
        log_likelihood(s, x, g, |_| 0)
    })
}

fn two_rates() -> Toy {
    let unit = |name| parameter(name, Support::Unit, &[0.5]);
    let temperature = parameter("inverse_temperature", Support::Positive, &[1.0]);
    Toy::new(vec![unit("rate_of_gains"), unit("rate_of_losses"), temperature], |s, x, g| {
        log_likelihood(s, x, g, |error| usize::from(error < 0.0))
    })
}

fn people() -> Vec<Subject> {
    let path = std::env::var_os("ACTINF_CBM_DATA").expect("ACTINF_CBM_DATA names CBM's example data");
    let text = std::fs::read_to_string(path).unwrap();
    let mut people: Vec<Subject> = Vec::new();
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let own = choice(cells[2].parse::<usize>().unwrap() - 1, cells[3].parse().unwrap());
        match people.last_mut().filter(|person| person.id == cells[0]) {
            Some(person) => person.sessions[0].trials[0].steps.push(own),
            None => people.push(with_steps(cells[0], vec![own])),
        }
    }
    people
}

/// All coordinates under Normal(0, 2.5²).
fn fits(model: &Toy) -> Vec<SubjectFit> {
    let role = |p: &actinf_agents::Parameter| match p.support {
        Support::Positive => free(Prior::LogNormal { median: 1.0, sd: 2.5 }),
        _ => free(Prior::LogitNormal { mean: 0.0, sd: 2.5 }),
    };
    let roles = actinf_agents::BehaviourModel::parameters(model).iter().map(role).collect();
    let problem = Problem::new(model, roles).unwrap();
    let method = actinf_fit::MaximumAPosteriori { starts: 16, ..actinf_fit::MaximumAPosteriori::default() };
    let fitted = fit(&problem, &dataset(people()), &method, 1, &Workers::serial(), &|_| {});
    let fit_of = |subject: actinf_fit::SubjectRecord| match subject.outcome {
        Outcome::Fitted(fit) => fit,
        Outcome::Failed { reason } => panic!("{}: {reason}", subject.id),
    };
    fitted.subjects.into_iter().map(fit_of).collect()
}

fn compare(model: &Toy, name: &str) {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/cbm_laplace.json")).unwrap();
    let number = |key: &str, k: usize| golden[name][key][k].as_f64().unwrap();
    let fits = fits(model);
    assert_eq!(fits.len(), 40);
    for (k, fit) in fits.iter().enumerate() {
        let evidence = fit.log_evidence.unwrap();
        near(fit.log_posterior, number("log_posterior", k), 1e-8);
        // The other implementation takes second differences of values, which leaves errors of 1e-6.
        near(evidence, number("log_evidence", k), 5e-6);
        // CBM's own derivatives are coarse: its evidences are off by up to 0.00299 nats.
        near(evidence, number("shipped_log_evidence", k), 3e-3);
        let mode = &fit.approximation.as_ref().unwrap().mean;
        for (j, found) in mode.iter().enumerate() {
            near(*found, golden[name]["estimates"][k][j].as_f64().unwrap(), 1e-6);
            near(*found, golden[name]["shipped_estimates"][k][j].as_f64().unwrap(), 1e-3);
        }
    }
}

#[test]
#[ignore = "needs CBM's example data, named by ACTINF_CBM_DATA"]
fn forty_people_have_the_estimates_and_evidences_of_cbm() {
    compare(&rescorla_wagner(), "rescorla_wagner");
    compare(&two_rates(), "rescorla_wagner_two_rates");
}
