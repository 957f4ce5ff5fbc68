//! Parameter values that stand for all fitted subjects.

use crate::results::{Outcome, ParameterRecord, Role, SubjectRecord};
use actinf_agents::Support;

/// The values of all parameters, component by component: medians of the estimates over the fitted subjects where a parameter is
/// free (for a simplex, divided by their sum), its own values where it is fixed. `None` if a free parameter has no finite
/// estimate.
///
/// # Example
///
/// ```
/// use actinf_agents::{Parameter, Support};
/// use actinf_fit::{ParameterRecord, Role, typical_values};
/// let parameter = Parameter {
///     name: "lapse".into(),
///     symbol: "λ".into(),
///     meaning: String::new(),
///     support: Support::Unit,
///     default: vec![0.0],
/// };
/// let fixed = ParameterRecord { parameter, role: Role::Fixed { values: vec![0.1] } };
/// assert_eq!(typical_values(&[fixed], &[]), Some(vec![0.1]));
/// ```
pub fn typical_values(parameters: &[ParameterRecord], subjects: &[SubjectRecord]) -> Option<Vec<f64>> {
    let mut values = Vec::new();
    for record in parameters {
        match &record.role {
            Role::Fixed { values: own } => values.extend_from_slice(own),
            Role::Free { .. } => {
                let names = record.parameter.component_names();
                let mut medians =
                    names.iter().map(|name| median(subjects, name)).collect::<Option<Vec<f64>>>()?;
                if let Support::Simplex { .. } = record.parameter.support {
                    let sum: f64 = medians.iter().sum();
                    medians.iter_mut().for_each(|median| *median /= sum);
                }
                values.extend(medians);
            }
        }
    }
    Some(values)
}

/// The median of a component's finite estimates; `None` if there are none.
fn median(subjects: &[SubjectRecord], component: &str) -> Option<f64> {
    let estimate = |subject: &SubjectRecord| match &subject.outcome {
        Outcome::Fitted(fit) => fit.estimates.iter().find(|e| e.parameter == component).map(|e| e.estimate),
        Outcome::Failed { .. } => None,
    };
    let mut found: Vec<f64> = subjects.iter().filter_map(estimate).filter(|x| x.is_finite()).collect();
    found.sort_by(f64::total_cmp);
    let last = found.len().checked_sub(1)?;
    Some(0.5 * (found[last / 2] + found[found.len() / 2]))
}
