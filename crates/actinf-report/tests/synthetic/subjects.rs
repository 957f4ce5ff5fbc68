//! Made-up subjects: estimates around a mean that differs between groups.

use super::{HOSTILE, Numbers, Study, choices};
use actinf_agents::{LogLikelihood, Support};
use actinf_fit::{
    Convergence, Estimate, ImportanceSampling, ModelRecord, NormalApproximation, Outcome, SubjectFit,
    SubjectRecord, SubjectSteps, Verdict,
};

pub(crate) fn subjects(study: Study, model: &ModelRecord) -> (Vec<SubjectRecord>, Vec<SubjectSteps>) {
    let mut records = vec![];
    let mut all_steps = vec![];
    for position in 0..study.subjects {
        let mut numbers = Numbers::new(position as u64 + 1);
        let id = match (study.hostile, position) {
            (true, 0) => HOSTILE.to_string(),
            (true, 1) => "\"><img src=x onerror=alert(2)>".to_string(),
            _ => format!("sub-{:03}", position + 1),
        };
        let group = (study.groups > 0).then(|| group(study, position));
        let covariates =
            vec![("age".to_string(), (position % 7 != 0).then(|| 34.0 + 9.0 * numbers.normal()))];
        let outcome = if position >= study.subjects - study.failed.min(study.subjects) {
            let reason = "the recorded action has probability 0 under the model (session 3, trial 7, step 1, row 4711)";
            Outcome::Failed { reason: reason.into() }
        } else {
            let skill = (0.9 + 0.5 * numbers.normal()).max(0.05);
            let steps = choices::steps(study, &id, skill, &mut numbers);
            let fit = fit(study, model, position, &steps, &mut numbers);
            all_steps.push(steps);
            Outcome::Fitted(fit)
        };
        records.push(SubjectRecord { id, group, covariates, outcome });
    }
    (records, all_steps)
}

fn group(study: Study, position: usize) -> String {
    let labels = ["controls", "schizophrenia & schizoaffective <i>disorder</i>", "siblings", "depression"];
    let group = position % study.groups;
    labels.get(group).map_or(format!("group {group}"), |label| (*label).to_string())
}

fn fit(
    study: Study,
    model: &ModelRecord,
    position: usize,
    steps: &SubjectSteps,
    numbers: &mut Numbers,
) -> SubjectFit {
    let group = position.checked_rem(study.groups).unwrap_or(0);
    let estimates: Vec<Estimate> = (0..study.free_parameters)
        .map(|k| {
            let parameter = &model.parameters[k].parameter;
            estimate(&parameter.name, parameter.support, k, group, numbers)
        })
        .collect();
    let taken: Vec<f64> = steps.steps.iter().filter_map(|step| step.log_probability).collect();
    let log_likelihood: f64 = taken.iter().sum();
    let chance = -(taken.len() as f64) * (study.actions as f64).ln();
    let d = study.free_parameters as f64;
    let agreeing = 1 + (numbers.unit() * 8.0) as usize;
    SubjectFit {
        estimates,
        log_likelihood: LogLikelihood { total: log_likelihood, actions: log_likelihood, responses: vec![] },
        log_prior: -9.1,
        log_posterior: log_likelihood - 9.1,
        log_evidence: (position % 11 != 3).then_some(log_likelihood - 1.6 * d),
        aic: 2.0 * d - 2.0 * log_likelihood,
        bic: d * (taken.len() as f64).ln() - 2.0 * log_likelihood,
        chance_log_likelihood: chance,
        pseudo_r2: 1.0 - log_likelihood / chance,
        likelihood_per_action: (log_likelihood / taken.len() as f64).exp(),
        actions: taken.len(),
        convergence: Convergence {
            converged: position % 23 != 5,
            reason: "the gradient is below the tolerance".into(),
            starts: 8,
            starts_agreeing: agreeing.min(8),
            gap_to_second: (agreeing < 8).then_some(0.8),
            gradient_norm: 1e-7,
            hessian_condition: Some(312.0),
            evaluations: 412,
        },
        verdict: [Verdict::WellDetermined, Verdict::WeaklyDetermined, Verdict::Unbounded][position % 3],
        verdict_reason: "the data take away less than half of the prior variance of <γ> (at least 4 %)"
            .into(),
        approximation: Some(approximation(study, model, numbers)),
        importance_sampling: position.is_multiple_of(2).then_some(ImportanceSampling {
            log_evidence: log_likelihood - 1.6 * d + 0.1,
            standard_error: 0.02,
            pareto_k: Some(0.1 + 0.05 * (position % 17) as f64),
            draws: 1000,
            effective_draws: 640.0,
            laplace_error: -0.1,
        }),
        profiles: vec![],
    }
}

fn estimate(name: &str, support: Support, k: usize, group: usize, numbers: &mut Numbers) -> Estimate {
    let spread = 0.35 + 0.15 * (k % 4) as f64;
    let centre = 0.3 * (k as f64 - 4.0) / 2.0 + 0.3 * group as f64;
    let x = centre + spread * numbers.normal() * if k == 8 { 3.0 } else { 1.0 };
    let error = (0.12 + 0.1 * k as f64) * (0.6 + numbers.unit());
    let natural = |x: f64| match support {
        Support::Real => x,
        Support::Positive => x.exp(),
        Support::Unit | Support::Simplex { .. } => 1.0 / (1.0 + (-x).exp()),
        Support::Interval { lower, upper } => lower + (upper - lower) / (1.0 + (-x).exp()),
    };
    let lost = numbers.unit() < 0.03;
    Estimate {
        parameter: name.into(),
        estimate: natural(x),
        standard_error: (!lost).then_some(error),
        lower: (!lost).then(|| natural(x - 1.96 * error)),
        upper: (!lost).then(|| natural(x + 1.96 * error)),
        contraction: (!lost).then_some(1.0 - error * error),
        at_bound: numbers.unit() < 0.01,
    }
}

/// Errors that share one cause, more or less.
fn approximation(study: Study, model: &ModelRecord, numbers: &mut Numbers) -> NormalApproximation {
    let names = model.parameters.iter().take(study.free_parameters).map(|p| p.parameter.name.clone());
    let loads: Vec<f64> = (0..study.free_parameters)
        .map(|k| ((k as f64 * 1.3).sin() * 1.6 + 0.4 * numbers.normal()) * if k < 4 { 1.5 } else { 0.4 })
        .collect();
    let entry = |i: usize, j: usize| loads[i] * loads[j] + f64::from(u8::from(i == j));
    NormalApproximation {
        coordinates: names.collect(),
        mean: vec![0.0; study.free_parameters],
        covariance: (0..study.free_parameters)
            .map(|i| (0..study.free_parameters).map(|j| 0.05 * entry(i, j)).collect())
            .collect(),
        strongly_correlated: vec![],
    }
}
