//! The pages of the book are run: what they tell a reader to write is written, what they tell to type is typed, and what they show is
//! compared with what is printed.
//!
//! | block | what the test does |
//! |---|---|
//! | ` ```toml file=NAME ` (also `csv`) | writes the block to NAME in the page's own folder |
//! | ` ```sh run ` | types its lines, which must all start with `actinf`, and expects exit code 0 |
//! | ` ```sh run=CODE ` | the same, and expects CODE of the last line |
//! | ` ```text printed ` | every line must be in what the last block printed; `...` stands for anything left out |
//! | ` ```text in=NAME ` | every line must be somewhere in the file NAME; `...` stands for anything left out |
//! | ` ```python run ` | runs it with `python3`, where there is one, and expects exit code 0 |
//!
//! A page starts in an empty folder with a copy of `datasets/`. Spaces count once; numbers are compared as they are written.

use crate::study::{Run, Study};
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// The words of a command; what stands in double quotes is one.
fn words(command: &str) -> Vec<&str> {
    let pieces = command.split('"').enumerate();
    pieces
        .flat_map(|(k, piece)| if k % 2 == 1 { vec![piece] } else { piece.split_whitespace().collect() })
        .collect()
}

/// Types the lines of a block; gives what all of them printed.
fn typed(study: &Study, block: &Block, place: &str) -> String {
    let code = block.told.strip_prefix("run=").map_or(0, |code| code.parse().unwrap());
    let lines: Vec<&str> = block.text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut printed = String::new();
    for (number, line) in lines.iter().enumerate() {
        let command = line.split(" #").next().unwrap();
        let words = words(command);
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

/// Every line must be in a file that was written.
fn look_into(file: &str, block: &Block, place: &str) {
    let found = single_spaced(file);
    for line in block.text.lines().map(single_spaced).filter(|line| !line.is_empty() && line != "...") {
        let start = line.split_once(" ...").map_or(line.as_str(), |(start, _)| start);
        assert!(found.contains(start), "{place}: `{line}` is not in the file:\n{file}");
    }
}

/// Runs a script, if this machine can.
fn run_python(study: &Study, script: &str, place: &str) {
    let Ok(output) = Command::new("python3").args(["-c", script]).current_dir(study.path(".")).output()
    else {
        return;
    };
    assert!(output.status.success(), "{place}: {}", String::from_utf8_lossy(&output.stderr));
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
        } else if let Some(name) = told.strip_prefix("in=") {
            look_into(&study.read(name), &block, &place);
        } else if language == "python" && told == "run" {
            run_python(&study, &block.text, &place);
        } else if language == "sh" && told.starts_with("run") {
            printed = typed(&study, &block, &place);
        } else if language == "text" && told == "printed" {
            compare(&block, &printed, &place);
        } else {
            assert!(told.is_empty(), "{place}: `{told}` is none of file=, run, printed, in=");
        }
    }
}

macro_rules! pages {
    ($folder:literal, $($name:ident),* $(,)?) => {
        $(#[test] fn $name() { crate::tested_pages::run(concat!($folder, stringify!($name), ".md")); })*
        pub(super) const PAGES: &[&str] = &[$(concat!($folder, stringify!($name), ".md")),*];
    };
}

mod pages {
    pages!(
        "",
        introduction,
        quick_start,
        compare_models,
        coming_from_pymdp,
        coming_from_hbayesdm_and_cbm,
        coming_from_spm,
        concepts,
        draws_in_arviz,
        fit_file,
        known_formats,
        model_file,
        recovery,
        tutorial,
        how_numbers_are_checked
    );
}

mod how_to {
    pages!(
        "how_to/",
        how_sure_are_we,
        do_groups_differ,
        would_the_design_do,
        does_the_model_behave_like_people,
        fix_free_and_priors,
        write_a_model,
        use_from_r_or_python
    );
}

/// The pages of a folder of the book, as the summary names them.
fn in_folder(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(book().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter(|name| name.ends_with(".md") && name != "SUMMARY.md")
        .map(|name| format!("{folder}{name}"))
        .collect()
}

#[test]
fn every_page_of_the_book_is_run_and_in_its_summary() {
    let summary = std::fs::read_to_string(book().join("SUMMARY.md")).unwrap();
    for page in in_folder("").into_iter().chain(in_folder("how_to/")) {
        let is_run = pages::PAGES.iter().chain(how_to::PAGES).any(|other| *other == page);
        assert!(is_run, "{page} is not run: add it to `pages!`");
        assert!(summary.contains(&format!("({page})")), "{page} is not in SUMMARY.md");
    }
}
