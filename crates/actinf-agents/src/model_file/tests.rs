//! Each rejection with its message, and the numbers of a small model checked by hand.

mod accepted;
mod baselines;
mod changes;
mod examples;
mod learning;
mod planning;
mod rejected;
mod rejected_cells;
mod responses;

/// A small model with every section. Lines are counted in the tests.
const MODEL: &str = r#"name = "lamp"
order = "act_then_observe"
[parameters]
gamma = { support = "positive", default = 1.0 }
hit = { symbol = "h", support = [0.5, 1.0], default = 0.9, meaning = "hits" }
start = { support = "simplex", default = [0.25, 0.75] }
[[controls]]
name = "button"
actions = ["release", "press"]
[[factors]]
name = "context"
states = ["normal", "reversed"]
prior = ["start[1]", "start[2]"]
transitions = "stay"
[[factors]]
name = "finger"
states = ["up", "down"]
prior = { up = 1 }
transitions = [ { when = { button = "press" }, p = { down = 1 } }, { otherwise = true, p = { up = 1 } } ]
[[modalities]]
name = "lamp"
outcomes = ["off", "on"]
preferences = { on = 2 }
likelihood = [
  { when = { context = "normal", finger = "down" }, p = { on = "hit", off = "1 - hit" } },
  { when = { finger = "down" }, p = { off = "hit", on = "1 - hit" } },
  { otherwise = true, p = "uniform" },
]
[inference]
scheme = "exact"
[planning]
horizon = 2
policies = "all"
[choice]
policy_precision = "gamma"
[[responses]]
name = "rating"
moment = "trial_end"
distribution = "normal"
mean = "context.normal"
standard_deviation = 0.5
[process]
[[process.modalities]]
name = "lamp"
likelihood = [ { when = { finger = "down" }, p = { on = 1 } }, { otherwise = true, p = { off = 1 } } ]
"#;

/// The small model with `from`, which must occur, replaced by `to`.
fn changed(from: &str, to: &str) -> String {
    assert!(MODEL.contains(from), "{from}");
    MODEL.replacen(from, to, 1)
}
