#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use super::*;
use proptest::prelude::*;

fn parse(text: &str) -> Document {
    Document::parse(text, "f.toml").unwrap()
}

fn value<'a>(document: &'a Document, key: &str) -> Value<'a> {
    document.value().entries().unwrap().into_iter().find(|entry| entry.key == key).unwrap().value
}

const NESTED: &str = "title = 'x'

[[items]]
name = 'first'
[[items]]
name = 'second'
rules = [
  { when = 1 },
  { when = 2,
    p = 0.5 },
]
[process]
[[process.factors]]
name = 'f'
";

#[test]
fn every_value_knows_its_line_and_path() {
    let document = parse(NESTED);
    let items = value(&document, "items").list().unwrap();
    assert_eq!((items[1].line(), items[1].path()), (5, "items[2]"));
    let rules = items[1].section(&["name", "rules"]).unwrap().required("rules").unwrap().list().unwrap();
    assert_eq!((rules[1].line(), rules[1].path()), (9, "items[2].rules[2]"));
    let p = rules[1].section(&["when", "p"]).unwrap().required("p").unwrap();
    assert_eq!((p.line(), p.path()), (10, "items[2].rules[2].p"));
    let process = value(&document, "process").section(&["factors"]).unwrap();
    let factors = process.required("factors").unwrap().list().unwrap();
    assert_eq!((factors[0].line(), factors[0].path()), (13, "process.factors[1]"));
}

#[test]
fn keys_keep_the_order_of_the_file() {
    let document = parse("[p]\nzeta = 1\nalpha = 2\n'odd key' = 3\nmid.b = 4\nmid.a = 5");
    let entries = value(&document, "p").entries().unwrap();
    let keys: Vec<&str> = entries.iter().map(|entry| entry.key).collect();
    assert_eq!(keys, ["zeta", "alpha", "odd key", "mid"]);
    assert_eq!(entries[2].value.path(), "p.\"odd key\"");
    assert_eq!(entries[3].value.entries().unwrap()[0].key, "b");
}

#[test]
fn values_convert_to_what_they_are() {
    let document = parse("a = 'x'\nb = 2\nc = 2.5\nd = true\ne = ['x', 'y']\nf = 1_000\ng = 0x1F\nh = 1_0.5");
    assert_eq!(value(&document, "a").text().unwrap(), "x");
    assert_eq!(value(&document, "b").integer().unwrap(), 2);
    assert_eq!(value(&document, "b").number().unwrap(), 2.0);
    assert_eq!(value(&document, "b").count(2).unwrap(), 2);
    assert_eq!(value(&document, "c").number().unwrap(), 2.5);
    assert!(value(&document, "d").boolean().unwrap());
    assert_eq!(value(&document, "e").texts().unwrap(), ["x", "y"]);
    assert_eq!(value(&document, "f").integer().unwrap(), 1000);
    assert_eq!(value(&document, "g").integer().unwrap(), 31);
    assert_eq!(value(&document, "h").number().unwrap(), 10.5);
}

#[test]
fn refusals_name_file_line_key_and_what_was_found() {
    let document =
        parse("a = 'x'\nb = -2\nc = 2.5\nd = true\ne = ['x', 2]\nf = nan\ng = 1979-05-27\nh = {k = 1}");
    let at = |key| value(&document, key);
    let cases = [
        (at("a").number().unwrap_err(), "f.toml:1: `a` must be a number, not a string"),
        (at("a").section(&[]).unwrap_err(), "f.toml:1: `a` must be a table, not a string"),
        (at("b").text().unwrap_err(), "f.toml:2: `b` must be a string, not a number"),
        (at("b").count(1).unwrap_err(), "f.toml:2: `b` must be at least 1, not -2"),
        (at("c").integer().unwrap_err(), "f.toml:3: `c` must be a whole number, not 2.5"),
        (at("d").list().unwrap_err(), "f.toml:4: `d` must be a list, not true or false"),
        (at("e").texts().unwrap_err(), "f.toml:5: `e[2]` must be a string, not a number"),
        (at("f").number().unwrap_err(), "f.toml:6: `f` must be a finite number, not NaN"),
        (at("g").boolean().unwrap_err(), "f.toml:7: `g` must be true or false, not a date or time"),
        (at("h").choice(&[("x", 1)]).unwrap_err(), "f.toml:8: `h` must be one of `x`, not a table"),
        (
            at("h").section(&["k", "name"]).unwrap().required("name").unwrap_err(),
            "f.toml:8: `h` needs the key `name`",
        ),
        (
            document.section(&["a"]).unwrap_err(),
            "f.toml:2: the top level has no key `b`; did you mean `a`? It accepts: `a`",
        ),
        (
            document.section(&["alpha"]).unwrap_err(),
            "f.toml:1: the top level has no key `a`; it accepts: `alpha`",
        ),
    ];
    for (error, expected) in cases {
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn text_that_is_not_toml_is_refused_with_its_line() {
    let error = Document::parse("a = 1\nb = \n", "f.toml").unwrap_err();
    assert_eq!(error.line, 2);
    assert!(error.message.starts_with("this is not TOML: "), "{error}");
    let error = Document::parse("a = 1\na = 2\n", "f.toml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "f.toml:2: this is not TOML: the key stands there already; keep one of the two, in `a = 2`"
    );
    let error = Document::parse("a = 99999999999999999999", "f.toml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "f.toml:1: `a`: 99999999999999999999 is out of range; write a smaller number"
    );
}

#[test]
fn deep_nesting_is_refused_rather_than_overflowing() {
    for text in ["a.".repeat(100_000) + "a = 1", "a = ".to_owned() + &"[".repeat(100_000)] {
        assert!(Document::parse(&text, "f.toml").is_err());
    }
}

#[test]
fn an_error_about_a_whole_file_has_no_line() {
    let document = parse("a = 1");
    assert_eq!(
        document.section(&["a", "b"]).unwrap().required("b").unwrap_err().to_string(),
        "f.toml: the top level needs the key `b`"
    );
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "(\\PC|\n){0,200}") {
        let _ = Document::parse(&text, "f.toml");
    }

    #[test]
    fn arbitrary_toml_words_never_panic(words in proptest::collection::vec(
        prop_oneof!["a", "b", "\\.", " = ", "\n", "\\[", "\\]", "\\[\\[", "\\]\\]", "\\{", "\\}", ", ", "'x'", "1", "\"", "#"], 0..40)) {
        let _ = Document::parse(&words.concat(), "f.toml");
    }
}
