//! The reference pages of the book: their tables of keys are those of the schemas. `ACTINF_WRITE_PAGES=1` writes them.

use super::schema;
use serde_json::Value;
use std::path::Path;

/// The lines of a table: `<!-- keys of PART -->` and `<!-- end of PART -->` stand around it on the page.
fn table(schema: &Value, text: &str, name: &str) -> String {
    let part = schema.pointer(&format!("/$defs/{name}")).unwrap_or(schema);
    let mut lines = String::from("| key | value | default | what it is |\n|---|---|---|---|\n");
    let required: Vec<&str> =
        part["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut keys: Vec<(&String, &Value)> = part["properties"].as_object().unwrap().iter().collect();
    // In the order of the schema's text, which the reader of JSON does not keep.
    let begin = text.find(&format!("    \"{name}\": {{\n      \"description\"")).unwrap_or(0);
    keys.sort_by_key(|(key, _)| text[begin..].find(&format!("\"{key}\": {{")));
    for (key, rule) in keys {
        let default = match (required.contains(&key.as_str()), rule.get("default")) {
            (true, _) => "needed".to_owned(),
            (false, Some(default)) => format!("`{default}`"),
            (false, None) => String::new(),
        };
        lines += &format!("| `{key}` | {} | {default} | {} |\n", value(rule), described(schema, rule));
    }
    lines
}

/// What may stand at a key, in words.
fn value(rule: &Value) -> String {
    if let Some(target) = rule["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap();
        return if ["name", "cell"].contains(&name) { name.to_owned() } else { format!("[{0}](#{0})", name) };
    }
    let join = |forms: &Value| forms.as_array().unwrap().iter().map(value).collect::<Vec<_>>().join(" or ");
    match rule["type"].as_str() {
        _ if rule.get("anyOf").is_some() => join(&rule["anyOf"]),
        _ if rule.get("enum").is_some() => {
            let names = rule["enum"].as_array().unwrap().iter().map(|name| format!("`{name}`"));
            names.collect::<Vec<_>>().join(", ")
        }
        _ if rule.get("const").is_some() => format!("`{}`", rule["const"]),
        Some("string") => "text".to_owned(),
        Some("integer") => "whole number".to_owned(),
        Some("number") => "number".to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("array") => format!("list of {}", value(&rule["items"])),
        Some("object") => format!("table of {}", value(&rule["additionalProperties"])),
        _ => panic!("{rule}"),
    }
}

fn described(schema: &Value, rule: &Value) -> String {
    let of = |rule: &Value| rule["description"].as_str().map(|text| text.replace('|', "\\|"));
    let target = || of(schema.pointer(&rule["$ref"].as_str()?[1..])?);
    of(rule).or_else(target).unwrap_or_default()
}

fn check(page: &str, of: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src").join(page);
    let text = crate::study::Study::empty().actinf(&["schema", of]).printed;
    let schema = schema(of);
    let old = std::fs::read_to_string(&path).unwrap();
    let mut new = String::new();
    let mut rest = old.as_str();
    let mut shown = Vec::new();
    while let Some((before, after)) = rest.split_once("<!-- keys of ") {
        let (name, inside) = after.split_once(" -->\n").unwrap();
        let end = format!("<!-- end of {name} -->");
        let (_, after) = inside.split_once(&end).unwrap_or_else(|| panic!("{end} is missing"));
        new += &format!("{before}<!-- keys of {name} -->\n\n{}\n{end}", table(&schema, &text, name));
        shown.push(name.to_owned());
        rest = after;
    }
    new += rest;
    if std::env::var_os("ACTINF_WRITE_PAGES").is_some() {
        std::fs::write(&path, &new).unwrap();
    } else {
        assert!(
            new == old,
            "{page} does not show the keys of the schema; ACTINF_WRITE_PAGES=1 writes it anew"
        );
    }
    for (name, part) in schema["$defs"].as_object().unwrap() {
        let Some(keys) = part.get("properties").and_then(Value::as_object) else { continue };
        // Priors share one table, in which every key stands.
        let is_named = |key: &String| new.contains(&format!("`{key}`"));
        let is_shown = shown.contains(name) || name.ends_with("_prior") && keys.keys().all(is_named);
        assert!(is_shown, "{page} does not show the keys of {name}");
    }
    for link in new.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(
            new.contains(&format!("<a id=\"{link}\">")) || new.contains(&format!("# {link}\n")),
            "#{link} leads nowhere"
        );
    }
}

#[test]
fn the_reference_of_model_files_shows_every_key() {
    check("model_file.md", "model");
}

#[test]
fn the_reference_of_fit_files_shows_every_key() {
    check("fit_file.md", "fit");
}
