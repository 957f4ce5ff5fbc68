//! Finished fits compared: who takes part, what is refused, what is said.

use actinf_fit::FitRecord;
use actinf_fit::comparison::*;
use serde_json::{Value, json};

/// A fitted subject with a log evidence; BIC and AIC follow from two parameters and 20 actions.
fn fitted(id: &str, log_evidence: Option<f64>) -> Value {
    let log_likelihood = log_evidence.unwrap_or(-30.0) + 3.0;
    json!({ "id": id, "group": if id < "c" { "young" } else { "old" }, "covariates": [["site", 1.0]], "outcome": { "fitted": {
        "estimates": [],
        "log_likelihood": { "total": log_likelihood, "actions": log_likelihood, "responses": [] },
        "log_prior": -2.0,
        "log_posterior": log_likelihood - 2.0,
        "log_evidence": log_evidence,
        "aic": 4.0 - 2.0 * log_likelihood,
        "bic": 2.0 * 20.0_f64.ln() - 2.0 * log_likelihood,
        "chance_log_likelihood": 20.0 * 0.5_f64.ln(),
        "pseudo_r2": 0.0,
        "likelihood_per_action": 0.5,
        "actions": 20,
        "convergence": {
            "converged": true, "reason": "the gradient vanished", "starts": 1, "starts_agreeing": 1,
            "gap_to_second": null, "gradient_norm": 1e-9, "hessian_condition": 1.0, "evaluations": 9
        },
        "verdict": "well_determined",
        "verdict_reason": "every parameter is well determined",
        "approximation": null,
        "importance_sampling": null,
        "profiles": []
    } } })
}

fn document(subjects: Vec<Value>) -> Value {
    let parameter = |name: &str, role: Value| json!({ "parameter": { "name": name, "symbol": "x", "meaning": "", "support": "real", "default": [0.0] }, "role": role });
    let free = json!({ "free": { "prior": { "distribution": "normal", "mean": 0.0, "sd": 1.0 }, "default_prior": true } });
    json!({
        "format": "actinf-fit/1",
        "provenance": { "actinf_version": "0", "fit_file": "fit.toml", "seed": 1, "threads": 1, "started": "", "wall_seconds": 0.0 },
        "data": {
            "file": "data.csv", "sha256": "0123456789abcdef", "rows": 60, "subjects": 3, "sessions": 3, "trials": 3,
            "aborted_trials": 0, "steps": 60, "actions": [], "observations": [],
            "responses": [{ "variable": "rating", "expected": 10, "missing": 4 }]
        },
        "group_column": "age",
        "model": {
            "name": "bandit", "source": "built in", "description": "", "citation": "", "sha256": "",
            "parameters": [parameter("a", free.clone()), parameter("b", free), parameter("c", json!({ "fixed": { "values": [2.5] } }))],
            "schema": { "controls": [], "modalities": [], "responses": [], "row_order": "act_then_observe" },
            "quantities": []
        },
        "method": { "name": "maximum_a_posteriori", "settings": [] },
        "subjects": subjects
    })
}

fn record(document: Value) -> FitRecord {
    serde_json::from_value(document).unwrap()
}

/// A fit of subjects a, b, c, ... with these log evidences.
fn fit(evidences: &[f64]) -> Value {
    document(ids().zip(evidences).map(|(id, evidence)| fitted(id, Some(*evidence))).collect())
}

fn ids() -> impl Iterator<Item = &'static str> {
    ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"].into_iter()
}

fn ask(first: Value, second: Value, question: &Question) -> Result<Comparison, ComparisonError> {
    let (first, second) = (record(first), record(second));
    let candidate = |name, record| Candidate { name, source: "results", record };
    compare(&[candidate("one", &first), candidate("two", &second)], question)
}

#[test]
fn a_comparison_holds_everybody_and_every_criterion() {
    let (one, two) = (fit(&[-10.0, -20.0, -30.0]), fit(&[-13.0, -19.0, -38.0]));
    let found = ask(one, two, &Question::default()).unwrap();
    assert_eq!(found.subjects.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(found.fixed_effects.log_evidences, [-60.0, -70.0]);
    let criteria = &found.models[0].criteria;
    assert_eq!((criteria.free_parameters, criteria.best_for, criteria.actions), (2, 2, 60));
    assert!((criteria.log_evidence.unwrap() + 60.0).abs() < 1e-12);
    assert!((criteria.bic - (6.0 * 20.0_f64.ln() + 102.0)).abs() < 1e-12);
    assert!((criteria.aic - (12.0 + 102.0)).abs() < 1e-12);
    assert!((criteria.pseudo_r2 - (1.0 - 51.0 / (60.0 * 2.0_f64.ln()))).abs() < 1e-12);
    assert!((criteria.likelihood_per_action - (-51.0_f64 / 60.0).exp()).abs() < 1e-12);
    assert_eq!(found.models[0].fixed, [("c".to_string(), "2.5".to_string())]);
    assert!(found.left_out.is_empty() && found.families.is_none() && found.groups.is_none());
    let value = serde_json::to_value(&found).unwrap();
    assert_eq!(serde_json::from_value::<Comparison>(value).unwrap(), found);
}

#[test]
fn other_criteria_can_stand_for_the_evidence() {
    let (one, two) = (fit(&[-10.0, -20.0]), fit(&[-13.0, -19.0]));
    for (evidence, shift) in [(EvidenceKind::Bic, 3.0 - 20.0_f64.ln()), (EvidenceKind::Aic, 1.0)] {
        let question = Question { evidence, ..Question::default() };
        let found = ask(one.clone(), two.clone(), &question).unwrap();
        assert!((found.subjects[1].scores[0].evidence - (-20.0 + shift)).abs() < 1e-12);
    }
}

#[test]
fn importance_sampled_evidence_counts_where_it_was_made() {
    let sampled = |evidences: &[f64], shift: f64| {
        let mut fit = fit(evidences);
        for (position, evidence) in evidences.iter().enumerate() {
            fit["subjects"][position]["outcome"]["fitted"]["importance_sampling"] = json!({
                "log_evidence": evidence + shift, "standard_error": 0.1, "pareto_k": 0.2, "draws": 1000,
                "effective_draws": 500.0, "laplace_error": -shift
            });
        }
        fit
    };
    let question = Question { evidence: EvidenceKind::ImportanceSampled, ..Question::default() };
    let (one, two) = (sampled(&[-10.0, -20.0], 1.5), sampled(&[-13.0, -19.0], 0.25));
    let found = ask(one.clone(), two, &question).unwrap();
    assert_eq!(found.fixed_effects.log_evidences, [-27.0, -31.5]);
    let message = ask(one, fit(&[-13.0, -19.0]), &question).unwrap_err().to_string();
    assert!(message.contains("fit with the method `laplace_approximation`"), "{message}");
}

/// The evidence favours one, by its prior; BIC and AIC see that two fits better at its best values.
#[test]
fn criteria_that_disagree_with_the_evidence_are_named() {
    let (mut one, mut two) = (fit(&[-10.0, -20.0]), fit(&[-15.0, -25.0]));
    let agree = ask(one.clone(), two.clone(), &Question::default()).unwrap();
    assert_eq!(agree.criteria_verdict(), None);
    for position in 0..2 {
        one["subjects"][position]["outcome"]["fitted"]["bic"] = json!(50.0);
        two["subjects"][position]["outcome"]["fitted"]["bic"] = json!(45.0);
    }
    let verdict = ask(one, two, &Question::default()).unwrap().criteria_verdict().unwrap();
    assert!(verdict.starts_with("BIC prefers two: "), "{verdict}");
}

/// Two of three people favour one by 2 nats, the third favours two by 90.
#[test]
fn what_decides_a_sum_and_what_did_not_converge_is_warned_of() {
    let (one, mut two) = (fit(&[-10.0, -10.0, -100.0]), fit(&[-12.0, -12.0, -10.0]));
    let found = ask(one.clone(), two.clone(), &Question::default()).unwrap();
    let expected = "The summed evidence favours two and the frequencies favour one: a few subjects with large differences \
                    decide the sum.";
    assert_eq!(found.warnings(), [expected]);
    two["subjects"][1]["outcome"]["fitted"]["convergence"]["converged"] = json!(false);
    let warnings = ask(one, two, &Question::default()).unwrap().warnings();
    assert_eq!(warnings[0], "two: the search did not converge for 1 subject, whose evidence is doubtful.");
    assert_eq!(ask(fit(&[-10.0]), fit(&[-12.0]), &Question::default()).unwrap().warnings(), [""; 0]);
}

#[test]
fn a_subject_without_an_evidence_is_named_and_left_out() {
    let mut one = fit(&[-10.0, -20.0, -30.0]);
    one["subjects"][1] = fitted("b", None);
    let mut two = fit(&[-13.0, -19.0, -38.0]);
    two["subjects"][2]["outcome"] = json!({ "failed": { "reason": "nothing was recorded" } });
    let found = ask(one.clone(), two.clone(), &Question::default()).unwrap();
    let left: Vec<_> = found.left_out.iter().map(|l| (l.id.as_str(), l.model.as_str())).collect();
    assert_eq!(left, [("b", "one"), ("c", "two")]);
    assert!(found.left_out[0].reason.contains("the gradient vanished"));
    assert_eq!(found.left_out[1].reason, "nothing was recorded");
    assert_eq!(found.subjects.len(), 1);
    // BIC needs no curvature.
    let question = Question { evidence: EvidenceKind::Bic, ..Question::default() };
    let by_bic = ask(one.clone(), two.clone(), &question).unwrap();
    assert_eq!(by_bic.subjects.len(), 2);
    assert_eq!(by_bic.models[0].criteria.log_evidence, None);
    one["subjects"][0] = fitted("a", None);
    let message = ask(one, two, &Question::default()).unwrap_err().to_string();
    assert!(
        message.contains("no subject has a log evidence under every model: subject a (model one)"),
        "{message}"
    );
}

#[test]
fn fits_of_other_things_are_refused_and_the_difference_named() {
    let good = fit(&[-10.0, -20.0]);
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut other = good.clone();
        change(&mut other);
        ask(good.clone(), other, &Question::default()).unwrap_err().to_string()
    };
    let message = refused(&|d| d["data"]["sha256"] = json!("fedcba9876543210"));
    assert!(message.contains("01234567") && message.contains("fedcba98"), "{message}");
    let message = refused(&|d| d["subjects"] = json!([fitted("a", Some(-1.0)), fitted("z", Some(-1.0))]));
    assert!(message.contains("only the first has b, only the second has z"), "{message}");
    let message = refused(&|d| d["data"]["responses"] = json!([]));
    assert!(message.contains("the first has 6 of rating, the second none"), "{message}");
    let message = refused(&|d| d["subjects"][1]["outcome"]["fitted"]["actions"] = json!(19));
    assert!(message.contains("of subject `b` the first has 20 and the second 19"), "{message}");
    let one = record(good);
    let candidate = Candidate { name: "one", source: "", record: &one };
    let message = compare(&[candidate], &Question::default()).unwrap_err().to_string();
    assert!(message.contains("at least 2 models, and there is 1"), "{message}");
    let message = compare(&[candidate, candidate], &Question::default()).unwrap_err().to_string();
    assert!(message.contains("two models are called `one`"), "{message}");
}

#[test]
fn groups_come_from_the_column_of_groups_or_a_covariate() {
    let one = fit(&[0.0, 0.0, -9.0, -9.0, -9.0]);
    let mut two = fit(&[-9.0, -9.0, 0.0, 0.0, 0.0]);
    two["group_column"] = Value::Null;
    let group = |column: &str| Question { group: Some(column.to_owned()), ..Question::default() };
    let found = ask(one.clone(), two.clone(), &group("age")).unwrap();
    let groups = found.groups.as_ref().unwrap();
    let sizes: Vec<_> = groups.groups.iter().map(|g| (g.group.as_str(), g.subjects.len())).collect();
    assert_eq!(sizes, [("old", 3), ("young", 2)]);
    assert!(groups.probability_same < 0.5);
    assert!(found.group_verdict().unwrap().contains("the probability that they are the same is 0."));
    let message = ask(one.clone(), two.clone(), &group("site")).unwrap_err().to_string();
    assert!(message.contains("only one: 1"), "{message}");
    let message = ask(one, two, &group("sex")).unwrap_err().to_string();
    assert!(message.contains("no fit has a column `sex`") && message.contains("only age, site"), "{message}");
}

#[test]
fn families_name_models() {
    let family = |name: &str, models: &[&str]| {
        (name.to_owned(), models.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let (one, two) = (fit(&[-10.0, -20.0]), fit(&[-13.0, -29.0]));
    let question =
        Question { families: vec![family("x", &["one"]), family("y", &["two"])], ..Question::default() };
    let found = ask(one.clone(), two.clone(), &question).unwrap();
    assert_eq!(found.families.as_ref().unwrap().counts, found.selection.random_effects.counts);
    assert!(found.family_verdict().unwrap().starts_with("The family x is expected"));
    let question = Question { families: vec![family("x", &["one", "three"])], ..Question::default() };
    let message = ask(one, two, &question).unwrap_err().to_string();
    assert!(message.contains("family `x`: there is no model `three`, only one, two"), "{message}");
}

#[test]
fn the_verdict_says_what_the_numbers_say() {
    let verdict = |one: &[f64], two: &[f64]| ask(fit(one), fit(two), &Question::default()).unwrap().verdict();
    let even = verdict(&[-10.0; 12], &[-10.1; 12]);
    assert!(even.starts_with("The data do not tell the models apart"), "{even}");
    let clear = verdict(&[-10.0; 12], &[-30.0; 12]);
    assert!(clear.starts_with("one is the most frequent model"), "{clear}");
    let unsure = verdict(&[-10.0; 6], &[-14.0, -14.0, -14.0, -14.0, -14.0, -8.5]);
    assert!(unsure.starts_with("one is probably, but not surely"), "{unsure}");
}
