//! The pages of the book are run: what they tell a reader to write is written, what they tell to type is typed, and what they show is
//! compared with what is printed.
//!
//! | block | what the test does |
//! |---|---|
//! | ` ```toml file=NAME ` (also `csv`) | writes the block to NAME in the page's own folder |
//! | ` ```sh run ` | types its lines, which must all start with `actinf`, and expects exit code 0 |
//! | ` ```sh run=CODE ` | the same, and expects CODE of the last line |
//! | ` ```text printed ` | every line must be in what the last block printed; `...` stands for anything left out |
//!
//! A page starts in an empty folder with a copy of `datasets/`. Spaces count once; numbers are compared as they are written.

use crate::study::{Run, Study};
use std::path::{Path, PathBuf};

fn book() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/src").canonicalize().unwrap()
}

/// A fenced block: its language, the rest of its info string, its lines.
struct Block {
    language: String,
    told: String,
    text: String,
    line: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = vec![];
    let mut is_inside = false;
    for (number, line) in page.lines().enumerate() {
        match (is_inside, line.strip_prefix("```")) {
            (false, Some(info)) => {
                let (language, told) = info.split_once(' ').unwrap_or((info, ""));
                let (language, told) = (language.to_owned(), told.trim().to_owned());
                blocks.push(Block { language, told, text: String::new(), line: number + 1 });
                is_inside = true;
            }
            (true, Some(_)) => is_inside = false,
            (true, None) => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            (false, None) => {}
        }
    }
    assert!(!is_inside, "a block is not closed");
    blocks
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Types the lines of a block; gives what all of them printed.
fn typed(study: &Study, block: &Block, place: &str) -> String {
    let code = block.told.strip_prefix("run=").map_or(0, |code| code.parse().unwrap());
    let lines: Vec<&str> = block.text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut printed = String::new();
    for (number, line) in lines.iter().enumerate() {
        let command = line.split(" #").next().unwrap();
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words[0], "actinf", "{place}: only `actinf` can be run");
        let Run { code: found, printed: text, errors } = study.actinf(&words[1..]);
        let expected = if number + 1 == lines.len() { code } else { 0 };
        assert_eq!(found, expected, "{place}: `{line}` printed {text}\n{errors}");
        printed.push_str(&text);
        printed.push_str(&errors);
    }
    printed
}

fn compare(block: &Block, printed: &str, place: &str) {
    let found: Vec<String> = printed.lines().map(single_spaced).collect();
    for line in block.text.lines().map(single_spaced).filter(|line| !line.is_empty() && line != "...") {
        let is_there = match line.split_once(" ...") {
            Some((start, _)) => found.iter().any(|other| other.starts_with(start)),
            None => found.contains(&line),
        };
        assert!(is_there, "{place}: `{line}` is not in what was printed:\n{printed}");
    }
}

fn run(page: &str) {
    let text = std::fs::read_to_string(book().join(page)).unwrap();
    let study = Study::empty();
    copy(&book().join("../../datasets"), &study.path("datasets"));
    let mut printed = String::new();
    for block in blocks(&text) {
        let place = format!("{page}, line {}", block.line);
        let Block { language, told, .. } = &block;
        if let Some(name) = told.strip_prefix("file=") {
            std::fs::create_dir_all(study.path(name).parent().unwrap()).unwrap();
            study.write(name, &block.text);
        } else if language == "sh" && told.starts_with("run") {
            printed = typed(&study, &block, &place);
        } else if language == "text" && told == "printed" {
            compare(&block, &printed, &place);
        } else {
            assert!(told.is_empty(), "{place}: `{told}` is none of file=, run, printed");
        }
    }
}

macro_rules! pages {
    ($($name:ident),* $(,)?) => {
        $(#[test] fn $name() { run(concat!(stringify!($name), ".md")); })*
        const PAGES: &[&str] = &[$(concat!(stringify!($name), ".md")),*];
    };
}

pages!(
    introduction,
    known_formats,
    quick_start,
    compare_models,
    coming_from_pymdp,
    coming_from_hbayesdm_and_cbm,
    coming_from_spm,
    draws_in_arviz,
    fit_file,
    model_file,
    recovery,
    tutorial,
    how_numbers_are_checked
);

#[test]
fn every_page_of_the_book_is_run_and_in_its_summary() {
    let summary = std::fs::read_to_string(book().join("SUMMARY.md")).unwrap();
    for entry in std::fs::read_dir(book()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "SUMMARY.md" || !name.ends_with(".md") {
            continue;
        }
        assert!(PAGES.contains(&name.as_str()), "{name} is not run: add it to `pages!`");
        assert!(summary.contains(&format!("({name})")), "{name} is not in SUMMARY.md");
    }
}
