//! A recorded model and its data as ours.

use super::arrays::{counts, flat, indices, items, likelihood_columns, transition_columns};
use actinf_agents::task_model::{
    ActionSelection, Choice, Counts, Distribution, Factor, Form, Induction, InferenceScheme, Learning,
    LearningBeliefs, LearningSettings, LearningTime, MissingAction, Modality, Numerics, Planning,
    PreferenceForm, Preferences, Process, ProcessLikelihood, Schedule, Sophistication, TermWeights,
    Transitions,
};
use actinf_agents::{
    Expression, Observation, Parameter, RowOrder, Schema, Session, Step, Subject, Support, TaskModel, Trial,
    Variable,
};
use serde_json::Value;

/// A recording, with its numbers as parameters.
pub(super) struct Recorded {
    document: Value,
    pub(super) names: Vec<String>,
    pub(super) values: Vec<f64>,
    /// The factors with more than one action: our controls.
    controlled: Vec<usize>,
    pub(super) actions: Vec<usize>,
}

impl Recorded {
    pub(super) fn of(document: &Value) -> Result<Recorded, String> {
        let actions = counts(&document["model"]["num_controls"]);
        let controlled: Vec<usize> = (0..actions.len()).filter(|&f| actions[f] > 1).collect();
        let mut recorded = Recorded {
            document: document.clone(),
            names: Vec::new(),
            values: Vec::new(),
            controlled,
            actions,
        };
        let (model, config) = (&document["model"], &document["config"]);
        // The tree search of pymdp has a precision of its own, and ignores the agent's.
        let search_precision = config["policy_search"].get("gamma");
        recorded.add("gamma", search_precision.unwrap_or(&config["gamma"]));
        recorded.add("alpha", &config["alpha"]);
        for key in ["lr_pA", "lr_pB", "lr_pD"] {
            recorded.add(key, config.get(key).unwrap_or(&Value::from(1.0)));
        }
        for key in ["C", "D", "E"] {
            recorded.add(key, &model[key]);
        }
        Ok(recorded)
    }

    /// Adds all numbers of an array as parameters `key[1]`, `key[2]`, ...; a missing number counts as 1.
    fn add(&mut self, key: &str, value: &Value) {
        let numbers = if value.is_null() { vec![1.0] } else { flat(value) };
        for (k, number) in numbers.into_iter().enumerate() {
            self.names.push(format!("{key}[{}]", k + 1));
            self.values.push(number);
        }
    }

    /// Where the parameters of an array stand.
    pub(super) fn positions(&self, key: &str) -> Vec<usize> {
        let belongs = |name: &&String| name.split('[').next() == Some(key);
        self.names.iter().enumerate().filter(|(_, name)| belongs(name)).map(|(k, _)| k).collect()
    }

    fn cell(&self, key: &str, index: usize) -> Result<Expression, String> {
        let name = format!("{key}[{}]", index + 1);
        Expression::parse(&name, &self.names).map_err(|error| error.to_string())
    }

    /// `count` cells of an array from `first` on.
    fn cells(&self, key: &str, first: usize, count: usize) -> Result<Vec<Expression>, String> {
        (first..first + count).map(|index| self.cell(key, index)).collect()
    }

    fn learning(&self, counts: Vec<Vec<f64>>, rate: &str, learns: bool) -> Result<Learning, String> {
        let constants = |column: Vec<f64>| column.into_iter().map(Expression::constant).collect();
        Ok(Learning {
            counts: Counts::Explicit(counts.into_iter().map(constants).collect()),
            learning_rate: if learns { self.cell(rate, 0)? } else { Expression::constant(0.0) },
            outcome_rates: vec![],
            forgetting_rate: Expression::constant(0.0),
        })
    }

    fn is_on(&self, key: &str) -> bool {
        self.document["config"][key].as_bool().unwrap_or(false)
    }

    /// The number of a joint action given as one action per factor.
    pub(super) fn joint_action(&self, per_factor: &[i64]) -> Option<usize> {
        self.controlled.iter().try_fold(0, |index, &f| {
            let action = usize::try_from(*per_factor.get(f)?).ok()?;
            Some(index * self.actions[f] + action)
        })
    }

    fn factors(&self) -> Result<Vec<Factor>, String> {
        let model = &self.document["model"];
        let sizes = counts(&model["num_states"]);
        let learns = self.document["config"]["learning"] != "none";
        let mut first = 0;
        let mut factors = Vec::new();
        for (f, &size) in sizes.iter().enumerate() {
            let columns = transition_columns(&model["B"][f], size, self.actions[f]);
            let fixed = |column: &Vec<f64>| Distribution {
                form: Form::Probabilities,
                cells: column.iter().copied().map(Expression::constant).collect(),
            };
            let control = self.controlled.iter().position(|&controlled| controlled == f);
            let table = |key: &str| Some(&model[key][f]).filter(|table| !table.is_null());
            factors.push(Factor {
                name: format!("factor{f}"),
                states: labels("s", size),
                prior: Distribution { form: Form::Probabilities, cells: self.cells("D", first, size)? },
                transitions: Transitions {
                    parents: counts(&model["B_dependencies"][f]),
                    controls: control.into_iter().collect(),
                    columns: columns.iter().map(fixed).collect(),
                },
                transition_learning: table("pB")
                    .map(|table| {
                        let counts = transition_columns(table, size, self.actions[f]);
                        self.learning(counts, "lr_pB", learns && self.is_on("learn_B"))
                    })
                    .transpose()?,
                prior_learning: table("pD")
                    .map(|table| self.learning(vec![flat(table)], "lr_pD", learns && self.is_on("learn_D")))
                    .transpose()?,
            });
            first += size;
        }
        Ok(factors)
    }

    fn modalities(&self) -> Result<Vec<Modality>, String> {
        let model = &self.document["model"];
        let learns = self.document["config"]["learning"] != "none" && self.is_on("learn_A");
        let mut first = 0;
        let mut modalities = Vec::new();
        for (m, &outcomes) in counts(&model["num_obs"]).iter().enumerate() {
            let steps = flat(&model["C"][m]).len() / outcomes;
            let preferences = (0..steps)
                .map(|step| self.cells("C", first + step * outcomes, outcomes))
                .collect::<Result<_, _>>()?;
            first += steps * outcomes;
            let column = |column: Vec<f64>| Distribution {
                form: Form::Probabilities,
                cells: column.into_iter().map(Expression::constant).collect(),
            };
            let counted = &model["pA"][m];
            modalities.push(Modality {
                name: format!("modality{m}"),
                outcomes: labels("o", outcomes),
                parents: counts(&model["A_dependencies"][m]),
                likelihood: likelihood_columns(&model["A"][m], outcomes).into_iter().map(column).collect(),
                preferences: Preferences {
                    form: PreferenceForm::Utilities,
                    steps: preferences,
                    learning: None,
                },
                information_gain: true,
                learning: (!counted.is_null())
                    .then(|| self.learning(likelihood_columns(counted, outcomes), "lr_pA", learns))
                    .transpose()?,
            });
        }
        Ok(modalities)
    }

    fn inference(&self) -> Result<InferenceScheme, String> {
        let config = &self.document["config"];
        let sweeps = counts(&config["num_iter"]).first().copied().unwrap_or(16);
        let window = config["inference_horizon"].as_u64().map(|window| window as usize);
        match config["inference_algo"].as_str() {
            Some("fpi" | "ovf" | "exact") => {
                Ok(InferenceScheme::FixedPointIteration { sweeps, schedule: Schedule::Parallel })
            }
            Some("mmp") => Ok(InferenceScheme::MarginalMessagePassing { sweeps, window }),
            Some("vmp") => Ok(InferenceScheme::VariationalMessagePassing { sweeps, window }),
            other => Err(format!("unknown inference algorithm {other:?}")),
        }
    }

    fn planning(&self) -> Result<Planning, String> {
        let (model, config) = (&self.document["model"], &self.document["config"]);
        let policies: Vec<Vec<usize>> = items(&model["policies"])
            .iter()
            .map(|policy| items(policy).iter().map(|step| self.joint_action(&indices(step))).collect())
            .collect::<Option<_>>()
            .ok_or("a policy has an unknown action")?;
        let weight = |key: &str| Expression::constant(f64::from(u8::from(self.is_on(key))));
        let search = &config["policy_search"];
        Ok(Planning {
            horizon: policies.first().map_or(1, Vec::len),
            policies,
            weights: TermWeights {
                utility: weight("use_utility"),
                state_information_gain: weight("use_states_info_gain"),
                likelihood_information_gain: weight("use_param_info_gain"),
                transition_information_gain: weight("use_param_info_gain"),
                inductive_value: weight("use_inductive"),
            },
            induction: self.is_on("use_inductive").then(|| self.induction()),
            sophistication: (!search.is_null()).then(|| sophistication(search)),
            monte_carlo_tree_search: None,
        })
    }

    fn induction(&self) -> Induction {
        let (model, config) = (&self.document["model"], &self.document["config"]);
        let goals = |goals: &Value| {
            (!goals.is_null()).then(|| flat(goals).into_iter().map(|goal| goal > 0.5).collect::<Vec<bool>>())
        };
        Induction {
            goals: items(&model["H"]).iter().map(goals).collect(),
            depth: counts(&config["inductive_depth"]).first().copied().unwrap_or(1),
            threshold: config["inductive_threshold"].as_f64().unwrap_or(0.1),
            epsilon: config["inductive_epsilon"].as_f64().unwrap_or(1e-3),
        }
    }

    fn choice(&self, marginal: bool) -> Result<Choice, String> {
        let policies = items(&self.document["model"]["policies"]).len();
        Ok(Choice {
            policy_precision: self.cell("gamma", 0)?,
            action_precision: self.cell("alpha", 0)?,
            lapse: Expression::constant(0.0),
            habits: Distribution { form: Form::Probabilities, cells: self.cells("E", 0, policies)? },
            habit_learning: None,
            selection: if marginal { ActionSelection::Marginal } else { ActionSelection::Policy },
            missing_action: MissingAction::Stay,
        })
    }

    /// The task model; its process is the model itself.
    pub(super) fn task(&self, marginal: bool) -> Result<TaskModel, String> {
        let (factors, modalities) = (self.factors()?, self.modalities()?);
        let parameter = |(name, value): (&String, &f64)| Parameter {
            name: name.clone(),
            symbol: name.clone(),
            meaning: String::new(),
            support: Support::Real,
            default: vec![*value],
        };
        let variable =
            |name: &str, labels: &[String]| Variable { name: name.into(), labels: labels.to_vec() };
        let schema = Schema {
            controls: self
                .controlled
                .iter()
                .map(|&f| variable(&format!("control{f}"), &labels("u", self.actions[f])))
                .collect(),
            modalities: modalities.iter().map(|m| variable(&m.name, &m.outcomes)).collect(),
            responses: vec![],
            row_order: RowOrder::ObserveThenAct,
        };
        let likelihood =
            |m: &Modality| ProcessLikelihood { parents: m.parents.clone(), columns: m.likelihood.clone() };
        let config = &self.document["config"];
        let at_block_end = config["learning"] == "block_end";
        let beliefs = match (config["inference_algo"].as_str(), at_block_end) {
            (Some("fpi"), _) => LearningBeliefs::Filtered,
            (_, true) => LearningBeliefs::Smoothed,
            (_, false) => LearningBeliefs::SmoothedRecount,
        };
        Ok(TaskModel {
            name: "recorded".into(),
            description: String::new(),
            citation: String::new(),
            parameters: self.names.iter().zip(&self.values).map(parameter).collect(),
            schema,
            process: Process {
                factors: factors.clone(),
                likelihoods: modalities.iter().map(likelihood).collect(),
                ends: vec![],
                changes: vec![],
            },
            factors,
            modalities,
            inference: self.inference()?,
            planning: self.planning()?,
            choice: self.choice(marginal)?,
            learning: LearningSettings {
                time: if at_block_end { LearningTime::TrialEnd } else { LearningTime::Step },
                beliefs,
                carry: true,
            },
            numerics: Numerics::Pymdp,
            responses: vec![],
        })
    }

    /// The subject: one session whose trials are the recorded blocks.
    pub(super) fn subject(&self) -> Result<Subject, String> {
        let mut trials = Vec::new();
        for (b, block) in items(&self.document["data"]["blocks"]).iter().enumerate() {
            let observations = items(&block["observations"]);
            let step = |(t, row): (usize, &Value)| {
                let actions = indices(&block["actions"][t]);
                let masks = flat(&block["masks"][t]);
                let observed = items(row).iter().enumerate();
                Step {
                    row: t + 1,
                    actions: self
                        .controlled
                        .iter()
                        .map(|&f| usize::try_from(*actions.get(f)?).ok())
                        .collect(),
                    observations: observed.map(|(m, o)| observation(o, masks.get(m))).collect(),
                    responses: vec![],
                }
            };
            let steps = observations.iter().enumerate().map(step).collect();
            trials.push(Trial { label: b.to_string(), aborted: false, steps });
        }
        Ok(Subject { id: "recorded".into(), sessions: vec![Session { label: "1".into(), trials }] })
    }
}

fn sophistication(search: &Value) -> Sophistication {
    let number = |key: &str, default: f64| search[key].as_f64().unwrap_or(default);
    Sophistication {
        horizon: counts(&search["horizon"]).first().copied().unwrap_or(5),
        action_threshold: number("policy_prune_threshold", 1.0 / 16.0),
        outcome_threshold: number("observation_prune_threshold", 1.0 / 16.0),
        penalty: number("prune_penalty", 512.0),
        entropy_stop: number("entropy_stop_threshold", 0.5),
    }
}

fn observation(value: &Value, mask: Option<&f64>) -> Observation {
    if value.is_array() {
        return Observation::Distribution(flat(value));
    }
    let outcome = value.as_i64().and_then(|index| usize::try_from(index).ok());
    match (outcome, mask) {
        (None, _) => Observation::Missing,
        (Some(outcome), Some(&trust)) if trust.is_finite() => Observation::Masked { outcome, trust },
        (Some(outcome), _) => Observation::Outcome(outcome),
    }
}

fn labels(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|k| format!("{prefix}{k}")).collect()
}
