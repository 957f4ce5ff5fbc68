#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use super::*;
use proptest::prelude::*;

const NAMES: [&str; 4] = ["x", "y", "share[2]", "context.both_plus"];

fn value(text: &str) -> f64 {
    Expression::parse(text, &NAMES).unwrap().evaluate(&[3.0, 5.0, 7.0, 11.0])
}

fn refusal(text: &str) -> String {
    Expression::parse(text, &NAMES).unwrap_err().to_string()
}

#[test]
fn operators_bind_as_on_paper() {
    assert_eq!(value("1 + 2 * x"), 7.0);
    assert_eq!(value("(1 + 2) * x"), 9.0);
    assert_eq!(value("10 - 4 - x"), 3.0);
    assert_eq!(value("60 / x / y"), 4.0);
    assert_eq!(value("-x^2"), -9.0);
    assert_eq!(value("(-x)^2"), 9.0);
    assert_eq!(value("2^-1 * x"), 1.5);
    assert_eq!(value("2^3^2"), 512.0);
    assert_eq!(value("2 * -x"), -6.0);
    assert_eq!(value("--x"), 3.0);
    assert_eq!(value("x - -y"), 8.0);
}

#[test]
fn numbers_and_names_are_read_in_every_form() {
    assert_eq!(value("1e-3"), 0.001);
    assert_eq!(value(".5 + 2."), 2.5);
    assert_eq!(value("1.5E+2"), 150.0);
    assert_eq!(value("share[2] + context.both_plus"), 18.0);
    assert_eq!(value("\tx\n"), 3.0);
    assert_eq!(Expression::parse("2*stage.1e5", &["stage.1e5"]).unwrap().evaluate(&[4.0]), 8.0);
}

#[test]
fn functions_agree_with_their_definitions() {
    assert_eq!(value("exp(x)"), 3.0_f64.exp());
    assert_eq!(value("ln(y)"), 5.0_f64.ln());
    assert_eq!(value("sqrt(x * x)"), 3.0);
    assert!((value("logistic(x)") - 1.0 / (1.0 + (-3.0_f64).exp())).abs() < 1e-15);
    assert!((value("logistic(-x)") - 1.0 / (1.0 + 3.0_f64.exp())).abs() < 1e-15);
    assert!((value("softplus(x)") - (1.0 + 3.0_f64.exp()).ln()).abs() < 1e-14);
    assert!((value("x^0.5") - 3.0_f64.sqrt()).abs() < 1e-14);
    assert!((value("x^y") - 243.0).abs() < 1e-11);
}

#[test]
fn logistic_and_softplus_do_not_overflow() {
    let at = |text: &str, x: f64| Expression::parse(text, &["x"]).unwrap().evaluate(&[x]);
    assert_eq!(at("logistic(x)", 800.0), 1.0);
    assert_eq!(at("logistic(x)", -800.0), 0.0);
    assert_eq!(at("softplus(x)", 800.0), 800.0);
    for x in [-40.0, -20.0, -7.0, -6.9, -1.0, 0.0, 1.0, 6.9, 7.0, 20.0, 40.0_f64] {
        let exact = x.max(0.0) + (-x.abs()).exp().ln_1p();
        assert!((at("softplus(x)", x) / exact - 1.0).abs() < 1e-13, "at {x}");
    }
}

#[test]
fn whole_powers_take_negative_bases_and_others_do_not() {
    let at = |text: &str, x: f64| Expression::parse(text, &["x"]).unwrap().evaluate(&[x]);
    assert_eq!(at("x^3", -2.0), -8.0);
    assert_eq!(at("x^-2", -2.0), 0.25);
    assert_eq!(at("x^0", 0.0), 1.0);
    assert!(at("x^2.5", -2.0).is_nan());
}

#[test]
fn constant_parts_are_folded() {
    assert_eq!(Expression::parse("2 * (3 + 4)^2 - ln(1)", &NAMES).unwrap().as_constant(), Some(98.0));
    assert_eq!(Expression::parse("(1 + 1) * x", &NAMES).unwrap().tape.len(), 3);
    assert_eq!(Expression::parse("x", &NAMES).unwrap().as_constant(), None);
    assert_eq!(Expression::constant(0.25).evaluate::<f64>(&[]), 0.25);
}

#[test]
fn slots_are_listed_once_and_ascending() {
    assert_eq!(Expression::parse("y * x + y - share[2]", &NAMES).unwrap().slots(), [0, 1, 2]);
    assert!(Expression::parse("1 + 1", &NAMES).unwrap().slots().is_empty());
}

#[test]
fn refusals_say_what_and_where() {
    let cases = [
        ("", "the expression is empty (at character 1)"),
        ("  ", "the expression is empty (at character 1)"),
        ("1 +", "the expression ends where a number, a name or `(` is expected (at character 4)"),
        ("1 + * x", "a number, a name or `(` is expected here, not `*` (at character 5)"),
        ("2x", "an operator is missing before `x` (at character 2)"),
        ("2 exp(x)", "an operator is missing before `exp` (at character 3)"),
        ("1.2.3", "an operator is missing before `0.3` (at character 4)"),
        ("(x + 1", "`)` is missing for the `(` at character 1 (at character 7)"),
        ("x + 1)", "there is no `(` for this `)` (at character 6)"),
        ("(x y)", "an operator is missing before `y` (at character 4)"),
        (
            "x % 2",
            "`%` has no meaning in an expression; write numbers, names and + - * / ^ ( ) (at character 3)",
        ),
        ("1e999", "`1e999` is too large a number (at character 1)"),
        (".", "`.` is not a number (at character 1)"),
        ("1 / 0", "the result of this constant part is inf, not a number (at character 3)"),
        ("x + ln(0)", "the result of this constant part is -inf, not a number (at character 5)"),
        ("(-8)^0.5", "the result of this constant part is NaN, not a number (at character 5)"),
        (
            "log(x)",
            "there is no function `log`; the natural logarithm is `ln` (functions: `exp`, `ln`, `sqrt`, `logistic`, \
             `softplus`) (at character 1)",
        ),
        (
            "Logistc(x)",
            "there is no function `Logistc`; did you mean `logistic`? (functions: `exp`, `ln`, `sqrt`, `logistic`, \
             `softplus`) (at character 1)",
        ),
        ("exp", "`exp` is a function; write `exp(...)` (at character 1)"),
        (
            "1 - context",
            "`context` stands for several values; write one of `context.both_plus` (at character 5)",
        ),
        ("share", "`share` stands for several values; write one of `share[2]` (at character 1)"),
        (
            "context.both_pls",
            "`context.both_pls` is not known here; did you mean `context.both_plus`? (at character 1)",
        ),
        (
            "velocity",
            "`velocity` is not known here; known are `x`, `y`, `share[2]`, `context.both_plus` (at character 1)",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "for {text:?}");
    }
    let none: [&str; 0] = [];
    assert_eq!(
        Expression::parse("z", &none).unwrap_err().to_string(),
        "`z` is not known here; there are no parameters (at character 1)"
    );
}

#[test]
fn an_expression_that_needs_more_than_sixteen_values_at_once_is_refused() {
    let nested = |levels: usize| format!("{}x{}", "x * (y + ".repeat(levels), ")".repeat(levels));
    assert!(Expression::parse(&nested(7), &NAMES).is_ok());
    assert!(refusal(&nested(8)).starts_with("the expression holds more than 16 values at once"));
    let long = format!("x{}", " + x * y".repeat(1000));
    assert_eq!(value(&long), 3.0 + 15.0 * 1000.0);
}

#[test]
fn deep_nesting_is_refused_rather_than_overflowing() {
    for text in ["(".repeat(100_000), "-".repeat(100_000), "2^-".repeat(100_000), "ln(".repeat(100_000)] {
        let found = refusal(&text);
        let expected =
            if text.starts_with('2') { "holds more than 16 values" } else { "is nested too deeply" };
        assert!(found.contains(expected), "{found}");
    }
}

/// A formula as text together with what plain arithmetic makes of it at x = 3, y = 5.
fn formula() -> impl Strategy<Value = (String, f64)> {
    let leaf = prop_oneof![
        (0.1..9.0_f64).prop_map(|number| (format!("{number}"), number)),
        Just(("x".to_owned(), 3.0)),
        Just(("y".to_owned(), 5.0)),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|((a, x), (b, y))| (format!("({a}) + ({b})"), x + y)),
            (inner.clone(), inner.clone()).prop_map(|((a, x), (b, y))| (format!("({a}) - ({b})"), x - y)),
            (inner.clone(), inner.clone()).prop_map(|((a, x), (b, y))| (format!("({a}) * ({b})"), x * y)),
            (inner.clone(), inner.clone())
                .prop_map(|((a, x), (b, y))| (format!("({a}) / (({b})^2 + 1)"), x / (y * y + 1.0))),
            inner.clone().prop_map(|(a, x)| (format!("-({a})"), -x)),
            inner.prop_map(|(a, x)| (format!("exp(-({a})^2)"), (-(x * x)).exp())),
        ]
    })
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,40}") {
        let _ = Expression::parse(&text, &NAMES);
    }

    #[test]
    fn arbitrary_words_never_panic(words in proptest::collection::vec(
        prop_oneof!["x", "y", "exp", "ln", "\\(", "\\)", "\\^", "-", "\\+", "\\*", "/", "[0-9]{1,3}", "\\.", "e", "\\[2\\]"], 0..30)) {
        if let Ok(expression) = Expression::parse(&words.concat(), &NAMES) {
            let _ = expression.evaluate(&[3.0, 5.0, 7.0, 11.0]);
        }
    }

    #[test]
    fn values_equal_plain_arithmetic((text, expected) in formula()) {
        let found = value(&text);
        prop_assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{text}: {found} {expected}");
    }
}
