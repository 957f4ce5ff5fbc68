//! Comparing numbers with recorded ones.

/// Collects what differs from a recording by more than a tolerance.
pub(crate) struct Differences {
    tolerance: f64,
    is_relative: bool,
    found: Vec<String>,
}

impl Differences {
    /// Numbers may differ by `tolerance` relative to the recorded one (absolute below 1).
    pub(crate) fn relative(tolerance: f64) -> Self {
        Differences { tolerance, is_relative: true, found: Vec::new() }
    }

    /// Numbers may differ by `tolerance`.
    pub(crate) fn absolute(tolerance: f64) -> Self {
        Differences { tolerance, is_relative: false, found: Vec::new() }
    }

    /// Notes a difference that is not one of numbers.
    pub(crate) fn note(&mut self, what: String) {
        self.found.push(what);
    }

    /// Compares one number.
    pub(crate) fn compare(&mut self, what: &str, computed: f64, recorded: f64) {
        let scale = if self.is_relative { recorded.abs().max(1.0) } else { 1.0 };
        let both_impossible = computed == f64::NEG_INFINITY && recorded == f64::NEG_INFINITY;
        let difference = (computed - recorded).abs() / scale;
        if !both_impossible && (difference.is_nan() || difference > self.tolerance) {
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
