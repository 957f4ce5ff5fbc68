//! A population as the report looks at it: its coordinates with their parameters, and the way to natural values.

use crate::study::Component;
use actinf_agents::Support;
use actinf_fit::{FitRecord, PopulationRecord, Transform, WeightKind, WeightRecord};
use std::collections::HashSet;

/// One unconstrained coordinate.
#[derive(Clone, Debug)]
pub(crate) struct Coordinate {
    /// Its name in the record.
    pub(crate) name: String,
    /// Symbol and name of the parameter's component.
    pub(crate) title: String,
    /// The name in words: `policy precision`.
    pub(crate) words: String,
    /// The symbol of the parameter's component.
    pub(crate) symbol: String,
    /// The name of the parameter's component; its own name where no parameter is known.
    component: String,
    /// The support of the parameter, where one coordinate makes one natural value.
    pub(crate) natural: Option<Support>,
}

impl Coordinate {
    fn new(name: &str, components: &[Component]) -> Coordinate {
        let inner = name
            .strip_prefix("logit(")
            .or_else(|| name.strip_prefix("ln("))
            .and_then(|rest| rest.strip_suffix(')'))
            .unwrap_or(name);
        let inner = inner.split('/').next().unwrap_or(inner);
        let Some(component) = components.iter().find(|component| component.name == inner) else {
            let name = name.to_string();
            let [title, words, symbol] = [name.clone(), name.clone(), name.clone()];
            let component = name.clone();
            return Coordinate { name, title, words, symbol, component, natural: Some(Support::Real) };
        };
        let words = component.name.replace('_', " ");
        let (title, natural) = match component.support() {
            Support::Simplex { size } => {
                let (parameter, symbol) = (&component.parameter.name, &component.symbol);
                (format!("ln({symbol} / {parameter}[{size}])"), None)
            }
            support => (component.title(), Some(support)),
        };
        let symbol = component.symbol.clone();
        let component = component.name.clone();
        Coordinate { name: name.to_string(), title, words, symbol, component, natural }
    }

    /// The natural value at a point of the coordinate; the point itself where there is no single natural value.
    pub(crate) fn value(&self, point: f64) -> f64 {
        let Some(support) = self.natural else { return point };
        let mut value = [0.0];
        Transform::of(support).to_natural(&[point], &mut value);
        value[0]
    }

    /// The natural values, in ascending order, at both ends of an interval of the coordinate.
    pub(crate) fn values(&self, [low, high]: [f64; 2]) -> [f64; 2] {
        [self.value(low), self.value(high)]
    }

    /// Whether it is the coordinate of this component.
    pub(crate) fn is_of(&self, component: &str) -> bool {
        self.component == component
    }

    /// The support that its natural values lie in.
    pub(crate) fn support(&self) -> Support {
        self.natural.unwrap_or(Support::Real)
    }
}

/// A population, sorted out.
#[derive(Clone, Debug)]
pub(crate) struct Population<'a> {
    pub(crate) record: &'a PopulationRecord,
    /// In the order of the record's spreads, as the coordinates of its members.
    pub(crate) coordinates: Vec<Coordinate>,
    /// The labels of the groups in the data.
    groups: Vec<String>,
    /// The identities of everybody who was estimated.
    members: HashSet<&'a str>,
}

impl<'a> Population<'a> {
    /// The population of a fit, if it estimated one.
    pub(crate) fn of(record: &'a FitRecord, components: &[Component]) -> Option<Population<'a>> {
        let population = record.population.as_ref()?;
        let mut groups: Vec<String> = vec![];
        for label in record.subjects.iter().filter_map(|subject| subject.group.as_ref()) {
            if !groups.contains(label) {
                groups.push(label.clone());
            }
        }
        let coordinate = |spread: &actinf_fit::SpreadRecord| Coordinate::new(&spread.coordinate, components);
        let coordinates = population.spreads.iter().map(coordinate).collect();
        let members = population.members.iter().map(|member| member.subject.as_str()).collect();
        Some(Population { record: population, coordinates, groups, members })
    }

    /// The coordinate of this name.
    pub(crate) fn coordinate(&self, name: &str) -> Option<&Coordinate> {
        self.coordinates.iter().find(|coordinate| coordinate.name == name)
    }

    /// All weights that are no means.
    pub(crate) fn effects(&self) -> Vec<&'a WeightRecord> {
        self.record.weights.iter().filter(|weight| weight.kind != WeightKind::Mean).collect()
    }

    /// The population's standard deviation in a coordinate.
    pub(crate) fn spread(&self, coordinate: &str) -> Option<f64> {
        self.record
            .spreads
            .iter()
            .find(|spread| spread.coordinate == coordinate)
            .map(|spread| spread.estimate)
    }

    /// Whether a drawn quantity belongs to the population and not to one subject.
    pub(crate) fn owns(&self, quantity: &str) -> bool {
        let subject = |coordinate: &Coordinate| {
            let rest = quantity.strip_prefix(coordinate.name.as_str())?;
            rest.strip_prefix('[')?.strip_suffix(']')
        };
        !self.coordinates.iter().filter_map(subject).any(|subject| self.members.contains(subject))
    }

    /// What a column of a design stands for, in words: "depressed compared with controls", "per standard deviation of
    /// bdi"; the column's own name where it is neither.
    pub(crate) fn column_in_words(&self, weight: &WeightRecord) -> String {
        match weight.kind {
            WeightKind::Mean if weight.column == "1" => "mean of the population".to_string(),
            WeightKind::Mean => format!("mean of {}", level(&weight.column).unwrap_or(&weight.column)),
            WeightKind::Difference => match (level(&weight.column), self.reference(weight)) {
                (Some(level), Some(reference)) => format!("{level} compared with {reference}"),
                (Some(level), None) => format!("{level} compared with the reference"),
                (None, _) => weight.column.clone(),
            },
            WeightKind::Slope => format!("per standard deviation of {}", weight.column),
            WeightKind::Interaction => format!("interaction {}", weight.column),
        }
    }

    /// The only group that no difference of the coordinate stands for.
    fn reference(&self, weight: &WeightRecord) -> Option<&str> {
        let same = |other: &&WeightRecord| {
            other.coordinate == weight.coordinate && other.kind == WeightKind::Difference
        };
        let levels: Vec<&str> =
            self.record.weights.iter().filter(same).filter_map(|other| level(&other.column)).collect();
        let mut rest = self.groups.iter().filter(|group| !levels.contains(&group.as_str()));
        match (rest.next(), rest.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }
}

/// The level in a column such as `group[depressed]`.
fn level(column: &str) -> Option<&str> {
    column.split_once('[')?.1.strip_suffix(']')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Study;
    use crate::synthetic::population::{GroupMethod, with_population};
    use crate::synthetic::{self, Study as Made};

    #[test]
    fn coordinates_find_their_parameters_and_way_back() {
        let results = synthetic::results(Made { free_parameters: 9, ..Made::SMALL });
        let study = Study::new(&results);
        let of = |name: &str| Coordinate::new(name, &study.components);
        assert_eq!(of("learning_rate").title, "η learning_rate");
        assert_eq!(of("logit(learning_rate)").words, "learning rate");
        assert!((of("learning_rate").value(0.0) - 0.5).abs() < 1e-12);
        assert!((of("ln(policy_precision)").value(2.0_f64.ln()) - 2.0).abs() < 1e-12);
        assert!((of("nobody").value(-3.0) + 3.0).abs() < 1e-12);
    }

    #[test]
    fn draws_of_subjects_are_told_from_those_of_the_population() {
        let results = with_population(synthetic::results(Made::SMALL), GroupMethod::NoUTurn);
        let study = Study::new(&results);
        let population = study.population.as_ref().unwrap();
        assert!(population.owns("sd(policy_precision)"));
        assert!(population.owns("policy_precision ~ group[sub-004]"));
        assert!(!population.owns("policy_precision[sub-004]"));
    }

    #[test]
    fn the_reference_is_the_group_without_a_column() {
        let made = Made { hostile: false, ..Made::SMALL };
        let results = with_population(synthetic::results(made), GroupMethod::ExpectationMaximisation);
        let study = Study::new(&results);
        let population = study.population.as_ref().unwrap();
        let difference = population.effects()[0];
        assert!(population.column_in_words(difference).ends_with("compared with controls"));
    }
}
