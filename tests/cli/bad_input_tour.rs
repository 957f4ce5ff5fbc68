//! The bad-input tour: a broken study per file of `tests/cli/bad_input`, and the whole message that it is answered with.
//!
//! A case begins with what is wrong, in a line after `# `. Then stand, each under a line of its own:
//!
//! | line | what the test does |
//! |---|---|
//! | `## in FILE` ... `## write instead` ... | replaces a piece of a file of the small study |
//! | `## FILE` ... | writes a file; `\r`, `\0`, `\t` and `\u{...}` stand for what they do in Rust |
//! | `## remove FILE`, `## folder FOLDER` | removes a file, makes a folder |
//! | `## first` ... | types these words behind `actinf` before, which must do all there is to do |
//! | `## run` ... | types these words behind `actinf`, instead of `fit fit.toml` |
//! | `## exits with CODE` | expects CODE instead of 2 |
//! | `## says` ... | expects exactly this on standard error, and that nothing was written |
//!
//! `ACTINF_WRITE_MESSAGES=1` writes the messages anew: read every one of them then.

use crate::study::Study;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The parts of a case: the heading of each, and the lines below it.
fn parts(text: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("## "), parts.last_mut()) {
            (Some(heading), _) => parts.push((heading.to_owned(), String::new())),
            (None, Some((_, body))) => *body += &format!("{line}\n"),
            (None, None) => assert!(line.is_empty() || line.starts_with("# "), "{line}"),
        }
    }
    parts
}

/// Text with its escapes replaced.
fn unescaped(text: &str) -> Vec<u8> {
    let plain = text.replace("\\r", "\r").replace("\\0", "\0").replace("\\t", "\t");
    let mut pieces = plain.split("\\u{");
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_once('}').unwrap();
        let letter = char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
        // A lone byte that is no UTF-8 is written for U+FFFD, which stands for such bytes.
        match letter {
            char::REPLACEMENT_CHARACTER => bytes.push(0xff),
            letter => bytes.extend(letter.to_string().into_bytes()),
        }
        bytes.extend(rest.as_bytes());
    }
    bytes
}

/// All files below a folder with what they hold.
fn contents(folder: &Path, found: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            contents(&path, found);
        }
        let bytes = path.is_file().then(|| std::fs::read(&path).unwrap());
        found.insert(path, bytes);
    }
}

/// A case, carried out.
struct Answer {
    code: i32,
    expected_code: i32,
    says: String,
    expected: String,
    changed: bool,
}

fn answer(case: &str) -> Answer {
    let study = Study::new();
    let (mut words, mut expected, mut expected_code) = ("fit fit.toml".to_owned(), String::new(), 2);
    let mut replaced: Option<(String, String)> = None;
    for (heading, body) in parts(case) {
        if let Some(file) = heading.strip_prefix("in ") {
            replaced = Some((file.to_owned(), body));
        } else if heading == "write instead" {
            let (file, old) = replaced.take().unwrap();
            study.replace(&file, old.trim_end_matches('\n'), body.trim_end_matches('\n'));
        } else if let Some(file) = heading.strip_prefix("remove ") {
            std::fs::remove_file(study.path(file)).unwrap();
        } else if let Some(folder) = heading.strip_prefix("folder ") {
            std::fs::create_dir_all(study.path(folder)).unwrap();
        } else if let Some(code) = heading.strip_prefix("exits with ") {
            expected_code = code.parse().unwrap();
        } else if heading == "first" {
            study.actinf(&body.split_whitespace().collect::<Vec<_>>()).exits_with(0);
        } else if heading == "run" {
            words = body.trim().to_owned();
        } else if heading == "says" {
            expected = body;
        } else {
            std::fs::create_dir_all(study.path(&heading).parent().unwrap()).unwrap();
            std::fs::write(study.path(&heading), unescaped(&body)).unwrap();
        }
    }
    let mut before = BTreeMap::new();
    contents(&study.path(""), &mut before);
    let run = study.actinf(&words.split_whitespace().collect::<Vec<_>>());
    let mut after = BTreeMap::new();
    contents(&study.path(""), &mut after);
    let says = run.errors + &run.printed;
    Answer { code: run.code, expected_code, says, expected, changed: before != after }
}

/// Words that say what to do next, or what would do.
const NEXT_STEPS: &[&str] = &[
    "did you mean",
    "accepts",
    "accepted",
    "add ",
    "remove",
    "write ",
    "use ",
    "name ",
    "give ",
    "rename",
    "save",
    "close",
    "correct",
    "must ",
    "choose",
    "keep",
    "quote",
    "leave",
    "sort",
    "set ",
    "known are",
    "fit again",
    "run the fit",
    "needs ",
    "written with",
    "is expected",
    "map a column",
    "should name",
    "say --",
];

#[test]
fn every_broken_study_gets_a_message_that_names_the_place_and_the_next_step() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/bad_input");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 40, "the tour has {} stations", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let case = std::fs::read_to_string(&file).unwrap();
        assert!(case.starts_with("# "), "{name} does not say what is wrong");
        let Answer { code, expected_code, says, expected, changed } = answer(&case);
        let mut note = |complaint: &str| wrong.push(format!("{name}: {complaint}\n{says}"));
        if std::env::var_os("ACTINF_WRITE_MESSAGES").is_some() {
            let begin = case.split("## says\n").next().unwrap();
            std::fs::write(&file, format!("{begin}## says\n{says}")).unwrap();
        } else if says != expected {
            note(&format!("expected\n{expected}but it says"));
        }
        if code != expected_code {
            note(&format!("it exits with {code}"));
        }
        if changed {
            note("something was written");
        }
        if says.contains("panicked") {
            note("it panicked");
        }
        if ![".toml", ".csv", "results: ", "other: ", "`", "--"].iter().any(|place| says.contains(place)) {
            note("no place is named");
        }
        if !NEXT_STEPS.iter().any(|step| says.to_lowercase().contains(step)) {
            note("no next step is named");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
