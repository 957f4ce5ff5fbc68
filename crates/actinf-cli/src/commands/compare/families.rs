//! Families of models, from the command line or a file.

use actinf_agents::document::Document;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Families by name, with the names of their models: each text is `NAME=MODEL,MODEL` or a file with a `[families]` table.
pub(super) fn families(texts: &[String]) -> Result<Vec<(String, Vec<String>)>> {
    let mut found = Vec::new();
    for text in texts {
        if text.ends_with(".toml") && !text.contains('=') {
            found.extend(in_file(Path::new(text))?);
            continue;
        }
        let Some((name, models)) = text.split_once('=') else {
            bail!(
                "--families `{text}`: neither NAME=MODEL,MODEL nor a file that ends in .toml with a table such as\n\n\
                 [families]\nlearning = [\"slow\", \"fast\"]\nfixed = [\"none\"]"
            );
        };
        let models = models.split(',').map(|model| model.trim().to_owned()).filter(|model| !model.is_empty());
        found.push((name.trim().to_owned(), models.collect()));
    }
    Ok(found)
}

fn in_file(path: &Path) -> Result<Vec<(String, Vec<String>)>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the file of families `{}`", path.display()))?;
    let document = Document::parse(&text, &path.display().to_string())?;
    let mut found = Vec::new();
    for entry in document.section(&["families"])?.required("families")?.entries()? {
        let models = entry.value.texts()?.into_iter().map(String::from).collect();
        found.push((entry.key.to_owned(), models));
    }
    Ok(found)
}
