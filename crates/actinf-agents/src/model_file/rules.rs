//! Rules: one distribution per configuration of the variables that the rules name.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::{certain, distribution};
use super::labels::Labels;
use crate::document::{DocumentError, Entry, Section, Value};
use crate::nearest_name::suggestion;
use crate::task_model::Distribution;

/// The most cells that the table of one list of rules may have.
const MOST_CELLS: usize = 1_000_000;

/// The variables that rules may name.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) controls: &'s [Labels],
    pub(super) factors: &'s [Labels],
}

/// What the rules give distributions of.
pub(super) struct Target<'s> {
    /// The outcomes or states the distributions are over.
    pub(super) labels: &'s Labels,
    /// The factor, if the rules are its transitions: they may then name controls and say "stay".
    pub(super) moves: Option<usize>,
    /// For messages: "the likelihood of modality `outcome`".
    pub(super) subject: String,
}

/// One distribution per configuration of (controls, parents): row-major, the last parent varies fastest.
pub(super) struct Table {
    pub(super) controls: Vec<usize>,
    pub(super) parents: Vec<usize>,
    pub(super) columns: Vec<Distribution>,
}

/// A variable that a rule names. Controls come before factors, as in the order of configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Axis {
    Control(usize),
    Factor(usize),
}

impl<'s> Scope<'s> {
    fn labels(&self, axis: Axis) -> &'s Labels {
        match axis {
            Axis::Control(index) => &self.controls[index],
            Axis::Factor(index) => &self.factors[index],
        }
    }

    fn find(&self, name: &str, at: Value<'_>, target: &Target<'_>) -> Result<Axis, DocumentError> {
        let position = |list: &[Labels]| list.iter().position(|labels| labels.name == name);
        if let Some(index) = position(self.factors) {
            return Ok(Axis::Factor(index));
        }
        let controls = if target.moves.is_some() { self.controls } else { &[] };
        if let Some(index) = position(controls) {
            return Ok(Axis::Control(index));
        }
        if position(self.controls).is_some() {
            return Err(at.error(format!(
                "`{name}` is a control, and a likelihood depends on factors only; let the control set a factor \
                 and name that factor"
            )));
        }
        let names: Vec<&str> =
            self.factors.iter().chain(controls).map(|labels| labels.name.as_str()).collect();
        let word = if target.moves.is_some() { "factor or control" } else { "factor" };
        let hint = suggestion(name, &names, "Known are");
        Err(at.error(format!("there is no {word} `{name}`{hint}")))
    }
}

struct Condition {
    axis: Axis,
    /// Whether the rule holds, by the label of the variable.
    holds: Vec<bool>,
}

enum Column {
    Stay,
    Given(Distribution),
}

struct Rule<'a> {
    at: Value<'a>,
    p: Value<'a>,
    /// None for `otherwise`, which always holds.
    conditions: Option<Vec<Condition>>,
    column: Column,
}

impl Rule<'_> {
    fn holds(&self, axes: &[Axis], configuration: &[usize]) -> bool {
        self.conditions.iter().flatten().all(|condition| {
            axes.iter()
                .zip(configuration)
                .all(|(axis, &label)| *axis != condition.axis || condition.holds[label])
        })
    }
}

/// Reads a list of rules into a table over the variables they name.
pub(super) fn read<'a>(
    value: Value<'a>,
    scope: Scope<'_>,
    target: &Target<'_>,
    context: &mut Context<'a>,
) -> Result<Table, DocumentError> {
    let mut rules = Vec::new();
    for item in value.list()? {
        if rules.last().is_some_and(|rule: &Rule<'_>| rule.conditions.is_none()) {
            return Err(item.reject("stands after the rule `otherwise`, which must be the last one"));
        }
        rules.push(rule(item, scope, target, context)?);
    }
    if rules.is_empty() {
        return Err(value.reject("needs at least one rule"));
    }
    let axes = axes(&rules, target);
    let columns = columns(value, &axes, &rules, scope, target, context)?;
    let control = |axis: &Axis| if let Axis::Control(index) = axis { Some(*index) } else { None };
    let factor = |axis: &Axis| if let Axis::Factor(index) = axis { Some(*index) } else { None };
    Ok(Table {
        controls: axes.iter().filter_map(control).collect(),
        parents: axes.iter().filter_map(factor).collect(),
        columns,
    })
}

fn rule<'a>(
    at: Value<'a>,
    scope: Scope<'_>,
    target: &Target<'_>,
    context: &mut Context<'a>,
) -> Result<Rule<'a>, DocumentError> {
    let section = at.section(&["when", "otherwise", "p"])?;
    let conditions = conditions(&section, scope, target)?;
    let p = section.required("p")?;
    let column = match target.moves {
        Some(_) if p.is_text() && p.text()? == "stay" => Column::Stay,
        _ => Column::Given(distribution(p, target.labels, context)?),
    };
    Ok(Rule { at, p, conditions, column })
}

fn conditions(
    section: &Section<'_>,
    scope: Scope<'_>,
    target: &Target<'_>,
) -> Result<Option<Vec<Condition>>, DocumentError> {
    let rule = section.value();
    match (section.optional("when"), section.optional("otherwise")) {
        (Some(when), None) => when
            .entries()?
            .into_iter()
            .map(|entry| condition(entry, scope, target))
            .collect::<Result<_, _>>()
            .map(Some),
        (None, Some(otherwise)) if otherwise.boolean()? => Ok(None),
        (None, Some(otherwise)) => Err(otherwise.reject("must be true, or be left out")),
        (Some(_), Some(_)) => Err(rule.reject("has both `when` and `otherwise`; keep one")),
        (None, None) => Err(rule.reject("needs `when = { ... }` or `otherwise = true`")),
    }
}

fn condition(entry: Entry<'_>, scope: Scope<'_>, target: &Target<'_>) -> Result<Condition, DocumentError> {
    let Entry { key, value } = entry;
    let axis = scope.find(key, value, target)?;
    let labels = scope.labels(axis);
    let mut holds = vec![false; labels.len()];
    let named = if value.is_list() { value.list()? } else { vec![value] };
    if named.is_empty() {
        return Err(value.reject("must name at least one label"));
    }
    for item in named {
        holds[labels.find(item.text()?, item)?] = true;
    }
    Ok(Condition { axis, holds })
}

/// The variables that any rule names, and the factor itself if a rule lets it stay.
fn axes(rules: &[Rule<'_>], target: &Target<'_>) -> Vec<Axis> {
    let named =
        rules.iter().flat_map(|rule| rule.conditions.iter().flatten()).map(|condition| condition.axis);
    let stays = rules.iter().any(|rule| matches!(rule.column, Column::Stay));
    let itself = target.moves.filter(|_| stays).map(Axis::Factor);
    let mut axes: Vec<Axis> = named.chain(itself).collect();
    axes.sort_unstable();
    axes.dedup();
    axes
}

fn columns<'a>(
    value: Value<'a>,
    axes: &[Axis],
    rules: &[Rule<'a>],
    scope: Scope<'_>,
    target: &Target<'_>,
    context: &mut Context<'a>,
) -> Result<Vec<Distribution>, DocumentError> {
    let sizes: Vec<usize> = axes.iter().map(|&axis| scope.labels(axis).len()).collect();
    let count = configurations(value, &sizes, target)?;
    let mut first_use: Vec<Option<String>> = vec![None; rules.len()];
    let mut columns = Vec::with_capacity(count);
    for index in 0..count {
        let configuration = configuration(index, &sizes);
        let shown = || shown(axes, &configuration, scope);
        let Some(number) = rules.iter().position(|rule| rule.holds(axes, &configuration)) else {
            return Err(value.reject(format!(
                "has no rule for {}; add one, or end with {{ otherwise = true, p = ... }}",
                shown()
            )));
        };
        first_use[number].get_or_insert_with(shown);
        columns.push(column(&rules[number], axes, &configuration, target));
    }
    note_claims(rules, first_use, target, context)?;
    Ok(columns)
}

/// The number of configurations, which is limited so that a slip cannot exhaust the memory.
fn configurations(value: Value<'_>, sizes: &[usize], target: &Target<'_>) -> Result<usize, DocumentError> {
    let count = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    let cells = count.and_then(|count| count.checked_mul(target.labels.len()));
    match count {
        Some(count) if cells.is_some_and(|cells| cells <= MOST_CELLS) => Ok(count),
        _ => {
            Err(value.reject(format!("makes a table of more than {MOST_CELLS} cells; name fewer variables")))
        }
    }
}

fn column(rule: &Rule<'_>, axes: &[Axis], configuration: &[usize], target: &Target<'_>) -> Distribution {
    match &rule.column {
        Column::Given(distribution) => distribution.clone(),
        Column::Stay => {
            let own = target.moves.map(Axis::Factor);
            let state = axes.iter().zip(configuration).find(|(axis, _)| Some(**axis) == own);
            certain(state.map_or(0, |(_, &state)| state), target.labels.len())
        }
    }
}

/// Each rule's distribution is checked once, under the name of the first configuration it is used for.
fn note_claims<'a>(
    rules: &[Rule<'a>],
    first_use: Vec<Option<String>>,
    target: &Target<'_>,
    context: &mut Context<'a>,
) -> Result<(), DocumentError> {
    for (rule, used_for) in rules.iter().zip(first_use) {
        let Some(configuration) = used_for else {
            if rule.conditions.is_none() {
                continue;
            }
            return Err(rule.at.reject("is never used: the rules before it cover everything it names"));
        };
        if let Column::Given(distribution) = &rule.column {
            let at = if configuration.is_empty() { "" } else { " at " };
            let subject = format!("{}{at}{configuration}", target.subject);
            let requirement = Requirement::Distribution(distribution.form);
            context.claim(rule.p, subject, target.labels.labels.clone(), requirement, &distribution.cells);
        }
    }
    Ok(())
}

/// The labels of configuration `index`; the last variable varies fastest.
fn configuration(mut index: usize, sizes: &[usize]) -> Vec<usize> {
    let mut labels = vec![0; sizes.len()];
    for (label, size) in labels.iter_mut().zip(sizes).rev() {
        *label = index % size;
        index /= size;
    }
    labels
}

/// "context = reversed, button = pressed".
fn shown(axes: &[Axis], configuration: &[usize], scope: Scope<'_>) -> String {
    let one = |(axis, label): (&Axis, &usize)| {
        let labels = scope.labels(*axis);
        format!("{} = {}", labels.name, labels.labels[*label])
    };
    axes.iter().zip(configuration).map(one).collect::<Vec<_>>().join(", ")
}
