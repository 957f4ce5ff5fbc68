//! The trigamma function: the variance of the logarithm of a gamma variable.

/// `ψ'(x) = d² ln Γ(x) / dx²` for `x > 0`, by the recurrence `ψ'(x) = ψ'(x + 1) + 1/x²` up to 10 and the
/// asymptotic series beyond (Abramowitz & Stegun 6.4.12), to about 14 digits.
pub(crate) fn trigamma(x: f64) -> f64 {
    let mut sum = 0.0;
    let mut x = x;
    while x < 10.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y * (1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * 5.0 / 66.0))));
    sum + 1.0 / x + y / 2.0 + series / x
}

#[cfg(test)]
mod tests {
    use super::trigamma;
    use std::f64::consts::PI;

    #[test]
    fn trigamma_has_its_known_values() {
        assert!((trigamma(1.0) - PI * PI / 6.0).abs() < 1e-13);
        assert!((trigamma(0.5) - PI * PI / 2.0).abs() < 1e-13);
        assert!((trigamma(0.25) - (PI * PI + 8.0 * 0.915_965_594_177_219)).abs() < 1e-12);
    }
}
