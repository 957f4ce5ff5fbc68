//! A validator of the part of JSON Schema 2020-12 that the schemas use; any other keyword is refused, so that nothing is
//! silently not checked.

use serde_json::{Map, Value};

/// What is wrong with a value, with its place; empty if nothing is.
pub(crate) fn complaints(schema: &Value, value: &Value) -> Vec<String> {
    Validator { root: schema }.check(schema, value, "")
}

struct Validator<'s> {
    root: &'s Value,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let schema = schema.as_object().unwrap();
        let rules = schema.iter().flat_map(|(keyword, rule)| self.rule(schema, keyword, rule, value, at));
        rules.collect()
    }

    fn rule(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
        at: &str,
    ) -> Vec<String> {
        let when = |is_wrong: bool| if is_wrong { vec![format!("{at}: {keyword} {rule}")] } else { vec![] };
        let number = |wrong: &dyn Fn(f64, f64) -> bool| {
            when(value.as_f64().is_some_and(|number| wrong(number, rule.as_f64().unwrap())))
        };
        let length = value.as_array().map(|items| items.len() as u64);
        match keyword {
            "$schema" | "$defs" | "title" | "description" | "default" => vec![],
            "$ref" => self.check(self.root.pointer(&rule.as_str().unwrap()[1..]).unwrap(), value, at),
            "type" => when(!is_of_type(rule, value)),
            "enum" => when(!rule.as_array().unwrap().contains(value)),
            "const" => when(rule != value),
            "minimum" => number(&|number, bound| number < bound),
            "maximum" => number(&|number, bound| number > bound),
            "exclusiveMinimum" => number(&|number, bound| number <= bound),
            "exclusiveMaximum" => number(&|number, bound| number >= bound),
            "minItems" => when(length < rule.as_u64().filter(|_| length.is_some())),
            "maxItems" => when(length.is_some() && length > rule.as_u64()),
            "minLength" => when(value == ""),
            // The only pattern is that of names.
            "pattern" => when(
                value
                    .as_str()
                    .is_some_and(|name| !name.starts_with(is_letter) || !name.chars().all(is_of_name)),
            ),
            "required" => {
                let lacks = |key: &&Value| {
                    value.as_object().is_some_and(|own| !own.contains_key(key.as_str().unwrap()))
                };
                rule.as_array()
                    .unwrap()
                    .iter()
                    .filter(lacks)
                    .map(|key| format!("{at}: needs {key}"))
                    .collect()
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.flat_map(|(index, item)| self.check(rule, item, &format!("{at}/{index}"))).collect()
            }
            "properties" => {
                let known = rule.as_object().unwrap().iter();
                let check = |(key, rule): (&String, &Value)| {
                    value.get(key).map_or(vec![], |own| self.check(rule, own, &format!("{at}/{key}")))
                };
                known.flat_map(check).collect()
            }
            "additionalProperties" => self.others(schema, rule, value, at),
            "anyOf" => {
                let found: Vec<_> =
                    rule.as_array().unwrap().iter().map(|rule| self.check(rule, value, at)).collect();
                if found.iter().any(Vec::is_empty) { vec![] } else { found.into_iter().flatten().collect() }
            }
            other => panic!("the validator does not know `{other}`"),
        }
    }

    /// Checks the keys that `properties` does not name.
    fn others(&self, schema: &Map<String, Value>, rule: &Value, value: &Value, at: &str) -> Vec<String> {
        let named = |key: &str| schema.get("properties").is_some_and(|known| known.get(key).is_some());
        let others = value.as_object().into_iter().flatten().filter(|(key, _)| !named(key));
        let check = |(key, own): (&String, &Value)| match rule.as_bool() {
            Some(true) => vec![],
            Some(false) => vec![format!("{at}: unknown key {key}")],
            None => self.check(rule, own, &format!("{at}/{key}")),
        };
        others.flat_map(check).collect()
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

fn is_of_name(letter: char) -> bool {
    is_letter(letter) || letter.is_ascii_digit()
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the validator does not know the type `{other}`"),
    };
    match rule {
        Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
        name => is(name.as_str().unwrap()),
    }
}
