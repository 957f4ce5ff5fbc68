//! What a comparison says, in sentences.

use super::criteria::Criteria;
use super::evidence::EvidenceKind;
use super::record::Comparison;
use crate::probability_text::probability_text;

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
                probability_text(risk),
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
            probability_text(protected),
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

    /// What to check before believing the comparison, in sentences; empty if nothing.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for model in self.models.iter().filter(|model| model.criteria.not_converged > 0) {
            let count = model.criteria.not_converged;
            warnings.push(format!(
                "{}: the search did not converge for {count} subject{}, whose evidence is doubtful.",
                model.name,
                if count == 1 { "" } else { "s" }
            ));
        }
        if !self.selection.random_effects.converged {
            warnings.push("The frequencies were still changing when the iterations were stopped.".to_owned());
        }
        warnings.extend(self.sum_against_frequencies());
        warnings
    }

    /// Fixed and random effects may favour different models, because a few subjects decide the sum.
    fn sum_against_frequencies(&self) -> Option<String> {
        let (best, factors) = (self.most_frequent(), &self.fixed_effects.log_bayes_factors);
        let summed = factors.iter().position(|factor| *factor <= 0.0)?;
        (summed != best).then(|| {
            format!(
                "The summed evidence favours {} and the frequencies favour {}: a few subjects with large differences decide \
                 the sum.",
                self.models[summed].name, self.models[best].name
            )
        })
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
        Some(format!("{says}: the probability that they are the same is {}.", probability_text(same)))
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
            probability_text(found.protected_exceedance[best]),
            probability_text(found.omnibus_risk),
        ))
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
