//! Comparing numbers with recorded ones.

/// Collects what differs from a recording by more than a tolerance.
pub(crate) struct Differences {
    tolerance: f64,
    found: Vec<String>,
}

impl Differences {
    /// Numbers may differ by `tolerance` relative to the recorded one (absolute below 1).
    pub(crate) fn relative(tolerance: f64) -> Self {
        Differences { tolerance, found: Vec::new() }
    }

    /// Compares one number.
    pub(crate) fn compare(&mut self, what: &str, computed: f64, recorded: f64) {
        let difference = (computed - recorded).abs() / recorded.abs().max(1.0);
        if difference.is_nan() || difference > self.tolerance {
            self.found.push(format!("{what}: computed {computed}, recorded {recorded}"));
        }
    }

    /// Compares two lists.
    pub(crate) fn compare_all(&mut self, what: &str, computed: &[f64], recorded: &[f64]) {
        if computed.len() != recorded.len() {
            self.found.push(format!("{what}: {} computed, {} recorded", computed.len(), recorded.len()));
        }
        for (k, (&a, &b)) in computed.iter().zip(recorded).enumerate() {
            self.compare(&format!("{what}[{k}]"), a, b);
        }
    }

    /// An error that lists the differences, if there are any.
    pub(crate) fn finish(self) -> Result<(), String> {
        if self.found.is_empty() {
            return Ok(());
        }
        let shown = self.found.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
        Err(format!("{} differences, the first of them:\n{shown}", self.found.len()))
    }
}
