//! The arrows between the crates, and the dependencies that only one of them may have.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each crate may depend on among ours.
const ARROWS: [(&str, &[&str]); 5] = [
    ("actinf-agents", &[]),
    ("actinf-fit", &["actinf-agents"]),
    ("actinf-data", &["actinf-agents", "actinf-fit"]),
    ("actinf-report", &["actinf-agents", "actinf-fit"]),
    ("actinf-cli", &["actinf-agents", "actinf-fit", "actinf-data", "actinf-report"]),
];

/// Dependencies that belong to one crate only.
const GUARDED: [(&str, &str); 6] = [
    ("rayon", "actinf-fit"),
    ("polars", "actinf-data"),
    ("plotters", "actinf-report"),
    ("clap", "actinf-cli"),
    ("anyhow", "actinf-cli"),
    ("pyo3", "actinf-python"),
];

/// The direct dependencies of every crate under `crates/`, those of its tests aside.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let in_crates = |p: &&Value| p["manifest_path"].as_str().is_some_and(|path| path.contains("/crates/"));
    let text = |value: &Value| value.as_str().expect("names are strings").to_string();
    packages
        .iter()
        .filter(in_crates)
        .map(|package| {
            let direct = package["dependencies"].as_array().expect("dependencies are a list");
            let direct = direct.iter().filter(|d| d["kind"].is_null()).map(|d| text(&d["name"])).collect();
            (text(&package["name"]), direct)
        })
        .collect()
}

#[test]
fn every_crate_has_its_arrows_declared_here() {
    let known: BTreeSet<String> = ARROWS.iter().map(|(name, _)| name.to_string()).collect();
    let found: BTreeSet<String> = dependencies().into_keys().collect();
    assert_eq!(found, known);
}

#[test]
fn no_arrow_points_back_and_data_and_report_never_meet() {
    let found = dependencies();
    for (name, allowed) in ARROWS {
        let ours = found[name].iter().filter(|dependency| dependency.starts_with("actinf-"));
        for dependency in ours {
            assert!(allowed.contains(&dependency.as_str()), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn guarded_dependencies_stay_in_their_crate() {
    for (name, direct) in dependencies() {
        for (guarded, owner) in GUARDED {
            let has = direct.iter().any(|d| d == guarded || d.starts_with(&format!("{guarded}-")));
            assert!(!has || name == owner, "{name} must not depend on {guarded}; only {owner} may");
        }
    }
}
