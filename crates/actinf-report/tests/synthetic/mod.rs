//! Made-up results with the look of real ones, hostile names included.

#![allow(dead_code)]

mod checks;
mod choices;
pub(crate) mod comparisons;
pub(crate) mod population;
mod subjects;

use actinf_agents::{
    ModelTable, Moment, Parameter, Quantity, ResponseVariable, RowOrder, Schema, Support, Variable,
};
use actinf_fit::{
    DataSummary, FitRecord, MethodRecord, MissingCount, ModelRecord, ParameterRecord, Prior, Provenance,
    Results, Role,
};

/// A text that must never reach the page as markup.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>";

/// What to make up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Study {
    pub(crate) subjects: usize,
    /// No groups at 0.
    pub(crate) groups: usize,
    pub(crate) free_parameters: usize,
    pub(crate) actions: usize,
    pub(crate) sessions: usize,
    pub(crate) trials: usize,
    pub(crate) steps: usize,
    /// How many subjects could not be fitted.
    pub(crate) failed: usize,
    /// Whether names and labels are hostile.
    pub(crate) hostile: bool,
}

impl Study {
    /// A study of the usual size: 80 subjects, 2 groups, 9 parameters, 15 sessions of 24 trials.
    pub(crate) const USUAL: Study = Study {
        subjects: 80,
        groups: 2,
        free_parameters: 9,
        actions: 2,
        sessions: 15,
        trials: 24,
        steps: 1,
        failed: 1,
        hostile: true,
    };

    /// A small study for quick tests.
    pub(crate) const SMALL: Study =
        Study { subjects: 8, free_parameters: 3, sessions: 3, trials: 10, ..Study::USUAL };
}

/// A small generator of numbers, the same on every machine: xorshift.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Evenly between 0 and 1.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nearly normal: twelve even numbers summed.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// Name, symbol, support and meaning of the parameters to choose from.
pub(crate) const PARAMETERS: [(&str, &str, Support, &str); 9] = [
    ("policy_precision", "γ", Support::Positive, "How reliably the better policy is chosen"),
    ("outcome_preference", "c", Support::Real, "How much the present outcome is preferred, in nats"),
    ("expected_outcome", "p", Support::Unit, "How often the controlled context gives the outcome"),
    ("learning_rate", "η", Support::Unit, "The weight of one observation"),
    ("action_precision", "α", Support::Positive, "How consistently the chosen policy is acted out"),
    ("habit", "e", Support::Real, "The pull towards the first action, in nats"),
    ("lapse", "λ", Support::Unit, "The share of actions taken at random"),
    (
        "volatility",
        "ω",
        Support::Interval { lower: 0.0, upper: 0.5 },
        "How often the context is held to turn",
    ),
    ("prior_count", "κ", Support::Positive, "The confidence in the initial likelihood, in counts"),
];

fn parameter(position: usize) -> Parameter {
    let (name, symbol, support, meaning) = PARAMETERS[position % PARAMETERS.len()];
    Parameter {
        name: name.into(),
        symbol: symbol.into(),
        meaning: meaning.into(),
        support,
        default: vec![1.0],
    }
}

fn action_labels(study: Study) -> Vec<String> {
    let mut labels: Vec<String> = ["left", "right", "up", "down", "wait", "leave"].map(String::from).to_vec();
    if study.hostile {
        labels[0] = "<b>left</b> & \"first\"".into();
    }
    (0..study.actions)
        .map(|action| labels.get(action).cloned().unwrap_or(format!("action {action}")))
        .collect()
}

fn schema(study: Study) -> Schema {
    Schema {
        controls: vec![Variable { name: "button".into(), labels: action_labels(study) }],
        modalities: vec![Variable {
            name: "outcome".into(),
            labels: vec!["absent".into(), "present".into()],
        }],
        responses: vec![],
        row_order: RowOrder::ActThenObserve,
    }
}

fn quantities() -> Vec<Quantity> {
    let all = [
        ("belief.context", "controlled"),
        ("belief.context", "reversed"),
        ("belief.location", "start"),
        ("belief.location", "left arm"),
        ("belief.location", "right arm"),
        ("expected_free_energy", "left"),
        ("expected_free_energy", "right"),
        ("policy_precision", "expected"),
    ];
    let quantity = |(family, label): &(&str, &str)| Quantity {
        family: (*family).into(),
        label: (*label).into(),
        unit: "nats".into(),
    };
    all.iter().map(quantity).collect()
}

fn model(study: Study) -> ModelRecord {
    let mut parameters: Vec<ParameterRecord> = (0..study.free_parameters)
        .map(|position| ParameterRecord {
            parameter: parameter(position),
            role: Role::Free {
                prior: Prior::Normal { mean: 0.8, sd: 1.0 },
                default_prior: position % 2 == 0,
            },
        })
        .collect();
    let held = Parameter { name: "horizon_weight".into(), symbol: "w".into(), ..parameter(1) };
    parameters.push(ParameterRecord { parameter: held, role: Role::Fixed { values: vec![1.0] } });
    let description = "An agent that infers whether the button controls the outcome, and presses accordingly. \
                       After a made-up paper (Nobody, 2020).";
    ModelRecord {
        name: if study.hostile { format!("reversal {HOSTILE}") } else { "reversal_learning".into() },
        source: "models/reversal.toml".into(),
        description: description.into(),
        citation: "Doe & Roe (2026)".into(),
        sha256: "ab".repeat(32),
        parameters,
        schema: schema(study),
        quantities: quantities(),
    }
}

fn data(study: Study) -> DataSummary {
    let sessions = study.subjects * study.sessions;
    let steps = sessions * study.trials * study.steps;
    let missing =
        |variable: &str, missing| MissingCount { variable: variable.into(), expected: steps, missing };
    DataSummary {
        file: "choices_2020.csv".into(),
        sha256: "cd".repeat(32),
        rows: steps + 12,
        subjects: study.subjects,
        sessions,
        trials: sessions * study.trials,
        aborted_trials: 12,
        steps,
        actions: vec![missing("button", steps / 50)],
        observations: vec![missing("outcome", steps / 200)],
        responses: vec![],
    }
}

/// The tables of a model with two states and as many actions as the study.
fn tables(study: Study) -> Vec<ModelTable> {
    let strings = |labels: &[&str]| labels.iter().map(|label| (*label).to_string()).collect::<Vec<_>>();
    let table = |symbol: &str, name: &str, rows: Vec<String>, columns: Vec<String>, cells: Vec<Vec<f64>>| {
        ModelTable {
            symbol: symbol.into(),
            name: name.into(),
            rows,
            columns,
            cells: cells.into_iter().map(|row| row.into_iter().map(Some).collect()).collect(),
            unit: if symbol == "C" { "nats".into() } else { "probability".into() },
            learned: symbol == "A",
        }
    };
    let states = strings(&["controlled", "reversed"]);
    let outcomes = strings(&["absent", "present"]);
    let mut preferences =
        table("C", "outcome", strings(&["every step"]), outcomes.clone(), vec![vec![0.0, 1.25]]);
    preferences.cells[0][0] = None;
    let actions = action_labels(study);
    let even = vec![1.0 / actions.len() as f64; actions.len()];
    let moved: Vec<String> =
        actions.iter().flat_map(|a| states.iter().map(move |s| format!("{a}, {s}"))).collect();
    let stays = (0..moved.len()).map(|row| if row % 2 == 0 { vec![0.92, 0.08] } else { vec![0.08, 0.92] });
    vec![
        table("A", "outcome", states.clone(), outcomes, vec![vec![0.15, 0.85], vec![0.85, 0.15]]),
        table("B", "context", moved.clone(), states.clone(), stays.collect()),
        preferences,
        table("D", "context", strings(&["at the start"]), states, vec![vec![0.5, 0.5]]),
        table("E", "", strings(&["before planning"]), actions, vec![even]),
    ]
}

/// Makes up the results of a study.
pub(crate) fn results(study: Study) -> Results {
    let model = model(study);
    let settings = [("starts", "8"), ("gradient tolerance", "1e-6"), ("largest number of iterations", "500")];
    let (subjects, steps) = subjects::subjects(study, &model);
    let predictive_checks = Some(checks::checks(study, &model, &subjects));
    Results {
        record: FitRecord {
            format: "actinf-fit/1".into(),
            provenance: Provenance {
                actinf_version: "0.1.0".into(),
                fit_file: "fits/reversal.toml".into(),
                seed: 20_200_101,
                threads: 8,
                started: "2026-01-31 09:15:00".into(),
                wall_seconds: 12.84,
            },
            data: data(study),
            group_column: (study.groups > 0).then(|| "diagnosis".to_string()),
            model,
            method: MethodRecord {
                name: "laplace_approximation".into(),
                settings: settings.map(|(name, value)| (name.to_string(), value.to_string())).to_vec(),
            },
            subjects,
            tables: tables(study),
            population: None,
            predictive_checks,
        },
        steps,
        draws: None,
    }
}

/// The same results with a numeric response in the schema.
pub(crate) fn with_response(mut results: Results) -> Results {
    let response = ResponseVariable { name: "confidence".into(), moment: Moment::TrialEnd };
    results.record.model.schema.responses.push(response);
    results
}
