//! The card of a model as text for the terminal and as Markdown.

use actinf_agents::{Card, Column, ColumnKind, Example, Moment, Recovery, RowOrder};
use actinf_fit::Prior;
use std::fmt::Write;

/// How wide paragraphs are.
const WIDTH: usize = 96;

/// The card for a terminal.
pub(crate) fn as_text(card: &Card) -> String {
    let mut text = format!("{}\n\n{}\n", card.name, wrapped(&card.description, ""));
    if !card.citation.is_empty() {
        let _ = write!(text, "\nCitation\n{}\n", wrapped(&card.citation, "  "));
    }
    let _ = write!(text, "\nColumns of the data: one row per step; {}\n", order(card.row_order));
    let rows: Vec<[String; 4]> = card.columns.iter().map(column_cells).collect();
    text.push_str(&aligned(&rows));
    text.push_str("\nParameters\n");
    text.push_str(&aligned(&parameter_rows(card)));
    let _ = write!(text, "\nExample data: {}\n", design(&card.example));
    if !card.recovery.is_empty() {
        let _ = write!(text, "\nExpected recovery from such data ({})\n", RECOVERY);
        text.push_str(&aligned(&recovery_rows(&card.recovery)));
    }
    if !card.example.note.is_empty() {
        let _ = write!(text, "\n{}\n", wrapped(&card.example.note, ""));
    }
    let _ = write!(text, "\nactinf new {} DIR writes a project folder with example data.\n", card.name);
    text
}

/// What the numbers of recovery mean.
const RECOVERY: &str = "r and bias between true values and estimates, bias in SD of the true values; coverage of the 95 % interval";

/// The README of a project folder.
pub(crate) fn as_readme(card: &Card, subjects: usize) -> String {
    let mut text = format!("# {}\n\n{}\n", card.name, card.description);
    if !card.citation.is_empty() {
        let _ = write!(text, "\n{}.\n", card.citation.trim_end_matches('.'));
    }
    text.push_str(COMMANDS);
    let _ = write!(
        text,
        "\n## The data\n\n`data/behaviour.csv` was made by `actinf simulate`: {subjects} people, {}. Their true parameter values, drawn from the \
         priors, are in `data/true_parameters.csv`. Put your own table in its place, with one row per step, and name its columns in \
         `fit.toml`; {}.\n\n",
        design(&card.example),
        order(card.row_order)
    );
    let header = ["column", "holds", "labels", "meaning"].map(String::from);
    let places = [
        ["subject", "the person"],
        ["session", "runs of trials; what was learned starts anew with each"],
        ["trial", "runs of steps; beliefs about states start anew with each"],
    ];
    let places = places.map(|[name, meaning]| [name.into(), "place".into(), String::new(), meaning.into()]);
    let columns = places.into_iter().chain(card.columns.iter().map(column_cells)).collect::<Vec<_>>();
    text.push_str(&table(&header, &columns));
    text.push_str("\n## The parameters\n\n");
    let header = ["parameter", "symbol", "values", "default", "prior", "meaning"].map(String::from);
    text.push_str(&table(&header, &parameter_rows(card)));
    if !card.example.note.is_empty() {
        let _ = write!(text, "\n{}\n", card.example.note);
    }
    text
}

const COMMANDS: &str = "
## What to do

```sh
actinf check fit.toml       # what would be fitted, in words
actinf fit fit.toml         # estimates per person and a report, in results/
actinf simulate fit.toml --out simulated    # behaviour of other simulated people
```

`model.toml` is the model, yours to change; `fit.toml` says which data, which parameters are kept, and how the others are estimated.
";

/// Column, kind, labels, meaning.
fn column_cells(column: &Column) -> [String; 4] {
    let kind = match column.kind {
        ColumnKind::Action => "action",
        ColumnKind::Observation => "observation",
        ColumnKind::Response(Moment::Step) => "response at each step",
        ColumnKind::Response(Moment::TrialEnd) => "response at the end of a trial",
        ColumnKind::Response(Moment::SessionEnd) => "response at the end of a session",
    };
    let labels = if column.labels.is_empty() { "a number".to_owned() } else { column.labels.join(", ") };
    [column.name.clone(), kind.to_owned(), labels, column.meaning.clone()]
}

/// Name, symbol, support, default, prior, meaning.
fn parameter_rows(card: &Card) -> Vec<[String; 6]> {
    let row = |parameter: &actinf_agents::Parameter| {
        let default: Vec<String> = parameter.default.iter().map(f64::to_string).collect();
        let is_fixed = card.example.fixed.contains(&parameter.name);
        let prior = Prior::default_for(parameter).to_string();
        [
            parameter.name.clone(),
            parameter.symbol.clone(),
            parameter.support.to_string(),
            default.join(", "),
            if is_fixed { "kept in the example".to_owned() } else { prior },
            parameter.meaning.clone(),
        ]
    };
    card.parameters.iter().map(row).collect()
}

fn recovery_rows(recovery: &[Recovery]) -> Vec<[String; 4]> {
    let row = |recovered: &Recovery| {
        [
            recovered.parameter.clone(),
            format!("r {:.2}", recovered.correlation),
            format!("bias {:.2}", recovered.bias),
            format!("coverage {:.0} %", 100.0 * recovered.coverage),
        ]
    };
    recovery.iter().map(row).collect()
}

fn order(row_order: RowOrder) -> &'static str {
    match row_order {
        RowOrder::ActThenObserve => "what a row shows was seen after its action",
        RowOrder::ObserveThenAct => "what a row shows was seen before its action",
    }
}

fn design(example: &Example) -> String {
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!(
        "{} of {} of up to {} each",
        counted(example.design.sessions, "session"),
        counted(example.design.trials, "trial"),
        counted(example.design.steps, "step")
    )
}

/// Words broken into lines, each after `indent`.
fn wrapped(paragraph: &str, indent: &str) -> String {
    let mut lines = vec![indent.to_owned()];
    for word in paragraph.split_whitespace() {
        let line = &lines[lines.len() - 1];
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > indent.len() {
            lines.push(indent.to_owned());
        }
        if let Some(line) = lines.last_mut() {
            if line.len() > indent.len() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// Rows whose cells stand below each other; the last one runs on.
fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).min(40);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, " {cell:<width$} ");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// A Markdown table.
fn table<const N: usize>(header: &[String; N], rows: &[[String; N]]) -> String {
    let line = |cells: &[String; N]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = std::array::from_fn(|_| "---".to_owned());
    [header, &rule].into_iter().chain(rows).map(line).collect()
}
