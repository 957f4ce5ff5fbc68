//! A result with everything that is hard to write: missing values, odd numbers, aborted trials, failures.

use crate::fixtures::schema;
use actinf_agents::{LogLikelihood, ModelTable, Parameter, Place, Quantity, StepRecord, Support};
use actinf_fit::predictive_checks::{
    CheckedRate, Condition, GroupCheck, OutsideRate, PersonChecks, PredictiveChecks, RateCheck,
    StatisticKind, Unchecked,
};
use actinf_fit::*;

fn model() -> ModelRecord {
    let parameter = |name: &str, support: Support, default: Vec<f64>| Parameter {
        name: name.into(),
        symbol: "γ".into(),
        meaning: "how reliably".into(),
        support,
        default,
    };
    let prior = Prior::Normal { mean: 0.1, sd: 1.0 / 3.0 };
    ModelRecord {
        name: "bandit".into(),
        source: "built in".into(),
        description: "a model".into(),
        citation: String::new(),
        sha256: "00".into(),
        parameters: vec![
            ParameterRecord {
                parameter: parameter("precision", Support::Positive, vec![1.0]),
                role: Role::Free { prior, default_prior: true },
            },
            ParameterRecord {
                parameter: parameter("bounded", Support::Interval { lower: -1.0, upper: 0.3 }, vec![0.0]),
                role: Role::Fixed { values: vec![0.1 + 0.2] },
            },
        ],
        schema: schema(),
        quantities: ["left", "right"]
            .map(|label| Quantity {
                family: "belief.side".into(),
                label: label.into(),
                unit: "probability".into(),
            })
            .to_vec(),
    }
}

fn fit() -> SubjectFit {
    SubjectFit {
        estimates: vec![Estimate {
            parameter: "precision".into(),
            estimate: 1.0 / 3.0,
            standard_error: None,
            lower: Some(1e-300),
            upper: Some(2.5),
            contraction: Some(0.1 + 0.2),
            at_bound: true,
        }],
        log_likelihood: LogLikelihood {
            total: -12.345678901234567,
            actions: -10.0,
            responses: vec![-1.0, 0.0, 0.1],
        },
        log_prior: -0.7,
        log_posterior: -13.0,
        log_evidence: None,
        aic: 26.0,
        bic: 27.0,
        chance_log_likelihood: -20.0,
        pseudo_r2: 0.5,
        likelihood_per_action: 0.6,
        actions: 30,
        convergence: Convergence {
            converged: true,
            reason: "the gradient vanished, \"nearly\"".into(),
            starts: 8,
            starts_agreeing: 7,
            gap_to_second: Some(0.25),
            gradient_norm: 1e-9,
            hessian_condition: Some(1.5),
            evaluations: 123,
        },
        verdict: Verdict::AtABound,
        verdict_reason: "precision lies at the end of its support".into(),
        approximation: Some(NormalApproximation {
            coordinates: vec!["ln(precision)".into(), "rate".into()],
            mean: vec![-1.1, 0.2],
            covariance: vec![vec![0.25, 0.475], vec![0.475, 1.0]],
            strongly_correlated: vec![CorrelatedPair {
                first: "ln(precision)".into(),
                second: "rate".into(),
                correlation: 0.95,
            }],
        }),
        importance_sampling: Some(ImportanceSampling {
            log_evidence: -14.25,
            standard_error: 0.01,
            pareto_k: Some(0.3),
            draws: 1000,
            effective_draws: 512.5,
            laplace_error: -0.125,
        }),
        profiles: vec![Profile {
            parameter: "precision".into(),
            intervals: vec![ProfileInterval {
                level: 0.95,
                lower: ProfileEnd::At(0.1 + 0.2),
                upper: ProfileEnd::Open,
            }],
        }],
    }
}

fn predictive_checks() -> PredictiveChecks {
    let rate = |level: Option<&str>, action: Option<&str>| CheckedRate {
        statistic: if action.is_some() { StatisticKind::ChoiceOverTime } else { StatisticKind::Switching },
        control: "side".into(),
        action: action.map(str::to_owned),
        condition: level.map(|level| Condition { variable: "trial".into(), level: level.into() }),
    };
    let group = |group: Option<&str>| GroupCheck {
        group: group.map(str::to_owned),
        persons: 2,
        moments: 30,
        observed: 0.1 + 0.2,
        predicted: 0.5,
        band_50: [0.4, 0.6],
        band_95: [0.25, 0.75],
        p: 0.995,
        judged: 2,
        outside: 1,
    };
    let outside =
        OutsideRate { check: 1, moments: 15, observed: 0.0, predicted: 0.5, band_95: [0.2, 0.8], p: 1.0 };
    PredictiveChecks {
        replicates: 200,
        parameter_draws: 20,
        at_estimate: 1,
        unchecked: vec![Unchecked { subject: "c".into(), reason: "no replicate, at row 3".into() }],
        checks: vec![
            RateCheck { rate: rate(None, None), groups: vec![group(None)] },
            RateCheck { rate: rate(Some("1-5"), Some("left")), groups: vec![group(None), group(Some("x"))] },
        ],
        persons: vec![PersonChecks { subject: "007".into(), judged: 2, outside: vec![outside] }],
    }
}

fn record() -> FitRecord {
    let subject = |id: &str, group: Option<&str>, age: Option<f64>, outcome| SubjectRecord {
        id: id.into(),
        group: group.map(str::to_owned),
        covariates: vec![("age".into(), age), ("status".into(), Some(1.0))],
        outcome,
    };
    FitRecord {
        format: "actinf-fit/1".into(),
        provenance: Provenance {
            actinf_version: "0.1.0".into(),
            fit_file: "fit.toml".into(),
            seed: u64::MAX,
            threads: 2,
            started: "2026-01-01 00:00:00".into(),
            wall_seconds: 1.25,
        },
        data: DataSummary { rows: 3, ..DataSummary::default() },
        group_column: Some("arm".into()),
        model: model(),
        method: MethodRecord {
            name: "maximum_a_posteriori".into(),
            settings: vec![("starts".into(), "8".into())],
        },
        subjects: vec![
            subject("007", Some("x"), Some(30.5), Outcome::Fitted(fit())),
            subject("b", None, None, Outcome::Failed { reason: "impossible, at row 3".into() }),
            subject("c", Some("y"), Some(1.0), Outcome::Fitted(fit())),
        ],
        tables: vec![ModelTable {
            symbol: "C".into(),
            name: "outcome".into(),
            rows: vec!["every step".into()],
            columns: vec!["absent".into(), "present".into()],
            cells: vec![vec![None, Some(1.0 / 3.0)]],
            unit: "nats".into(),
            learned: false,
        }],
        population: None,
        predictive_checks: Some(predictive_checks()),
    }
}

fn step(session: usize, trial: usize, step: usize, action: Option<usize>) -> StepRecord {
    StepRecord {
        place: Place { session, trial, step },
        row: 7 + step,
        action,
        log_probability: action.map(|action| if action == 0 { 0.1 + 0.2 } else { f64::NEG_INFINITY }),
        action_probabilities: vec![1.0, 0.0],
        quantities: vec![1.0 / 3.0, -1e-17],
        response_log_densities: vec![Some(-0.5), None, None],
    }
}

pub(crate) fn results() -> Results {
    let labels = |labels: &[&str]| labels.iter().map(ToString::to_string).collect::<Vec<_>>();
    let first = SubjectSteps {
        subject: "007".into(),
        sessions: labels(&["x", "y"]),
        // Trial 2 of session x was aborted: it has no steps.
        trials: vec![labels(&["1", "2", "3"]), labels(&["1"])],
        steps: vec![
            step(0, 0, 0, Some(0)),
            step(0, 0, 1, None),
            step(0, 2, 0, Some(1)),
            step(1, 0, 0, Some(0)),
        ],
    };
    let nothing = SubjectSteps {
        subject: "c".into(),
        sessions: labels(&["x"]),
        trials: vec![labels(&["1"])],
        steps: vec![],
    };
    Results { record: record(), steps: vec![first, nothing], draws: None }
}
