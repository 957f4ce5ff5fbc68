//! A recorded model and its data as ours.

use super::arrays::{counts, flat, items, likelihood_columns, preference_columns, transition_columns};
use actinf_agents::task_model::{
    ActionSelection, Choice, Counts, Distribution, Factor, Form, InferenceScheme, Learning, LearningBeliefs,
    LearningSettings, LearningTime, MissingAction, Modality, Numerics, Planning, PolicyExtent,
    PreferenceForm, Preferences, Process, TermWeights, Transitions, TrialMessagePassing,
};
use actinf_agents::{
    Expression, Observation, Parameter, RowOrder, Schema, Session, Step, Subject, TaskModel, Trial, Variable,
};
use serde_json::Value;

/// What is not a number of the recording: the parameters, and the cells that depend on them.
pub(super) struct Free {
    pub(super) parameters: Vec<Parameter>,
    pub(super) action_precision: Expression,
    pub(super) learning_rate: Expression,
    /// Preferences by modality and step, where they are not the recorded ones.
    pub(super) preferences: Vec<Option<Vec<Vec<Expression>>>>,
    pub(super) lapse: f64,
}

impl Free {
    /// Nothing: every number is the recorded one.
    pub(super) fn nothing(model: &Value) -> Free {
        Free {
            parameters: vec![],
            action_precision: constant(&model["alpha"]),
            learning_rate: constant(&model["eta"]),
            preferences: vec![],
            lapse: 0.0,
        }
    }
}

fn constant(value: &Value) -> Expression {
    Expression::constant(value.as_f64().unwrap_or(f64::NAN))
}

fn cells(numbers: &[f64]) -> Vec<Expression> {
    numbers.iter().copied().map(Expression::constant).collect()
}

fn labels(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|k| format!("{prefix}{k}")).collect()
}

/// A recorded model.
pub(super) struct Recorded<'a> {
    model: &'a Value,
    is_tutorial: bool,
    /// The number of actions of each factor.
    actions: Vec<usize>,
}

impl<'a> Recorded<'a> {
    pub(super) fn of(document: &'a Value) -> Recorded<'a> {
        let model = &document["model"];
        let actions = items(&model["B"]).iter().map(|b| items(&b[0][0]).len()).collect();
        Recorded { model, is_tutorial: document["engine"] == "tutorial", actions }
    }

    /// The factors that are controls.
    fn controlled(&self) -> Vec<usize> {
        (0..self.actions.len()).filter(|&factor| self.actions[factor] > 1).collect()
    }

    fn joint_action(&self, actions: &[usize]) -> usize {
        actions.iter().zip(&self.actions).fold(0, |joint, (action, size)| joint * size + action)
    }

    /// How a table with these counts is learned.
    fn learning(&self, columns: &[Vec<f64>], rate: Expression) -> Learning {
        let omega = if self.is_tutorial { constant(&self.model["omega"]) } else { Expression::constant(0.0) };
        Learning {
            counts: Counts::Explicit(columns.iter().map(|column| cells(column)).collect()),
            learning_rate: rate,
            outcome_rates: vec![],
            forgetting_rate: omega,
        }
    }

    /// Columns of weights, and how they are learned if they are counts.
    fn table(
        &self,
        (counts, table): (&Value, &Value),
        columns: fn(&Value) -> Vec<Vec<f64>>,
        rate: &Expression,
    ) -> (Vec<Distribution>, Option<Learning>) {
        let weights = |column: &Vec<f64>| Distribution { form: Form::Normalised, cells: cells(column) };
        let learning = (!counts.is_null()).then(|| self.learning(&columns(counts), rate.clone()));
        let source = if counts.is_null() { table } else { counts };
        (columns(source).iter().map(weights).collect(), learning)
    }

    fn factors(&self, free: &Free) -> Vec<Factor> {
        let controlled = self.controlled();
        let single = |value: &Value| vec![flat(value)];
        let factor = |(f, b): (usize, &Value)| {
            let (columns, transition_learning) =
                self.table((&self.model["b"][f], b), transition_columns, &free.learning_rate);
            let rate = if self.is_tutorial { free.learning_rate.clone() } else { Expression::constant(1.0) };
            let (mut prior, prior_learning) =
                self.table((&self.model["d"][f], &self.model["D"][f]), single, &rate);
            Factor {
                name: format!("factor{f}"),
                states: labels("s", items(b).len()),
                prior: prior.remove(0),
                transitions: Transitions {
                    parents: vec![f],
                    controls: controlled.iter().position(|&control| control == f).into_iter().collect(),
                    columns,
                },
                transition_learning,
                prior_learning,
            }
        };
        items(&self.model["B"]).iter().enumerate().map(factor).collect()
    }

    fn modalities(&self, free: &Free) -> Vec<Modality> {
        let modality = |(g, a): (usize, &Value)| {
            let (likelihood, learning) =
                self.table((&self.model["a"][g], a), likelihood_columns, &free.learning_rate);
            let counted = &self.model["c"][g];
            let recorded = preference_columns(if counted.is_null() { &self.model["C"][g] } else { counted });
            let steps = free.preferences.get(g).cloned().flatten();
            Modality {
                name: format!("modality{g}"),
                outcomes: labels("o", items(a).len()),
                parents: (0..self.actions.len()).collect(),
                likelihood,
                preferences: Preferences {
                    form: PreferenceForm::LogSoftmax,
                    steps: steps.unwrap_or_else(|| recorded.iter().map(|step| cells(step)).collect()),
                    learning: (!counted.is_null())
                        .then(|| self.learning(&recorded, free.learning_rate.clone())),
                },
                information_gain: true,
                learning,
            }
        };
        items(&self.model["A"]).iter().enumerate().map(modality).collect()
    }

    fn planning(&self) -> Planning {
        let moving = self.model["policy_type"] == "U";
        let action = |actions: &Value| self.joint_action(&counts(actions));
        let policies: Vec<Vec<usize>> = if moving {
            items(&self.model["U"]).iter().map(|actions| vec![action(actions)]).collect()
        } else {
            let steps = items(&self.model["V"]);
            let policies = 0..steps.first().map_or(0, |step| items(step).len());
            policies.map(|policy| steps.iter().map(|step| action(&step[policy])).collect()).collect()
        };
        let weight = |on: bool| Expression::constant(f64::from(u8::from(on)));
        Planning {
            horizon: policies.first().map_or(1, Vec::len),
            policies,
            weights: TermWeights {
                utility: weight(true),
                state_information_gain: weight(true),
                likelihood_information_gain: weight(true),
                transition_information_gain: weight(self.is_tutorial),
                inductive_value: weight(false),
            },
            induction: None,
            sophistication: None,
            monte_carlo_tree_search: None,
        }
    }

    fn choice(&self, free: &Free, policies: usize) -> Choice {
        let (counted, fixed) = (&self.model["e"], &self.model["E"]);
        let habits = match (counted.is_null(), fixed.is_null()) {
            (true, true) => Distribution { form: Form::Softmax, cells: cells(&vec![0.0; policies]) },
            (true, false) => Distribution { form: Form::Normalised, cells: cells(&flat(fixed)) },
            (false, _) => Distribution { form: Form::Normalised, cells: cells(&flat(counted)) },
        };
        Choice {
            policy_precision: Expression::constant(1.0 / self.model["beta"].as_f64().unwrap_or(f64::NAN)),
            action_precision: free.action_precision.clone(),
            lapse: Expression::constant(free.lapse),
            habits,
            habit_learning: (!counted.is_null())
                .then(|| self.learning(&[flat(counted)], free.learning_rate.clone())),
            selection: ActionSelection::JointAction,
            missing_action: MissingAction::Stay,
        }
    }

    fn settings(&self) -> TrialMessagePassing {
        let number = |key: &str| self.model[key].as_f64().unwrap_or(f64::NAN);
        TrialMessagePassing {
            policies: if self.model["policy_type"] == "U" {
                PolicyExtent::NextStep
            } else {
                PolicyExtent::WholeTrial
            },
            time_constant: number("tau"),
            reset: number("erp"),
            pruning: Some(number("zeta")),
            ..TrialMessagePassing::default()
        }
    }

    /// The task model.
    pub(super) fn task(&self, free: Free) -> TaskModel {
        let (factors, modalities) = (self.factors(&free), self.modalities(&free));
        let variable = |name: String, labels: &[String]| Variable { name, labels: labels.to_vec() };
        let schema = Schema {
            controls: self
                .controlled()
                .iter()
                .map(|&f| variable(format!("control{f}"), &labels("u", self.actions[f])))
                .collect(),
            modalities: modalities.iter().map(|m| variable(m.name.clone(), &m.outcomes)).collect(),
            responses: vec![],
            row_order: RowOrder::ObserveThenAct,
        };
        let planning = self.planning();
        TaskModel {
            name: "recorded".into(),
            description: String::new(),
            citation: String::new(),
            choice: self.choice(&free, planning.policies.len()),
            parameters: free.parameters,
            schema,
            // Nothing is simulated.
            process: Process::default(),
            factors,
            modalities,
            inference: InferenceScheme::TrialMessagePassing(self.settings()),
            planning,
            learning: LearningSettings {
                time: LearningTime::TrialEnd,
                beliefs: LearningBeliefs::Smoothed,
                carry: false,
            },
            numerics: Numerics::Spm,
            responses: vec![],
        }
    }

    /// The joint action taken at each step of a recorded trial.
    pub(super) fn taken(&self, trial: &Value) -> Vec<usize> {
        let rows: Vec<Vec<usize>> = items(&trial["u"]).iter().map(counts).collect();
        let steps = rows.first().map_or(0, Vec::len);
        (0..steps).map(|t| self.joint_action(&rows.iter().map(|row| row[t]).collect::<Vec<_>>())).collect()
    }

    fn trial(&self, (number, trial): (usize, &Value)) -> Trial {
        let rows: Vec<Vec<usize>> = items(&trial["o"]).iter().map(counts).collect();
        let actions: Vec<Vec<usize>> = items(&trial["u"]).iter().map(counts).collect();
        let step = |t: usize| Step {
            row: t + 1,
            actions: self.controlled().iter().map(|&f| actions[f].get(t).copied()).collect(),
            observations: rows.iter().map(|row| Observation::Outcome(row[t])).collect(),
            responses: vec![],
        };
        let steps = (0..rows.first().map_or(0, Vec::len)).map(step).collect();
        Trial { label: number.to_string(), aborted: false, steps }
    }

    /// The subject: one session of the recorded trials.
    pub(super) fn subject(&self, document: &Value) -> Subject {
        let trials = items(&document["trials"]).iter().enumerate().map(|trial| self.trial(trial)).collect();
        Subject { id: "recorded".into(), sessions: vec![Session { label: "1".into(), trials }] }
    }
}
