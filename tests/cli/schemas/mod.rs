//! The schemas of model files and fit files say what the parser says: every file of the repository is valid, every section has
//! the parser's keys and no others, and every choice has the parser's names and no others. The parser is asked by slips: to a
//! key or a name that it does not know it answers with those that it accepts.

mod pages;
mod probes;
mod validator;

use crate::study::{FIT, MODEL, Study};
use probes::{AGENT, BASELINE, FITS, Probes, Slip};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
pub(crate) use validator::complaints;

pub(crate) fn schema(of: &str) -> Value {
    let printed = Study::empty().actinf(&["schema", of]).exits_with(0).printed;
    serde_json::from_str(&printed).unwrap()
}

/// The TOML files below a folder.
fn toml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            toml_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
}

fn parsed(text: &str) -> Value {
    toml::from_str(text).unwrap()
}

#[test]
fn every_model_and_fit_file_of_the_repository_is_valid() {
    let (model, fit) = (schema("model"), schema("fit"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["crates/actinf-agents/src/tasks", "crates/actinf-agents/src/baselines/models", "fits"] {
        toml_files(&root.join(folder), &mut files);
    }
    assert!(files.len() > 40, "{files:?}");
    for file in files {
        let value = parsed(&std::fs::read_to_string(&file).unwrap());
        let schema = if value.get("model").is_some() { &fit } else { &model };
        assert_eq!(complaints(schema, &value), [""; 0], "{}", file.display());
    }
    assert_eq!(complaints(&model, &parsed(MODEL)), [""; 0]);
    assert_eq!(complaints(&fit, &parsed(FIT)), [""; 0]);
}

#[test]
fn what_the_parser_refuses_by_its_shape_is_not_valid() {
    for (of, text, old, new) in [
        ("model", MODEL, "likelihood = [", "likelyhood = ["),
        ("model", MODEL, "default = 0.2", "default = \"0.2\""),
        ("model", MODEL, "\"real\"", "\"reel\""),
        ("model", MODEL, "otherwise = true", "otherwise = 1"),
        ("model", MODEL, "name = \"guess\"", ""),
        ("model", MODEL, "[choice]", "[choice]\nselection = \"all\""),
        ("fit", FIT, "seed = 7", "seed = -7"),
        ("fit", FIT, "seed = 7", "seed = 7\nchains = 4"),
        ("fit", FIT, "liking = 1.0", "liking = true"),
        ("fit", FIT, "steps = 12", "steps = 1.5"),
        ("fit", FIT, "column = \"correct\",", ""),
        ("fit", FIT, "[method]", "[priors]\nliking = { distribution = \"normal\", mean = 0 }\n[method]"),
    ] {
        let broken = text.replace(old, new);
        assert_ne!(broken, text);
        assert_ne!(complaints(&schema(of), &parsed(&broken)), [""; 0], "{new}");
    }
}

/// What a run answers to a slip: what it accepts.
fn accepted(errors: &str) -> BTreeSet<String> {
    let lists = ["It accepts: ", "it accepts: "];
    let list = lists
        .iter()
        .find_map(|start| Some(errors.split_once(start)?.1))
        .unwrap_or_else(|| panic!("{errors}"));
    // Every other piece stands in backticks; `[lower, upper]` is a form and no name.
    let names = list.lines().next().unwrap().split('`').skip(1).step_by(2);
    names.filter(|name| !name.starts_with('[')).map(String::from).collect()
}

/// What the schema accepts at a part, in all its forms: the keys of a section, or the names of a choice.
fn in_schema(schema: &Value, part: &str, is_section: bool) -> BTreeSet<String> {
    let (pointer, property) = part.split_once(" > ").unwrap_or((part, ""));
    let mut found = BTreeSet::new();
    for form in forms(schema, schema.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"))) {
        let properties = form.get("properties").and_then(Value::as_object);
        if is_section {
            found.extend(properties.into_iter().flatten().map(|(key, _)| key.clone()));
            continue;
        }
        let form = properties.and_then(|known| known.get(property)).unwrap_or(form);
        let names = form.get("enum").and_then(Value::as_array).into_iter().flatten().chain(form.get("const"));
        found.extend(names.filter_map(|name| name.as_str().map(String::from)));
    }
    found
}

/// A part of a schema and all forms that it can have.
fn forms<'s>(root: &'s Value, part: &'s Value) -> Vec<&'s Value> {
    let target = part.get("$ref").map(|target| root.pointer(&target.as_str().unwrap()[1..]).unwrap());
    let below = part.get("anyOf").and_then(Value::as_array).into_iter().flatten().chain(target);
    std::iter::once(part).chain(below.flat_map(|form| forms(root, form))).collect()
}

/// A template with the slip at one of its places; elsewhere what stands after the `|`, as in `@name|default@`.
fn filled(template: &str, place: &str, slip: &str) -> String {
    let pieces = template.split('@').enumerate();
    let piece = |(number, piece): (usize, &str)| match (number % 2, piece.split_once('|')) {
        (1, Some((name, _))) if name == place => slip.to_owned(),
        (1, Some((_, usual))) => usual.to_owned(),
        _ => piece.to_owned(),
    };
    pieces.map(piece).collect()
}

fn check(probes: &Probes, schema: &Value, (place, slip, part): Slip) {
    let study = Study::new();
    let text = filled(probes.template, place, slip);
    assert!(text.contains(slip), "there is no place `{place}`");
    study.write(probes.file, &text);
    let errors = study.actinf(&["check", "fit.toml"]).exits_with(2).errors;
    assert!(errors.contains("`qqq`"), "{part}: {errors}");
    assert_eq!(in_schema(schema, part, slip.contains("qqq = 1")), accepted(&errors), "{part}");
}

#[test]
fn every_section_has_the_keys_and_every_choice_the_names_of_the_parser() {
    let all = [AGENT, BASELINE, FITS];
    for probes in &all {
        let schema = schema(probes.of);
        for &slip in probes.slips {
            check(probes, &schema, slip);
        }
    }
    // Every part with a fixed set of keys was asked for, but for the forms of distributions and methods, see below.
    let asked: Vec<&str> =
        all.iter().flat_map(|probes| probes.slips.iter().map(|(_, _, part)| *part)).collect();
    for of in ["model", "fit"] {
        for (name, part) in schema(of)["$defs"].as_object().unwrap() {
            let is_form = name.ends_with("_response")
                || name.ends_with("_prior")
                || probes::METHODS.contains(&name.as_str());
            let has_keys = part.get("additionalProperties") == Some(&Value::Bool(false));
            assert!(
                !has_keys || is_form || asked.contains(&format!("/$defs/{name}").as_str()),
                "{name} was not asked for"
            );
        }
    }
}

/// The template itself has no fault, so that every complaint is about the slip.
#[test]
fn without_slips_the_model_files_of_the_probes_are_sound() {
    for probes in [AGENT, BASELINE] {
        let study = Study::new();
        study.write("coin.toml", &filled(probes.template, "", ""));
        study.write("fit.toml", "model = \"coin.toml\"\n[data]\nfile = \"none.csv\"\nsubject = \"s\"\n");
        study.actinf(&["check", "fit.toml"]).exits_with(2).complains(&["`guess` is mapped to no column"]);
    }
}

/// The forms of responses and priors, each with its own keys.
#[test]
fn every_distribution_has_the_keys_of_the_parser() {
    let schema = schema("fit");
    for (name, part) in
        schema["$defs"].as_object().unwrap().iter().filter(|(name, _)| name.ends_with("_prior"))
    {
        let study = Study::new();
        let distribution = name.strip_suffix("_prior").unwrap();
        let prior =
            format!("[priors]\nprecision = {{ distribution = \"{distribution}\", qqq = 1 }}\n\n[method]");
        study.replace("fit.toml", "[method]", &prior);
        let keys: BTreeSet<String> = part["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(accepted(&study.actinf(&["check", "fit.toml"]).exits_with(2).errors), keys, "{name}");
    }
    let schema = self::schema("model");
    for (distribution, mean) in [("normal", "mean"), ("beta", "mean"), ("log_normal", "location")] {
        let study = Study::new();
        let response = format!(
            "[[responses]]\nname = \"r\"\nmoment = \"step\"\ndistribution = \"{distribution}\"\n{mean} = 0.5\nscale_ = 1\n"
        );
        study.write("coin.toml", &(MODEL.to_owned() + &response.replace("scale_", "qqq")));
        let errors = study.actinf(&["check", "fit.toml"]).exits_with(2).errors;
        let all = accepted(&errors);
        // The parser first looks for keys that no distribution has, then for those of others.
        let own: BTreeSet<String> = schema["$defs"][format!("{distribution}_response")]["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert!(own.is_subset(&all), "{own:?} {all:?}");
        let foreign: Vec<&String> = all.difference(&own).collect();
        for key in foreign {
            study.write("coin.toml", &(MODEL.to_owned() + &response.replace("scale_", key)));
            let errors = study.actinf(&["check", "fit.toml"]).exits_with(2).errors;
            assert_eq!(accepted(&errors), own, "{distribution}: {key}");
        }
    }
}

#[test]
fn every_method_has_the_settings_of_the_parser() {
    let schema = schema("fit");
    let settings = in_schema(&schema, "/$defs/method", true);
    let study = Study::new();
    for method in probes::METHODS {
        let own = in_schema(&schema, &format!("/$defs/{method}"), true);
        for setting in settings.iter().filter(|setting| *setting != "name" && *setting != "seed") {
            // No setting takes a date, so that a setting the method has is refused too, for its type.
            let section = format!("[method]\nname = \"{method}\"\n{setting} = 2026-11-24\n\n[simulate]");
            study.write("fit.toml", &FIT.replace("[method]", "[old]").replace("[simulate]", &section));
            let text = study.read("fit.toml");
            let (before, after) =
                (text.split("[old]").next().unwrap(), text.split("seed = 7").nth(1).unwrap());
            study.write("fit.toml", &(before.to_owned() + after));
            let errors = study.actinf(&["check", "fit.toml"]).exits_with(2).errors;
            let is_foreign = errors.contains("is no setting of");
            assert!(is_foreign || errors.contains("not a date or time"), "{method}, {setting}: {errors}");
            assert_eq!(own.contains(setting), !is_foreign, "{method}, {setting}: {errors}");
        }
    }
}
