//! Random models to smooth with.

use crate::model_file;
use crate::task_model::TaskModel;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::fmt::Write as _;

/// Which factors' past a factor depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dependence {
    /// Its own.
    Own,
    /// Its own and that of the factor before it, in a circle.
    Crossed,
    /// That of the factor before it alone, in a circle.
    Shifted,
}

/// A list of random weights, normalised.
fn weights(size: usize, rng: &mut ChaCha8Rng) -> String {
    let weights: Vec<String> = (0..size).map(|_| format!("{:.4}", rng.random_range(0.05..1.0_f64))).collect();
    format!("{{ normalise = [{}] }}", weights.join(", "))
}

/// Rules for all configurations of variables with labels `s0`, `s1`, ...
fn rules(variables: &[(String, usize)], size: usize, rng: &mut ChaCha8Rng) -> String {
    let mut rules = vec![String::new()];
    for (name, labels) in variables {
        let extend = |rule: String| (0..*labels).map(move |k| format!("{rule}{name} = \"s{k}\", "));
        rules = rules.into_iter().flat_map(extend).collect();
    }
    let rule = |when: &String| {
        format!("{{ when = {{ {} }}, p = {} }}", when.trim_end_matches(", "), weights(size, rng))
    };
    format!("[{}]", rules.iter().map(rule).collect::<Vec<_>>().join(", "))
}

fn labels(size: usize) -> String {
    (0..size).map(|k| format!("\"s{k}\"")).collect::<Vec<_>>().join(", ")
}

/// A model with one modality per factor, or one for all of them.
pub(super) fn model(
    sizes: &[usize],
    dependence: Dependence,
    is_seen_apart: bool,
    rng: &mut ChaCha8Rng,
) -> TaskModel {
    let mut text = String::from("name = \"random\"\norder = \"observe_then_act\"\n");
    write!(text, "[[controls]]\nname = \"u\"\nactions = [\"s0\", \"s1\"]\n").unwrap();
    let factor = |f: usize| (format!("f{f}"), sizes[f]);
    for (f, &size) in sizes.iter().enumerate() {
        let previous = (f + sizes.len() - 1) % sizes.len();
        let mut parents = match dependence {
            Dependence::Own => vec![factor(f)],
            Dependence::Shifted => vec![factor(previous)],
            Dependence::Crossed if previous == f => vec![factor(f)],
            Dependence::Crossed => vec![factor(f), factor(previous)],
        };
        if f == 0 {
            parents.push(("u".into(), 2));
        }
        let (prior, transitions) = (weights(size, rng), rules(&parents, size, rng));
        write!(
            text,
            "[[factors]]\nname = \"f{f}\"\nstates = [{}]\nprior = {prior}\ntransitions = {transitions}\n\
             transition_learning = {{ prior_count = 1 }}\n",
            labels(size)
        )
        .unwrap();
    }
    let all: Vec<usize> = (0..sizes.len()).collect();
    let seen = if is_seen_apart { all.iter().map(|&f| vec![f]).collect() } else { vec![all] };
    for (m, parents) in seen.iter().enumerate() {
        let parents: Vec<_> = parents.iter().map(|&f| factor(f)).collect();
        let likelihood = rules(&parents, 2, rng);
        write!(
            text,
            "[[modalities]]\nname = \"m{m}\"\noutcomes = [\"a\", \"b\"]\nlikelihood = {likelihood}\n"
        )
        .unwrap();
    }
    model_file::read(&text, "random.toml").unwrap()
}
