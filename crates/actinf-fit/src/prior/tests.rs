//! Priors against statrs, quadrature, differences and their own draws.

use super::{Prior, PriorErrorKind};
use crate::transform::Transform;
use actinf_agents::{Parameter, Support};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use statrs::distribution as reference;
use statrs::distribution::{Continuous, ContinuousCDF};

const INTERVAL: Support = Support::Interval { lower: -1.0, upper: 3.0 };

fn scalar_cases() -> Vec<(Prior, Support)> {
    vec![
        (Prior::Normal { mean: 0.5, sd: 2.0 }, Support::Real),
        (Prior::LogNormal { median: 3.0, sd: 0.7 }, Support::Positive),
        (Prior::Gamma { shape: 2.5, rate: 0.5 }, Support::Positive),
        (Prior::Gamma { shape: 0.6, rate: 2.0 }, Support::Positive),
        (Prior::Exponential { rate: 0.3 }, Support::Positive),
        (Prior::HalfNormal { sd: 1.5 }, Support::Positive),
        (Prior::Beta { a: 2.0, b: 5.0 }, Support::Unit),
        (Prior::Beta { a: 0.8, b: 1.5 }, INTERVAL),
        (Prior::LogitNormal { mean: -0.4, sd: 1.5 }, Support::Unit),
        (Prior::LogitNormal { mean: 0.2, sd: 0.8 }, INTERVAL),
        (Prior::Uniform, Support::Unit),
        (Prior::Uniform, INTERVAL),
    ]
}

fn parameter(support: Support, default: Vec<f64>) -> Parameter {
    Parameter { name: "x".into(), symbol: "x".into(), meaning: String::new(), support, default }
}

/// `ln p(u)` on the unconstrained scale; minus infinity where x is rounded to the edge.
fn unconstrained(prior: &Prior, support: Support, u: f64) -> f64 {
    let mut x = [0.0];
    Transform::of(support).to_natural(&[u], &mut x);
    prior.log_density(support, &x) + Transform::of(support).log_jacobian(&[u])
}

/// `∫ g(u) p(u) du` by the trapezium rule, which converges exponentially for densities that fade out.
fn expectation(prior: &Prior, support: Support, g: impl Fn(f64) -> f64) -> f64 {
    let step = 0.002;
    let terms = (-30_000..=18_000).map(|k| {
        let u = f64::from(k) * step;
        let density = unconstrained(prior, support, u).exp();
        if density > 0.0 { g(u) * density } else { 0.0 }
    });
    terms.sum::<f64>() * step
}

#[test]
fn densities_integrate_to_one() {
    for (prior, support) in scalar_cases() {
        let mass = expectation(&prior, support, |_| 1.0);
        assert!((mass - 1.0).abs() < 1e-7, "{prior} on {support}: {mass}");
    }
}

#[test]
fn unconstrained_variances_agree_with_quadrature() {
    for (prior, support) in scalar_cases() {
        let mean = expectation(&prior, support, |u| u);
        let variance = expectation(&prior, support, |u| (u - mean).powi(2));
        let stated = prior.coordinate_variances();
        assert_eq!(stated.len(), 1);
        assert!((stated[0] - variance).abs() < 1e-6 * variance, "{prior}: {stated:?} against {variance}");
    }
}

#[test]
fn laplace_variances_are_the_inverse_curvature_at_the_mode() {
    for (prior, support) in scalar_cases() {
        let density = |u: f64| unconstrained(&prior, support, u);
        let (mut lower, mut upper) = (-15.0, 15.0);
        while upper - lower > 1e-5 {
            let (a, b) = (lower + (upper - lower) / 3.0, upper - (upper - lower) / 3.0);
            if density(a) < density(b) { lower = a } else { upper = b }
        }
        let (mode, h) = (0.5 * (lower + upper), 1e-3);
        let curvature = -(density(mode + h) - 2.0 * density(mode) + density(mode - h)) / (h * h);
        let stated = prior.laplace_variances()[0];
        assert!((stated * curvature - 1.0).abs() < 1e-5, "{prior}: {stated} against {}", 1.0 / curvature);
    }
}

#[test]
fn log_density_slopes_agree_with_central_differences() {
    for (prior, support) in scalar_cases() {
        for u in [-2.0, -0.3, 1.1] {
            let mut x = [0.0];
            Transform::of(support).to_natural(&[u], &mut x);
            let h = 1e-5;
            let [above, below] = [x[0] + h, x[0] - h].map(|x| prior.log_density(support, &[x]));
            let mut slope = [1.0];
            prior.add_log_density_gradient(support, &x, &mut slope);
            let expected = 1.0 + (above - below) / (2.0 * h);
            assert!((slope[0] - expected).abs() < 1e-5 * expected.abs().max(1.0), "{prior} at {x:?}");
        }
    }
}

#[test]
fn log_densities_agree_with_an_independent_library() {
    let positive = Support::Positive;
    for x in [0.05_f64, 0.4, 0.93] {
        let pairs = [
            (
                Prior::Normal { mean: 0.5, sd: 2.0 }.log_density(Support::Real, &[x]),
                reference::Normal::new(0.5, 2.0).unwrap().ln_pdf(x),
            ),
            (
                Prior::LogNormal { median: 3.0, sd: 0.7 }.log_density(positive, &[x]),
                reference::LogNormal::new(3.0_f64.ln(), 0.7).unwrap().ln_pdf(x),
            ),
            (
                Prior::Gamma { shape: 2.5, rate: 0.5 }.log_density(positive, &[x]),
                reference::Gamma::new(2.5, 0.5).unwrap().ln_pdf(x),
            ),
            (
                Prior::Exponential { rate: 0.3 }.log_density(positive, &[x]),
                reference::Exp::new(0.3).unwrap().ln_pdf(x),
            ),
            (
                Prior::HalfNormal { sd: 1.5 }.log_density(positive, &[x]),
                2.0_f64.ln() + reference::Normal::new(0.0, 1.5).unwrap().ln_pdf(x),
            ),
            (
                Prior::Beta { a: 2.0, b: 5.0 }.log_density(Support::Unit, &[x]),
                reference::Beta::new(2.0, 5.0).unwrap().ln_pdf(x),
            ),
            (
                Prior::Dirichlet { concentration: vec![2.0, 5.0] }
                    .log_density(Support::Simplex { size: 2 }, &[x, 1.0 - x]),
                reference::Beta::new(2.0, 5.0).unwrap().ln_pdf(x),
            ),
        ];
        for (index, (ours, theirs)) in pairs.into_iter().enumerate() {
            assert!((ours - theirs).abs() < 1e-12, "case {index} at {x}: {ours} against {theirs}");
        }
    }
}

#[test]
fn quantiles_invert_an_independent_distribution_function() {
    for probability in [0.01, 0.5, 0.9] {
        let normal = Prior::Normal { mean: 0.5, sd: 2.0 }.quantile(Support::Real, probability).unwrap();
        let back = reference::Normal::new(0.5, 2.0).unwrap().cdf(normal);
        assert!((back - probability).abs() < 1e-10);
    }
}

#[test]
fn half_of_the_mass_lies_below_the_median() {
    for (prior, support) in scalar_cases() {
        let median = prior.quantile(support, 0.5).unwrap();
        let mut u = [0.0];
        Transform::of(support).to_unconstrained(&[median], &mut u);
        let below = expectation(&prior, support, |v| if v < u[0] { 1.0 } else { 0.0 });
        assert!((below - 0.5).abs() < 2e-3, "{prior}: {below} below {median}");
    }
}

#[test]
fn draws_have_the_unconstrained_variance() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    for (prior, support) in scalar_cases() {
        let draws: Vec<f64> = (0..20_000)
            .map(|_| {
                let x = prior.sample(support, &mut rng).unwrap();
                let mut u = [0.0];
                Transform::of(support).to_unconstrained(&x, &mut u);
                u[0]
            })
            .collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|u| (u - mean).powi(2)).sum::<f64>() / 20_000.0;
        let stated = prior.coordinate_variances()[0];
        assert!((variance / stated - 1.0).abs() < 0.08, "{prior}: {variance} against {stated}");
        let expected = expectation(&prior, support, |u| u);
        assert!((mean - expected).abs() < 5.0 * (stated / 20_000.0).sqrt(), "{prior}: mean {mean}");
    }
}

#[test]
fn dirichlet_draws_have_the_variance_of_their_log_ratios() {
    let prior = Prior::Dirichlet { concentration: vec![2.0, 5.0, 1.5] };
    let support = Support::Simplex { size: 3 };
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut sums = [(0.0, 0.0); 2];
    for _ in 0..20_000 {
        let mut u = [0.0; 2];
        Transform::of(support).to_unconstrained(&prior.sample(support, &mut rng).unwrap(), &mut u);
        for (sum, u) in sums.iter_mut().zip(u) {
            *sum = (sum.0 + u, sum.1 + u * u);
        }
    }
    for (sum, stated) in sums.iter().zip(prior.coordinate_variances()) {
        let mean = sum.0 / 20_000.0;
        let variance = sum.1 / 20_000.0 - mean * mean;
        assert!((variance / stated - 1.0).abs() < 0.05, "{variance} against {stated}");
    }
}

#[test]
fn dirichlet_laplace_variance_of_two_components_is_that_of_the_beta() {
    let dirichlet = Prior::Dirichlet { concentration: vec![2.0, 5.0] }.laplace_variances();
    let beta = Prior::Beta { a: 2.0, b: 5.0 }.laplace_variances();
    assert!(dirichlet.iter().all(|variance| (variance - beta[0]).abs() < 1e-15));
}

#[test]
fn a_prior_of_another_support_is_refused_with_the_ones_that_fit() {
    let error =
        Prior::Normal { mean: 0.0, sd: 1.0 }.check(&parameter(Support::Positive, vec![1.0])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the prior of parameter `x`: normal does not fit a parameter that is positive; use one of: log_normal, \
         gamma, exponential, half_normal"
    );
    let simplex = parameter(Support::Simplex { size: 3 }, vec![0.2, 0.3, 0.5]);
    assert!(Prior::Uniform.check(&simplex).is_err());
    let short = Prior::Dirichlet { concentration: vec![1.0, 1.0] };
    let size = PriorErrorKind::WrongSize { expected: 3, found: 2 };
    assert_eq!(short.check(&simplex).unwrap_err().kind, size);
    assert!(short.check(&parameter(Support::Unit, vec![0.5])).is_err());
}

#[test]
fn a_number_out_of_range_is_refused_by_name() {
    let error = Prior::Gamma { shape: 1.0, rate: -2.0 }.check(&parameter(Support::Positive, vec![1.0]));
    assert_eq!(error.unwrap_err().kind, PriorErrorKind::NotPositive { field: "rate", value: -2.0 });
    let error = Prior::Normal { mean: f64::NAN, sd: 1.0 }.check(&parameter(Support::Real, vec![1.0]));
    assert!(matches!(error.unwrap_err().kind, PriorErrorKind::NotFinite { field: "mean", .. }));
}

#[test]
fn every_default_prior_fits_its_parameter() {
    let cases = [
        (Support::Real, vec![1.0]),
        (Support::Positive, vec![4.0]),
        (Support::Unit, vec![0.1]),
        (INTERVAL, vec![0.0]),
        (Support::Simplex { size: 3 }, vec![0.2, 0.3, 0.5]),
    ];
    for (support, default) in cases {
        let parameter = parameter(support, default);
        let prior = Prior::default_for(&parameter);
        assert_eq!(prior.check(&parameter), Ok(()));
        assert!(prior.log_density(support, &parameter.default).is_finite());
    }
}

#[test]
fn draws_that_only_reach_the_edge_are_an_error_and_end() {
    let prior = Prior::LogitNormal { mean: 1e6, sd: 1.0 };
    let error = prior.sample(Support::Unit, &mut ChaCha8Rng::seed_from_u64(0)).unwrap_err();
    assert!(matches!(error, PriorErrorKind::DrawsAtEdge { .. }));
}

#[test]
fn a_prior_is_written_as_a_table_with_its_distribution() {
    let prior: Prior =
        serde_json::from_str(r#"{"distribution": "log_normal", "median": 2, "sd": 0.5}"#).unwrap();
    assert_eq!(prior, Prior::LogNormal { median: 2.0, sd: 0.5 });
    for (prior, _) in scalar_cases() {
        let text = serde_json::to_string(&prior).unwrap();
        assert!(text.contains(&format!("\"distribution\":\"{}\"", prior.name())), "{text}");
        assert_eq!(serde_json::from_str::<Prior>(&text).unwrap(), prior);
    }
    let misspelt = r#"{"distribution": "normal", "mean": 0, "sd": 1, "sigma": 2}"#;
    assert!(serde_json::from_str::<Prior>(misspelt).unwrap_err().to_string().contains("sigma"));
}
