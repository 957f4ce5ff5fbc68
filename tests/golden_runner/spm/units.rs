//! `kind = units`: single functions of SPM with inputs and values.

use super::super::differences::Differences;
use super::arrays::{flat, items};
use super::model::{Free, Recorded};
use actinf_agents::task_model::Numerics;
use actinf_agents::trial_message_passing::dirichlet_divergence;
use actinf_agents::{ActiveInference, Observation, Session, Step, Subject, Trial};
use actinf_fit::empirical_bayes::{flow_step, reduce_dirichlet};
use nalgebra::{DMatrix, DVector};
use serde_json::{Value, json};

/// The functions agree to rounding; inputs are printed with 17 digits.
const TOLERANCE: f64 = 1e-10;

pub(super) fn replay(document: &Value) -> Result<(), String> {
    let mut differences = Differences::absolute(TOLERANCE);
    for (i, item) in items(&document["items"]).iter().enumerate() {
        let function = item["fn"].as_str().unwrap_or_default();
        let what = format!("{i} {function}");
        let recorded = flat(&item["value"]);
        let computed = match function.split('(').next() {
            Some("info_gain") => vec![information_gain(item)?],
            Some("dirichlet_kl") => vec![divergence(item)],
            Some("dirichlet_bmr") => {
                let (change, posterior) =
                    reduce_dirichlet(&flat(&item["q"]), &flat(&item["p"]), &flat(&item["r"]))
                        .ok_or_else(|| format!("{what}: no reduction"))?;
                differences.compare_all(&what, &posterior, &flat(&item["reduced_posterior"]));
                vec![-change]
            }
            Some("vl_step") => {
                let size = flat(&item["f"]).len();
                let curvature = DMatrix::from_row_slice(size, size, &flat(&item["J"]));
                let rate = item["v"].as_f64().unwrap_or(f64::NAN);
                flow_step(&curvature, &DVector::from_row_slice(&flat(&item["f"])), rate).as_slice().to_vec()
            }
            _ => return Err(format!("{what} is not known")),
        };
        differences.compare_all(&what, &computed, &recorded);
    }
    differences.finish()
}

/// The columns of `q` and `p` are distributions.
fn divergence(item: &Value) -> f64 {
    let columns = |key: &str| {
        let rows: Vec<Vec<f64>> = items(&item[key]).iter().map(flat).collect();
        (0..rows[0].len()).map(|k| rows.iter().map(|row| row[k]).collect()).collect::<Vec<Vec<f64>>>()
    };
    let (posterior, prior) = (columns("q"), columns("p"));
    posterior.iter().zip(&prior).map(|(q, p)| dirichlet_divergence(q, p, Numerics::Spm)).sum()
}

/// The information gain of an agent that believes its prior: one step, nothing seen, no preferences. What is left of the
/// expected free energy beside it are the even preferences, `-Σ ln(number of outcomes)`.
fn information_gain(item: &Value) -> Result<f64, String> {
    let marginals: Vec<Vec<f64>> = items(&item["x"]).iter().map(flat).collect();
    let stay = |size: usize, actions: usize| -> Vec<Vec<Vec<f64>>> {
        let cell = |next: usize, present: usize| vec![if next == present { 1.0 } else { 0.0 }; actions];
        (0..size).map(|next| (0..size).map(|present| cell(next, present)).collect()).collect()
    };
    let transitions: Vec<_> =
        marginals.iter().enumerate().map(|(f, x)| stay(x.len(), if f == 0 { 2 } else { 1 })).collect();
    let outcomes: Vec<usize> = items(&item["A"]).iter().map(|a| items(a).len()).collect();
    let even: Vec<_> = outcomes.iter().map(|&count| vec![vec![0.0]; count]).collect();
    let policy = |action: usize| -> Vec<usize> {
        marginals.iter().enumerate().map(|(f, _)| if f == 0 { action } else { 0 }).collect()
    };
    let document = json!({
        "engine": "spm12",
        "model": {
            "policy_type": "U", "U": [policy(0), policy(1)],
            "A": item["A"], "B": transitions, "C": even, "D": item["x"],
            "alpha": 1, "beta": 1, "zeta": 3, "eta": 1, "omega": 0, "tau": 4, "erp": 1,
        },
    });
    let agent = ActiveInference::new(Recorded::of(&document).task(Free::nothing(&document["model"])));
    let step = Step {
        row: 0,
        actions: vec![None],
        observations: vec![Observation::Missing; outcomes.len()],
        responses: vec![],
    };
    let trial = Trial { label: "1".into(), aborted: false, steps: vec![step] };
    let session = Session { label: "1".into(), trials: vec![trial] };
    let subject = Subject { id: "unit".into(), sessions: vec![session] };
    let inspected = agent.inspect_trials(&subject, &[]).map_err(|error| error.to_string())?;
    let worth = -inspected[0].steps[0].expected_free_energies[0];
    Ok(worth + outcomes.iter().map(|&count| (count as f64).ln()).sum::<f64>())
}
