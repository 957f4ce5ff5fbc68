//! Probabilities as text, the same wherever they are printed.

/// A probability with three decimals; what would be rounded to 0 or 1 without being it is `< 0.001` or `> 0.999`, and what is not a
/// number a dash.
///
/// # Example
///
/// ```
/// use actinf_fit::probability_text;
/// let texts = [0.0004, 0.0006, 0.25, 0.9994, 1.0, f64::NAN].map(probability_text);
/// assert_eq!(texts, ["< 0.001", "0.001", "0.250", "0.999", "> 0.999", "–"]);
/// ```
pub fn probability_text(p: f64) -> String {
    match p {
        p if p.is_nan() => "–".to_owned(),
        p if p < 0.0005 => "< 0.001".to_owned(),
        p if p > 0.9995 => "> 0.999".to_owned(),
        p => format!("{p:.3}"),
    }
}
