//! The table of the recovery study, as numbers and as a page.

use super::study::Recovered;
use actinf_agents::{Card, tasks};
use std::fmt::Write;

/// How many people are simulated for every task.
pub(crate) const SUBJECTS: usize = 30;

pub(crate) fn csv_row(task: &str, row: &Recovered) -> String {
    let numbers = (row.correlation(), row.bias(), row.coverage());
    format!("{task},{},{:.2},{:.2},{:.2}\n", row.parameter, numbers.0, numbers.1, numbers.2)
}

const HEAD: &str = "\
# What is recovered of every task

For every built-in task, SUBJECTS people were simulated in the design of its example, with true values drawn from the default priors, and fitted by maximum a
posteriori under the same priors from two starts. **r** is Pearson's correlation of true values and estimates, **bias** the mean of estimate - truth in standard
deviations of the true values, both on the scale of the search: the logarithm of a positive parameter, the logit of a bounded one. **Coverage** is
the share of people whose 95 % interval covers the truth, those included who have no interval because the search found no peak; with SUBJECTS people it is 0.83 or less with probability 0.016 where 95 % is right. Estimates are drawn towards the
prior's centre where data say little, so that a low r means that the example is too small for the parameter, or that other
parameters do the same; the note below each table says which.

Coverage falls short of 0.95 where the posterior is bent or lopsided, as where a precision multiplies a preference: its peak lies near the prior's centre,
and an interval made from the curvature there ends too soon on the far side. Profile intervals (`profiles = true`) follow the bend, and
draws (`no_u_turn_sampler`) have its shape; the notes say where that matters most.

The default priors are broad: people drawn from them are often more random or more extreme than real ones. This page is written by

```sh
cargo test --release -p actinf-tests --test recovery -- --ignored
```
";

/// The page that shows the numbers.
pub(crate) fn markdown(csv: &str) -> String {
    let mut page = HEAD.replace("SUBJECTS", &SUBJECTS.to_string());
    for name in tasks::names() {
        let card = Card::built_in(name).unwrap();
        let design = card.example.design;
        let _ = write!(
            page,
            "\n## {name}\n\nSessions {}, trials {}, steps up to {}.",
            design.sessions, design.trials, design.steps
        );
        if !card.example.fixed.is_empty() {
            let fixed: Vec<String> = card.example.fixed.iter().map(|name| format!("`{name}`")).collect();
            let _ = write!(page, " Kept at their defaults: {}.", fixed.join(", "));
        }
        page.push_str("\n\n| parameter | r | bias | coverage |\n| --- | ---: | ---: | ---: |\n");
        for line in csv.lines().filter_map(|line| line.strip_prefix(&format!("{name},"))) {
            let _ = writeln!(page, "| {} |", line.replace(',', " | "));
        }
        if !card.example.note.is_empty() {
            let _ = write!(page, "\n{}\n", card.example.note);
        }
    }
    page
}
