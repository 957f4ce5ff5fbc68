//! What a comparison says, in sentences.

use super::criteria::Criteria;
use super::evidence::EvidenceKind;
use super::record::Comparison;

/// Above this risk, differences between models may be chance.
const RISKY: f64 = 0.5;
/// From this protected exceedance probability, a model is called the most frequent without reservation.
const SURE: f64 = 0.95;

impl Comparison {
    /// The result of the random-effects comparison in one or two sentences.
    pub fn verdict(&self) -> String {
        let best = self.most_frequent();
        let (selection, effects) = (&self.selection, &self.selection.random_effects);
        let (name, risk) = (&self.models[best].name, selection.omnibus_risk);
        if risk > RISKY {
            return format!(
                "The data do not tell the models apart: all {} are equally frequent with probability {}. \
                 The largest expected frequency, {} for {name}, may be chance.",
                self.models.len(),
                probability(risk),
                percent(effects.expected_frequencies[best]),
            );
        }
        let protected = selection.protected_exceedance[best];
        let [lower, upper] = effects.frequency_intervals[best].map(percent);
        let is = if protected >= SURE {
            "is the most frequent model"
        } else {
            "is probably, but not surely, the most frequent model"
        };
        format!(
            "{name} {is}: it is expected to describe {} of people (95 % interval {lower} to {upper}), and more than \
             any other model with probability {} when equal frequencies are allowed for.",
            percent(effects.expected_frequencies[best]),
            probability(protected),
        )
    }

    /// Where the criteria prefer another model than the evidence does, and what that may mean; `None` where all agree.
    pub fn criteria_verdict(&self) -> Option<String> {
        let lowest = |criterion: fn(&Criteria) -> f64| {
            let negative: Vec<f64> = self.models.iter().map(|model| -criterion(&model.criteria)).collect();
            &self.models[super::record::position_of_largest(&negative)].name
        };
        let best = &self.models[self.most_frequent()].name;
        let differs = |(_, name): &(&str, &String)| *name != best;
        let criteria = [("BIC", lowest(|c| c.bic)), ("AIC", lowest(|c| c.aic))];
        let others: Vec<String> = criteria
            .into_iter()
            .filter(differs)
            .map(|(criterion, name)| format!("{criterion} prefers {name}"))
            .collect();
        if others.is_empty()
            || !matches!(self.evidence, EvidenceKind::LogEvidence | EvidenceKind::ImportanceSampled)
        {
            return None;
        }
        Some(format!(
            "{}: a criterion looks at the best parameter values alone, the evidence averages over the prior. Before \
             deciding, check that the priors say what you mean and that the evidence is accurate.",
            others.join(" and ")
        ))
    }

    /// The result of the comparison of groups in a sentence, if there was one.
    pub fn group_verdict(&self) -> Option<String> {
        let groups = self.groups.as_ref()?;
        let same = groups.probability_same;
        let says = match same {
            same if same < 1.0 - SURE => "The groups use the models with different frequencies",
            same if same > SURE => "The groups use the models with the same frequencies",
            _ => "The data do not settle whether the groups use the models with the same frequencies",
        };
        Some(format!("{says}: the probability that they are the same is {}.", probability(same)))
    }

    /// The result of the comparison of families in a sentence, if there was one.
    pub fn family_verdict(&self) -> Option<String> {
        let found = self.families.as_ref()?;
        let best = super::record::position_of_largest(&found.expected_frequencies);
        Some(format!(
            "The family {} is expected to describe {} of people, and more than any other with probability {} when equal \
             frequencies are allowed for; all families are equally frequent with probability {}.",
            found.families[best].name,
            percent(found.expected_frequencies[best]),
            probability(found.protected_exceedance[best]),
            probability(found.omnibus_risk),
        ))
    }
}

/// A probability with as many digits as mean something.
fn probability(p: f64) -> String {
    match p {
        p if p < 0.0005 => "less than 0.001".to_owned(),
        p if p > 0.9995 => "more than 0.999".to_owned(),
        p => format!("{p:.3}"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
