//! The effects on a population in words.

use crate::html::{capitalised, escape};
use crate::number;
use crate::plots::is_clear;
use crate::population::Population;
use actinf_fit::WeightRecord;

/// How often an interval of no effect excludes zero.
const FALSE_ALARMS: f64 = 0.05;

/// What the effects come to.
pub(crate) struct Headlines {
    /// What a column stands for, and one sentence per effect whose interval excludes zero.
    clear: Vec<(String, String)>,
    /// One clause per other effect.
    pub(super) unclear: Vec<String>,
}

impl Headlines {
    /// The effects of a population, in the order of its weights.
    pub(crate) fn new(population: &Population) -> Headlines {
        let (clear, unclear): (Vec<_>, Vec<_>) = population.effects().into_iter().partition(|w| is_clear(w));
        Headlines {
            clear: clear
                .into_iter()
                .map(|weight| (population.column_in_words(weight), clear_sentence(population, weight)))
                .collect(),
            unclear: unclear.into_iter().map(|weight| unclear_clause(population, weight)).collect(),
        }
    }

    /// At most `most` clear effects as HTML, under what their columns stand for; nothing if there are none.
    pub(crate) fn clear_list(&self, most: usize) -> String {
        let shown = &self.clear[..self.clear.len().min(most)];
        let mut columns: Vec<&str> = vec![];
        for (column, _) in shown {
            if !columns.contains(&column.as_str()) {
                columns.push(column);
            }
        }
        let items = |column: &str| -> String {
            let own = shown.iter().filter(|(other, _)| other == column);
            own.map(|(_, sentence)| format!("<li>{}</li>\n", escape(sentence))).collect()
        };
        let list = |column: &str| {
            let title = escape(&capitalised(column));
            format!("<p class=\"headline\">{title}:</p>\n<ul class=\"lead\">\n{}</ul>\n", items(column))
        };
        columns.into_iter().map(list).collect()
    }

    /// How many effects were looked at, how many are clear, and how many would be by chance; `None` without effects.
    pub(crate) fn count(&self) -> Option<String> {
        let (clear, all) = (self.clear.len(), self.clear.len() + self.unclear.len());
        let chance = number::three_digits(FALSE_ALARMS * all as f64);
        match (clear, all) {
            (_, 0) => None,
            (0, 1) => Some("The 95 % interval of the only effect includes zero.".to_string()),
            (_, 1) => Some("The 95 % interval of the only effect excludes zero.".to_string()),
            (0, all) => Some(format!("The 95 % intervals of all {all} effects include zero.")),
            (clear, all) => Some(format!(
                "Of {all} effects, {clear} {} a 95 % interval that excludes zero; without any effect {chance} would be \
                 expected to by chance.",
                if clear == 1 { "has" } else { "have" }
            )),
        }
    }
}

/// `Policy precision lower by 0.31 (95 % interval 0.05 to 0.57, p = 0.020).`
fn clear_sentence(population: &Population, weight: &WeightRecord) -> String {
    let (estimate, interval, unit) = on_best_scale(population, weight);
    let lower = estimate < 0.0;
    let sizes = interval.map(|[low, high]| if lower { [-high, -low] } else { [low, high] });
    let direction = if lower { "lower" } else { "higher" };
    let moved = match weight.kind {
        actinf_fit::WeightKind::Interaction if lower => "an effect lower",
        actinf_fit::WeightKind::Interaction => "an effect higher",
        _ => direction,
    };
    format!(
        "{} {moved} by {}{unit} ({}{}).",
        capitalised(&parameter(population, weight)),
        number::three_digits(estimate.abs()),
        within(sizes),
        evidence(weight)
    )
}

/// `Learning rate, depressed compared with controls: 0.02 (95 % interval −0.03 to 0.07, p = 0.40).`
fn unclear_clause(population: &Population, weight: &WeightRecord) -> String {
    let (estimate, interval, unit) = on_best_scale(population, weight);
    format!(
        "{}, {}: {}{unit} ({}{}).",
        capitalised(&parameter(population, weight)),
        population.column_in_words(weight),
        number::three_digits(estimate),
        within(interval),
        evidence(weight)
    )
}

fn parameter(population: &Population, weight: &WeightRecord) -> String {
    population.coordinate(&weight.coordinate).map_or(&weight.coordinate, |c| &c.words).clone()
}

/// The effect on the parameter's own scale, if it has one there and the two agree in sign; otherwise the weight, and words
/// that say so.
fn on_best_scale(population: &Population, weight: &WeightRecord) -> (f64, Option<[f64; 2]>, &'static str) {
    let own = population.coordinate(&weight.coordinate).is_some_and(|c| c.natural.is_some());
    match &weight.natural {
        Some(natural) if own && natural.estimate * weight.estimate >= 0.0 => {
            (natural.estimate, natural.interval, "")
        }
        _ => (weight.estimate, weight.interval, " on the unconstrained scale"),
    }
}

fn within(interval: Option<[f64; 2]>) -> String {
    interval.map_or("no interval".to_string(), |[low, high]| {
        format!("95 % interval {} to {}", number::three_digits(low), number::three_digits(high))
    })
}

/// The test, or the probability of direction, and what lies within the region of practical equivalence.
fn evidence(weight: &WeightRecord) -> String {
    let mut words = String::new();
    if let Some(p) = weight.p {
        words.push_str(&format!(", p {}", equality(p)));
    } else if let Some(direction) = weight.direction {
        words.push_str(&format!(", probability of direction {}", number::probability(direction)));
    }
    if let Some(equivalent) = weight.practical_equivalence {
        words.push_str(&format!(", practically zero with probability {}", number::probability(equivalent)));
    }
    words
}

/// `= 0.020` or `< 0.001`.
fn equality(p: f64) -> String {
    let shown = number::probability(p);
    if shown.starts_with(['<', '>']) { shown } else { format!("= {shown}") }
}
