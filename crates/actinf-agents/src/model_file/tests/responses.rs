use super::super::read;
use super::changed;
use crate::task_model::ResponseDistribution;

const NORMAL: &str = "distribution = \"normal\"\nmean = \"context.normal\"\nstandard_deviation = 0.5";

#[test]
fn a_beta_rating_and_a_reaction_time_see_beliefs_and_plans() {
    let beta = "distribution = \"beta\"\nmean = \"context.normal\"\nprecision = \"1 + policy.entropy\"\nsqueeze = 20";
    let model = read(&changed(NORMAL, beta), "m.toml").unwrap();
    let ResponseDistribution::Beta { mean, precision, squeeze } = &model.responses[0].distribution else {
        panic!("{:?}", model.responses[0]);
    };
    // Four parameter values, then four beliefs, then the plan.
    assert_eq!((mean.slots(), precision.slots(), *squeeze), (vec![4], vec![8], Some(20.0)));
    let time = "distribution = \"log_normal\"\nlocation = \"action.entropy - expected_free_energy.difference\"\nscale = 1";
    let model = read(&changed(NORMAL, time), "m.toml").unwrap();
    let ResponseDistribution::LogNormal { location, shift, .. } = &model.responses[0].distribution else {
        panic!("{:?}", model.responses[0]);
    };
    assert_eq!((location.slots(), shift.as_constant()), (vec![9, 10], Some(0.0)));
}

#[test]
fn what_a_distribution_does_not_have_or_cannot_be_is_refused() {
    for (to, expected) in [
        (
            "distribution = \"beta\"\nmean = 0.5\nprecision = 2\nshift = 1",
            "42: `responses[1]` has no key `shift`; it accepts: `name`, `meaning`, `moment`, `distribution`, `mean`, `precision`, `squeeze`",
        ),
        (
            "distribution = \"beta\"\nmean = 0.5\nprecision = 2\nsqueeze = 1",
            "42: `responses[1].squeeze` must be above 1, such as the number of ratings, not 1",
        ),
        (
            "distribution = \"beta\"\nmean = \"policy.entropy\"\nprecision = 2",
            "40: the mean of response `rating`: the value is 5 at policy.entropy = 5; it must be between 0 and 1",
        ),
        (
            "distribution = \"log_normal\"\nlocation = 0\nscale = \"policy.entropy\"",
            "41: the scale of response `rating`: the value is 0 at policy.entropy = 0; it must be above 0",
        ),
        (
            "distribution = \"log_normal\"\nlocation = \"policy.entropi\"\nscale = 1",
            "40: `responses[1].location` cannot be \"policy.entropi\": `policy.entropi` is not known here; did you mean \
             `policy.entropy`? (at character 1)",
        ),
    ] {
        let error = read(&changed(NORMAL, to), "m.toml").expect_err(to).to_string();
        assert_eq!(error, format!("m.toml:{expected}"));
    }
}
