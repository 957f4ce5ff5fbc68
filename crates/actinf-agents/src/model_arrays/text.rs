//! The text of a model file.

use super::tensor::advance;
use super::{FactorArrays, HabitArrays, ModalityArrays, ModelArrays, Rates, Tensor};
use std::fmt::Write;

/// Probabilities whose sum is off by more than this are written as weights.
const SUM: f64 = 1e-12;

pub(super) fn model_file(model: &ModelArrays) -> String {
    let mut text = format!(
        "name = {}\ndescription = {}\norder = \"observe_then_act\"\n",
        quoted(&model.name),
        quoted(&model.description)
    );
    for factor in model.factors.iter().filter(|factor| factor.is_controlled()) {
        let _ = write!(
            text,
            "\n[[controls]]\nname = {}\nactions = {}\n",
            quoted(&factor.control),
            list(&factor.actions)
        );
    }
    for (position, factor) in model.factors.iter().enumerate() {
        text.push_str(&self::factor(model, position, factor));
    }
    for modality in &model.modalities {
        text.push_str(&self::modality(model, modality));
    }
    section(&mut text, "inference", &model.inference);
    section(&mut text, "planning", &model.planning);
    if let Some(policies) = &model.policies {
        text.push_str(&self::policies(model, policies));
    }
    section(&mut text, "choice", &model.choice);
    match &model.habits {
        None => {}
        Some(HabitArrays::Logits(logits)) => text.push_str(&format!("habits = {}\n", numbers(logits))),
        Some(HabitArrays::Counts(counts, rates)) => {
            text.push_str(&format!(
                "habit_learning = {{ counts = {}, {} }}\n",
                numbers(counts),
                self::rates(*rates)
            ));
        }
    }
    section(&mut text, "learning", &model.learning);
    text.push_str(&process(model));
    text
}

fn section(text: &mut String, name: &str, settings: &[(&'static str, String)]) {
    if settings.is_empty() {
        return;
    }
    let _ = write!(text, "\n[{name}]\n");
    for (key, value) in settings {
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn factor(model: &ModelArrays, position: usize, factor: &FactorArrays) -> String {
    let mut text =
        format!("\n[[factors]]\nname = {}\nstates = {}\n", quoted(&factor.name), list(&factor.states));
    match factor.prior_learning {
        None => text.push_str(&format!("prior = {}\n", distribution(&factor.states, &factor.prior))),
        Some(rates) => {
            let counts = numbers(&factor.prior);
            text.push_str(&format!("prior_learning = {{ counts = {counts}, {} }}\n", self::rates(rates)));
        }
    }
    text.push_str(&transitions(model, position, &factor.transitions, factor.transition_learning.is_some()));
    if let Some(rates) = factor.transition_learning {
        text.push_str(&format!("transition_learning = {{ counts = \"weights\", {} }}\n", self::rates(rates)));
    }
    text
}

fn transitions(model: &ModelArrays, position: usize, tensor: &Tensor, is_learned: bool) -> String {
    let factor = &model.factors[position];
    let own = factor.parents.iter().position(|&parent| parent == position);
    let mut variables: Vec<Variable<'_>> =
        factor.parents.iter().map(|&parent| Variable::of(model, parent)).collect();
    variables.push(Variable { name: &factor.control, labels: &factor.actions });
    let stays = |column: &[f64], index: &[usize]| own.is_some_and(|own| is_certain(column, index[own]));
    let rules = Rules { tensor, variables: &variables };
    if !is_learned && rules.all(&stays) {
        return "transitions = \"stay\"\n".into();
    }
    format!("transitions = {}\n", rules.text(is_learned, &factor.states))
}

fn modality(model: &ModelArrays, modality: &ModalityArrays) -> String {
    let mut text = format!(
        "\n[[modalities]]\nname = {}\noutcomes = {}\n",
        quoted(&modality.name),
        list(&modality.outcomes)
    );
    text.push_str(&likelihood(model, modality, &modality.likelihood, modality.learning.is_some()));
    if let Some(rates) = modality.learning {
        text.push_str(&format!("learning = {{ counts = \"weights\", {} }}\n", self::rates(rates)));
    }
    let cells = |step: &Vec<f64>| match modality.preference_learning {
        Some(_) => numbers(step),
        None => cells(&modality.outcomes, step),
    };
    let has_preferences = modality.preferences.iter().flatten().any(|&cell| cell != 0.0);
    match modality.preferences.as_slice() {
        _ if !has_preferences => {}
        [all] => text.push_str(&format!("preferences = {}\n", cells(all))),
        steps => {
            let steps: Vec<String> = steps.iter().map(|step| format!("  {},\n", cells(step))).collect();
            text.push_str(&format!("preferences = [\n{}]\n", steps.concat()));
        }
    }
    if modality.are_utilities && has_preferences {
        text.push_str("preference_form = \"utilities\"\n");
    }
    if let Some(rates) = modality.preference_learning {
        text.push_str(&format!("preference_learning = {{ {} }}\n", self::rates(rates)));
    }
    text
}

fn likelihood(model: &ModelArrays, modality: &ModalityArrays, tensor: &Tensor, is_learned: bool) -> String {
    let variables: Vec<Variable<'_>> =
        modality.parents.iter().map(|&parent| Variable::of(model, parent)).collect();
    let rules = Rules { tensor, variables: &variables };
    format!("likelihood = {}\n", rules.text(is_learned, &modality.outcomes))
}

fn policies(model: &ModelArrays, policies: &[Vec<Vec<usize>>]) -> String {
    let controlled: Vec<usize> =
        (0..model.factors.len()).filter(|&f| model.factors[f].is_controlled()).collect();
    let label = |f: usize, actions: &[usize]| quoted(&model.factors[f].actions[actions[f]]);
    let step = |actions: &Vec<usize>| match controlled.as_slice() {
        [single] => label(*single, actions),
        several => {
            let pairs = several
                .iter()
                .map(|&f| format!("{} = {}", key(&model.factors[f].control), label(f, actions)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    };
    let policy = |policy: &Vec<Vec<usize>>| {
        format!("  [{}],\n", policy.iter().map(step).collect::<Vec<_>>().join(", "))
    };
    format!("policies = [\n{}]\n", policies.iter().map(policy).collect::<String>())
}

/// The task as it is, where it differs from what the agent believes.
fn process(model: &ModelArrays) -> String {
    let mut text = String::new();
    for (position, factor) in model.factors.iter().enumerate() {
        let Some((transitions, prior)) = &factor.process else { continue };
        let _ = write!(
            text,
            "\n[[process.factors]]\nname = {}\nstates = {}\nprior = {}\n{}",
            quoted(&factor.name),
            list(&factor.states),
            distribution(&factor.states, prior),
            self::transitions(model, position, transitions, false)
        );
    }
    for modality in &model.modalities {
        let Some(tensor) = &modality.process else { continue };
        let likelihood = likelihood(model, modality, tensor, false);
        let _ = write!(text, "\n[[process.modalities]]\nname = {}\n{likelihood}", quoted(&modality.name));
    }
    text
}

/// What rules may name.
struct Variable<'a> {
    name: &'a str,
    labels: &'a [String],
}

impl<'a> Variable<'a> {
    fn of(model: &'a ModelArrays, factor: usize) -> Variable<'a> {
        let factor = &model.factors[factor];
        Variable { name: &factor.name, labels: &factor.states }
    }
}

/// A table as rules: one dimension of the tensor per variable, after the first.
struct Rules<'a> {
    tensor: &'a Tensor,
    variables: &'a [Variable<'a>],
}

impl Rules<'_> {
    /// Whether something holds of every column.
    fn all(&self, holds: &dyn Fn(&[f64], &[usize]) -> bool) -> bool {
        let sizes = &self.tensor.shape[1..];
        let mut index = vec![0; sizes.len()];
        (0..sizes.iter().product()).all(|_| {
            let answer = holds(&self.tensor.column(&index), &index);
            advance(&mut index, sizes);
            answer
        })
    }

    /// The variables that are named: all of a table that is learned, otherwise those that it depends on.
    fn named(&self, is_learned: bool) -> Vec<usize> {
        let is_named = |&k: &usize| {
            self.variables[k].labels.len() > 1 && (is_learned || self.tensor.varies_along(k + 1))
        };
        (0..self.variables.len()).filter(is_named).collect()
    }

    fn text(&self, is_learned: bool, labels: &[String]) -> String {
        let named = self.named(is_learned);
        let sizes: Vec<usize> = named.iter().map(|&k| self.variables[k].labels.len()).collect();
        let mut text = String::from("[\n");
        let mut index = vec![0; named.len()];
        for _ in 0..sizes.iter().product() {
            let mut all = vec![0; self.variables.len()];
            named.iter().zip(&index).for_each(|(&k, &label)| all[k] = label);
            let p = distribution(labels, &self.tensor.column(&all));
            let conditions = named.iter().zip(&index).map(|(&k, &label)| {
                format!("{} = {}", key(self.variables[k].name), quoted(&self.variables[k].labels[label]))
            });
            let conditions: Vec<String> = conditions.collect();
            let _ = match conditions.as_slice() {
                [] => writeln!(text, "  {{ otherwise = true, p = {p} }},"),
                conditions => writeln!(text, "  {{ when = {{ {} }}, p = {p} }},", conditions.join(", ")),
            };
            advance(&mut index, &sizes);
        }
        text.push(']');
        text
    }
}

fn is_certain(column: &[f64], of: usize) -> bool {
    column.iter().enumerate().all(|(k, &weight)| (weight - f64::from(u8::from(k == of))).abs() < SUM)
}

/// A distribution in proportion to weights; uniform where all are 0, as in SPM.
fn distribution(labels: &[String], weights: &[f64]) -> String {
    let sum: f64 = weights.iter().sum();
    match sum {
        0.0 => "\"uniform\"".into(),
        _ if (sum - 1.0).abs() <= SUM => cells(labels, weights),
        _ => format!("{{ normalise = {} }}", cells(labels, weights)),
    }
}

/// Cells by label; those that are 0 are left out.
fn cells(labels: &[String], numbers: &[f64]) -> String {
    let cells = labels.iter().zip(numbers).filter(|(_, number)| **number != 0.0);
    let cells: Vec<String> = cells.map(|(label, number)| format!("{} = {number}", key(label))).collect();
    if cells.is_empty() { self::numbers(numbers) } else { format!("{{ {} }}", cells.join(", ")) }
}

fn numbers(numbers: &[f64]) -> String {
    let cells: Vec<String> = numbers.iter().map(f64::to_string).collect();
    format!("[{}]", cells.join(", "))
}

fn rates(Rates { rate, forgetting }: Rates) -> String {
    if forgetting == 0.0 {
        format!("rate = {rate}")
    } else {
        format!("rate = {rate}, forgetting = {forgetting}")
    }
}

fn list(labels: &[String]) -> String {
    let quoted: Vec<String> = labels.iter().map(|label| self::quoted(label)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A key of a table: bare where TOML allows it.
fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if is_bare { name.to_owned() } else { quoted(name) }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
