//! The results as a report looks at them: who was fitted, in which groups, with which free components.

use crate::population::Population;
use actinf_agents::{Parameter, Support};
use actinf_fit::{Estimate, Outcome, Prior, Results, Role, SubjectFit, SubjectRecord, SubjectSteps};
use std::collections::HashMap;

/// A fitted subject.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fitted<'a> {
    pub(crate) record: &'a SubjectRecord,
    pub(crate) fit: &'a SubjectFit,
    pub(crate) steps: Option<&'a SubjectSteps>,
}

impl<'a> Fitted<'a> {
    /// The estimate of a free component, by name.
    pub(crate) fn estimate(&self, component: &str) -> Option<&'a Estimate> {
        self.fit.estimates.iter().find(|estimate| estimate.parameter == component)
    }
}

/// A subject that could not be fitted, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure<'a> {
    pub(crate) record: &'a SubjectRecord,
    pub(crate) reason: &'a str,
}

/// The fitted subjects of one group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Its label, "all subjects" where the data has no groups.
    pub(crate) label: String,
    /// Positions in [`Study::fitted`].
    pub(crate) members: Vec<usize>,
    /// Subjects of the group that could not be fitted.
    pub(crate) failures: usize,
}

/// One scalar that was estimated.
#[derive(Clone, Debug)]
pub(crate) struct Component<'a> {
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) parameter: &'a Parameter,
    pub(crate) prior: &'a Prior,
}

impl Component<'_> {
    /// Symbol and name; the name alone where it is its own symbol.
    pub(crate) fn title(&self) -> String {
        if self.symbol == self.name { self.name.clone() } else { format!("{} {}", self.symbol, self.name) }
    }

    /// The values it may take.
    pub(crate) fn support(&self) -> Support {
        self.parameter.support
    }
}

/// The results, sorted out.
#[derive(Clone, Debug)]
pub(crate) struct Study<'a> {
    pub(crate) results: &'a Results,
    pub(crate) fitted: Vec<Fitted<'a>>,
    pub(crate) failed: Vec<Failure<'a>>,
    /// In order of first appearance; those without a group last. Never empty.
    pub(crate) groups: Vec<Group>,
    pub(crate) components: Vec<Component<'a>>,
    /// Where a group was estimated together.
    pub(crate) population: Option<Population<'a>>,
}

impl<'a> Study<'a> {
    /// Sorts the results out.
    pub(crate) fn new(results: &'a Results) -> Study<'a> {
        let steps: HashMap<&str, &SubjectSteps> =
            results.steps.iter().map(|steps| (steps.subject.as_str(), steps)).collect();
        let (mut fitted, mut failed) = (vec![], vec![]);
        for record in &results.record.subjects {
            match &record.outcome {
                Outcome::Fitted(fit) => {
                    fitted.push(Fitted { record, fit, steps: steps.get(record.id.as_str()).copied() });
                }
                Outcome::Failed { reason } => failed.push(Failure { record, reason }),
            }
        }
        let groups = groups(results, &fitted);
        let components = components(results);
        let population = Population::of(&results.record, &components);
        Study { results, fitted, failed, groups, components, population }
    }

    /// Whether the data has groups.
    pub(crate) fn has_groups(&self) -> bool {
        self.results.record.subjects.iter().any(|subject| subject.group.is_some())
    }

    /// A property of every fitted subject.
    pub(crate) fn values(&self, property: impl Fn(&Fitted) -> f64) -> Vec<f64> {
        self.fitted.iter().map(property).collect()
    }

    /// A property of the fitted subjects of one group.
    pub(crate) fn values_in(&self, group: &Group, property: impl Fn(&Fitted) -> f64) -> Vec<f64> {
        group.members.iter().map(|&member| property(&self.fitted[member])).collect()
    }

    /// How many fitted subjects have a property.
    pub(crate) fn how_many(&self, property: impl Fn(&Fitted) -> bool) -> usize {
        self.fitted.iter().filter(|subject| property(subject)).count()
    }
}

fn groups(results: &Results, fitted: &[Fitted]) -> Vec<Group> {
    let subjects = &results.record.subjects;
    let mut labels: Vec<Option<&str>> = vec![];
    for subject in subjects {
        if !labels.contains(&subject.group.as_deref()) {
            labels.push(subject.group.as_deref());
        }
    }
    labels.sort_by_key(Option::is_none);
    let ungrouped = labels.len() <= 1 && labels.iter().all(Option::is_none);
    if labels.is_empty() {
        labels.push(None);
    }
    let belongs = |subject: &SubjectRecord, label: Option<&str>| subject.group.as_deref() == label;
    let failed = |subject: &SubjectRecord| matches!(subject.outcome, Outcome::Failed { .. });
    labels
        .into_iter()
        .map(|label| Group {
            label: label.unwrap_or(if ungrouped { "all subjects" } else { "no group" }).to_string(),
            members: (0..fitted.len()).filter(|&position| belongs(fitted[position].record, label)).collect(),
            failures: subjects.iter().filter(|subject| belongs(subject, label) && failed(subject)).count(),
        })
        .collect()
}

fn components(results: &Results) -> Vec<Component<'_>> {
    let mut components = vec![];
    for record in &results.record.model.parameters {
        let Role::Free { prior, .. } = &record.role else { continue };
        let parameter = &record.parameter;
        for name in parameter.component_names() {
            let index = name.strip_prefix(parameter.name.as_str()).unwrap_or_default();
            let symbol = format!("{}{index}", parameter.symbol);
            components.push(Component { name, symbol, parameter, prior });
        }
    }
    components
}
