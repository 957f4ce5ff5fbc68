//! Profile intervals against closed forms.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::{Subject, Support};
use actinf_fit::{
    FittingMethod, MaximumAPosteriori, MaximumLikelihood, Prior, Problem, Profile, ProfileEnd, SubjectFit,
};
use toys::*;

const DEVIATES: [f64; 3] = [0.674_489_750_196_081_7, 1.281_551_565_544_600_4, 1.959_963_984_540_054];

fn likelihood(problem: &Problem<'_>, subject: &Subject) -> SubjectFit {
    let method = MaximumLikelihood { profiles: true, ..MaximumLikelihood::default() };
    method.fit_subject(problem, subject, 0, 1).unwrap().fit
}

fn posterior(problem: &Problem<'_>, subject: &Subject) -> SubjectFit {
    let method = MaximumAPosteriori { profiles: true, ..MaximumAPosteriori::default() };
    method.fit_subject(problem, subject, 0, 1).unwrap().fit
}

fn ends(profile: &Profile, level: usize) -> (f64, f64) {
    let interval = &profile.intervals[level];
    (interval.lower.value().unwrap(), interval.upper.value().unwrap())
}

#[test]
fn a_line_has_the_exact_normal_intervals() {
    let line = line();
    let prior = |mean, sd| free(Prior::Normal { mean, sd });
    let problem = Problem::new(&line, vec![prior(1.0, 2.0), prior(-0.5, 0.7)]).unwrap();
    let subject = ratings("a", &[0.3, 1.9, 1.2, 3.3, 2.0, 4.4]);
    for fit in [likelihood(&problem, &subject), posterior(&problem, &subject)] {
        for (profile, estimate) in fit.profiles.iter().zip(&fit.estimates) {
            for (level, deviate) in DEVIATES.into_iter().enumerate() {
                let (lower, upper) = ends(profile, level);
                let half = deviate * estimate.standard_error.unwrap();
                near(lower, estimate.estimate - half, 3e-6);
                near(upper, estimate.estimate + half, 3e-6);
            }
        }
    }
}

/// Where `2 [l(p̂) - l(p)]` is a quantile of chi-square with one degree of freedom.
#[test]
fn a_coin_has_its_likelihood_ratio_interval() {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let fit = likelihood(&problem, &tosses("a", 14, 6));
    let log_likelihood = |p: f64| 14.0 * p.ln() + 6.0 * (1.0 - p).ln();
    for (level, deviate) in DEVIATES.into_iter().enumerate() {
        let (lower, upper) = ends(&fit.profiles[0], level);
        assert!(lower < 0.7 && 0.7 < upper);
        for end in [lower, upper] {
            near(2.0 * (log_likelihood(0.7) - log_likelihood(end)), deviate * deviate, 1e-5);
        }
    }
}

/// The profile does not care how the other share is parametrised: the same coin, as a simplex of two and of three.
#[test]
fn shares_have_the_interval_of_the_coin_they_are() {
    let shares = |size: usize| {
        let default = vec![1.0 / size as f64; size];
        Toy::new(vec![parameter("shares", Support::Simplex { size }, &default)], |subject, x, gradient| {
            let mut total = 0.0;
            for k in 0..x.len() {
                let count = subject.steps().filter(|(_, s)| s.actions[0] == Some(k)).count() as f64;
                gradient[k] = count / x[k];
                total += count * x[k].ln();
            }
            Ok(total)
        })
    };
    let (two, three) = (shares(2), shares(3));
    // Action 0 fourteen times of twenty; in the second the other six are shared by two actions.
    let as_two = sides("a", &[[0; 14].as_slice(), &[1; 6]].concat());
    let as_three = sides("a", &[[0; 14].as_slice(), &[1; 2], &[2; 4]].concat());
    let last_of_three = sides("a", &[[2; 14].as_slice(), &[1; 2], &[0; 4]].concat());
    let profile = |model: &Toy, subject: &Subject, component: usize| {
        let problem = Problem::new(model, Problem::default_roles(model)).unwrap();
        ends(&likelihood(&problem, subject).profiles[component], 2)
    };
    let coin = coin();
    let as_coin = profile(&coin, &tosses("a", 14, 6), 0);
    for (lower, upper) in
        [profile(&two, &as_two, 0), profile(&three, &as_three, 0), profile(&three, &last_of_three, 2)]
    {
        near(lower, as_coin.0, 1e-5);
        near(upper, as_coin.1, 1e-5);
    }
}

#[test]
fn a_likelihood_that_never_falls_leaves_the_interval_open() {
    let model = logistic_regression();
    let problem = Problem::new(&model, Problem::default_roles(&model)).unwrap();
    let subject = sides("a", &[0, 0, 0, 0, 1, 1, 1, 1]);
    let fit = likelihood(&problem, &subject);
    let precision = &fit.profiles[0].intervals[2];
    assert_eq!(precision.upper, ProfileEnd::Open);
    assert!(precision.lower.value().unwrap() > 0.0);
    let held = posterior(&problem, &subject);
    assert!(held.profiles[0].intervals.iter().all(|interval| interval.upper.value().is_some()));
}

#[test]
fn parameters_known_by_their_product_have_open_intervals_in_the_likelihood() {
    let product = product();
    let problem = Problem::new(&product, Problem::default_roles(&product)).unwrap();
    let fit = likelihood(&problem, &ratings("a", &[3.0, 2.6, 3.2, 3.1]));
    for profile in &fit.profiles {
        for interval in &profile.intervals {
            assert_eq!((&interval.lower, &interval.upper), (&ProfileEnd::Open, &ProfileEnd::Open));
        }
    }
}

#[test]
fn a_higher_mode_met_on_the_way_is_told() {
    let square = square();
    let problem = Problem::new(&square, vec![free(Prior::Normal { mean: 1.0, sd: 4.0 })]).unwrap();
    let method = MaximumAPosteriori { starts: 1, profiles: true, ..MaximumAPosteriori::default() };
    // The only start, the default at 0.5, finds the mode at +1.05; seen from -1.05 the profile must climb over 0.
    let fit = method.fit_subject(&problem, &ratings("a", &[1.1]), 0, 1).unwrap().fit;
    assert!(fit.estimates[0].estimate > 1.0);
    let (lower, upper) = ends(&fit.profiles[0], 2);
    assert!(lower < -1.0 && upper > 1.5, "{lower} {upper}");
}
