//! Numbers as readers want them.

/// What stands where there is no number.
pub(crate) const ABSENT: &str = "–";

/// Three significant digits; whole numbers from 1,000 up; powers of ten outside 0.001 to 1,000,000; infinity as ∞ and
/// what is not a number as a dash.
pub(crate) fn three_digits(value: f64) -> String {
    if value.is_nan() {
        return ABSENT.to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_string();
    }
    let size = value.abs();
    if size == 0.0 {
        return "0".to_string();
    }
    if !(9.995e-4..999_999.5).contains(&size) {
        return minus(&format!("{value:.2e}"));
    }
    if size >= 999.5 {
        return minus(&grouped(&format!("{value:.0}")));
    }
    minus(&format!("{value:.*}", decimals_for_three_digits(size)))
}

fn decimals_for_three_digits(size: f64) -> usize {
    match size {
        s if s >= 99.95 => 0,
        s if s >= 9.995 => 1,
        s if s >= 0.9995 => 2,
        s if s >= 0.09995 => 3,
        s if s >= 0.009995 => 4,
        _ => 5,
    }
}

/// One decimal, for log-likelihoods and information criteria, whose differences matter.
pub(crate) fn one_decimal(value: f64) -> String {
    if value.is_finite() { minus(&grouped(&format!("{value:.1}"))) } else { three_digits(value) }
}

/// R-hat with three decimals, whose third matters.
pub(crate) fn r_hat(value: f64) -> String {
    if value.is_finite() { format!("{value:.3}") } else { ABSENT.to_string() }
}

/// A probability with three decimals.
pub(crate) fn probability(p: f64) -> String {
    actinf_fit::probability_text(p)
}

/// A whole number with thousands set apart.
pub(crate) fn count(value: usize) -> String {
    grouped(&value.to_string())
}

/// A share as a percentage: whole, with one decimal below 10 % and above 90 %.
pub(crate) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return ABSENT.to_string();
    }
    let share = 100.0 * part as f64 / whole as f64;
    if share > 0.0 && share < 0.05 {
        return "< 0.1 %".to_string();
    }
    if share > 99.95 && part < whole {
        return "> 99.9 %".to_string();
    }
    let decimals = usize::from(!(10.0..=90.0).contains(&share) && part != 0 && part != whole);
    format!("{share:.decimals$} %")
}

/// An estimate and its interval: `0.52 [0.41, 0.63]`; `[–]` where there is no interval.
pub(crate) fn with_interval(value: f64, lower: Option<f64>, upper: Option<f64>) -> String {
    match (lower, upper) {
        (Some(lower), Some(upper)) if !lower.is_nan() && !upper.is_nan() => {
            format!("{} {}", three_digits(value), interval(lower, upper))
        }
        _ => format!("{} [{ABSENT}]", three_digits(value)),
    }
}

/// An interval: `[0.41, 0.63]`.
pub(crate) fn interval(lower: f64, upper: f64) -> String {
    format!("[{}, {}]", three_digits(lower), three_digits(upper))
}

/// A duration in seconds as `12.3 s`, `4 min 5 s` or `1 h 2 min`.
pub(crate) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 60.0 {
        return format!("{} s", three_digits(seconds));
    }
    let whole = seconds.round();
    if whole < 3600.0 {
        format!("{} min {} s", (whole / 60.0).floor(), whole % 60.0)
    } else {
        format!("{} h {} min", (whole / 3600.0).floor(), (whole % 3600.0 / 60.0).floor())
    }
}

/// A tick of an axis whose ticks are `step` apart.
pub(crate) fn tick(value: f64, step: f64) -> String {
    let value = if value.abs() < step * 1e-9 { 0.0 } else { value };
    if value.abs() >= 1e5 || (value.abs() > 0.0 && step < 1e-4) {
        return minus(&format!("{value:e}"));
    }
    let whole = |decimals: &i32| {
        let scaled = step * 10_f64.powi(*decimals);
        (scaled - scaled.round()).abs() < 1e-6 * scaled
    };
    let decimals = (0..6).find(whole).unwrap_or(6) as usize;
    minus(&format!("{value:.decimals$}"))
}

/// A number for a machine to sort by; six digits are plenty.
pub(crate) fn sort_key(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// The typographic minus, which is as wide as a plus and does not break from its number.
fn minus(text: &str) -> String {
    text.replace('-', "−")
}

/// Digits before the decimal point in threes, set apart by narrow no-break spaces.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && whole.len() > 4 && (whole.len() - position) % 3 == 0 {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_significant_digits_at_every_scale() {
        let shown: Vec<String> =
            [0.012_345, 0.5, 1.0, -2.345_6, 45.67, 99.96, 456.7, 1234.4, 45_678.0].map(three_digits).to_vec();
        assert_eq!(
            shown,
            ["0.0123", "0.500", "1.00", "−2.35", "45.7", "100", "457", "1234", "45\u{202F}678"]
        );
        assert_eq!(three_digits(1.234e-5), "1.23e−5");
        assert_eq!(three_digits(1.5e7), "1.50e7");
    }

    #[test]
    fn what_is_no_number_is_a_dash_and_infinity_a_sign() {
        assert_eq!(three_digits(f64::NAN), "–");
        assert_eq!(three_digits(f64::NEG_INFINITY), "−∞");
        assert_eq!(one_decimal(f64::NEG_INFINITY), "−∞");
    }

    #[test]
    fn an_interval_without_an_end_is_shown_as_absent() {
        assert_eq!(with_interval(0.5, Some(0.25), Some(0.75)), "0.500 [0.250, 0.750]");
        assert_eq!(with_interval(0.5, None, Some(0.75)), "0.500 [–]");
        assert_eq!(with_interval(0.5, Some(f64::NAN), Some(0.75)), "0.500 [–]");
    }

    #[test]
    fn percentages_of_nothing_are_absent_and_all_is_exactly_all() {
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(80, 80), "100 %");
        assert_eq!(percent(79, 80), "98.8 %");
        assert_eq!(percent(1, 2), "50 %");
        assert_eq!(percent(1, 28_800), "< 0.1 %");
        assert_eq!(percent(28_799, 28_800), "> 99.9 %");
    }

    #[test]
    fn durations_read_as_a_clock() {
        assert_eq!(duration(12.34), "12.3 s");
        assert_eq!(duration(245.0), "4 min 5 s");
        assert_eq!(duration(3725.0), "1 h 2 min");
    }

    #[test]
    fn ticks_show_the_decimals_of_their_step() {
        assert_eq!(tick(0.25, 0.05), "0.25");
        assert_eq!(tick(0.25, 0.25), "0.25");
        assert_eq!(tick(25.0, 25.0), "25");
        assert_eq!(tick(-2.0, 1.0), "−2");
        assert_eq!(tick(1e-17, 0.1), "0.0");
    }
}
