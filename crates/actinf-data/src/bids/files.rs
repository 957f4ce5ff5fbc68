//! The tables of behaviour in a folder, found by their names.

use super::BidsError;
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::sentences::nearest;
use std::collections::BTreeSet;
use std::path::Path;

/// Where tables are looked for, with how their names end; the first place that has any holds for everybody.
const PLACES: [(&str, &str); 3] = [("beh", "_beh.tsv"), ("beh", "_events.tsv"), ("func", "_events.tsv")];

/// A table of behaviour, and what its name and folders say.
#[derive(Debug)]
pub(super) struct BehaviourFile {
    /// Its path in the folder of the study, with `/`.
    pub(super) name: String,
    /// Such as `sub-01`.
    pub(super) participant: String,
    session: Option<String>,
    task: Option<String>,
    run: Option<String>,
}

impl BehaviourFile {
    /// What the file is called in which folders.
    ///
    /// # Errors
    ///
    /// If the name contradicts the folders.
    fn new(participant: &str, session: Option<&str>, place: &str, called: &str) -> Result<Self, Error> {
        let folders: Vec<&str> = std::iter::once(participant).chain(session).collect();
        let name = format!("{}/{place}/{called}", folders.join("/"));
        let start = folders.join("_");
        if !called.starts_with(&format!("{start}_")) {
            return Err(BidsError::InAnotherFolder { folder: start }.into());
        }
        let part = |key: &str| {
            let parts = called.split('_').filter_map(|part| part.split_once('-'));
            parts.into_iter().find(|(known, _)| *known == key).map(|(_, label)| label.to_owned())
        };
        let participant = participant.to_owned();
        Ok(BehaviourFile { participant, session: part("ses"), task: part("task"), run: part("run"), name })
    }

    /// The person's folder.
    pub(super) fn participant(&self) -> Option<&str> {
        Some(&self.participant)
    }

    /// The label of the session.
    pub(super) fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// The label of the run.
    pub(super) fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// The label of the task.
    pub(super) fn task(&self) -> Option<&str> {
        self.task.as_deref()
    }
}

/// Whether a path is a folder with persons in it.
pub(super) fn is_folder_of_a_study(path: &Path) -> bool {
    let has_persons = || folders(path, "sub-").is_ok_and(|persons| !persons.is_empty());
    path.is_dir() && (path.join(super::participants::FILE).is_file() || has_persons())
}

/// All tables of behaviour, by person, session, task and run.
///
/// # Errors
///
/// If there are none, or a folder cannot be read.
pub(super) fn behaviour_files(study: &Path) -> Result<Vec<BehaviourFile>, Error> {
    for (place, ending) in PLACES {
        let mut files = files_at(study, place, ending)?;
        if !files.is_empty() {
            files.sort_by_cached_key(|file| (as_counted(&file.name), file.name.clone()));
            return Ok(files);
        }
    }
    Err(BidsError::NoTables.into())
}

fn files_at(study: &Path, place: &str, ending: &str) -> Result<Vec<BehaviourFile>, Error> {
    let mut files = Vec::new();
    for participant in folders(study, "sub-")? {
        let own = study.join(&participant);
        let sessions = folders(&own, "ses-")?;
        for session in std::iter::once(None).chain(sessions.iter().map(|name| Some(name.as_str()))) {
            let folder = own.join(session.unwrap_or_default()).join(place);
            let tables = if folder.is_dir() { names(&folder)? } else { Vec::new() };
            for table in tables.iter().filter(|name| name.ends_with(ending)) {
                let file = BehaviourFile::new(&participant, session, place, table);
                files.push(file.map_err(|error| error.about(folder.join(table).display()))?);
            }
        }
    }
    Ok(files)
}

/// The folders whose names begin so.
fn folders(within: &Path, start: &str) -> Result<Vec<String>, Error> {
    let named = names(within)?.into_iter().filter(|name| name.starts_with(start));
    Ok(named.filter(|name| within.join(name).is_dir()).collect())
}

fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let unreadable = |error: std::io::Error| {
        Error::from(ErrorKind::Unreadable { reason: error.to_string() }).about(folder.display())
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        names.extend(entry.map_err(unreadable)?.file_name().into_string().ok());
    }
    Ok(names)
}

/// A text that sorts as people count: `run-2` before `run-10`.
fn as_counted(name: &str) -> String {
    let mut text = String::new();
    let mut digits = String::new();
    for letter in name.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            text.push_str(&format!("{digits:0>20}"));
            digits.clear();
        }
        text.push(letter);
    }
    text
}

/// The files of the task, or all if they are of one task.
///
/// # Errors
///
/// If there are several tasks and none is chosen, or not this one.
pub(super) fn of_task(files: Vec<BehaviourFile>, task: Option<&str>) -> Result<Vec<BehaviourFile>, Error> {
    let tasks: BTreeSet<&str> = files.iter().filter_map(BehaviourFile::task).collect();
    let listed = || tasks.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    let Some(task) = task else {
        return if tasks.len() > 1 {
            Err(BidsError::SeveralTasks { tasks: listed() }.into())
        } else {
            Ok(files)
        };
    };
    if !tasks.contains(task) {
        let nearest = nearest(task, tasks.iter().copied()).map(str::to_owned);
        return Err(BidsError::UnknownTask { task: task.to_owned(), nearest, tasks: listed() }.into());
    }
    Ok(files.into_iter().filter(|file| file.task() == Some(task)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_count() {
        let mut names = ["run-10_beh", "run-2_beh", "run-02_acq", "run-1"];
        names.sort_by_key(|name| as_counted(name));
        assert_eq!(names, ["run-1", "run-02_acq", "run-2_beh", "run-10_beh"]);
    }

    #[test]
    fn what_a_name_says_is_found_by_its_key() {
        let called = "sub-01_ses-pre_task-bandit_run-2_beh.tsv";
        let file = BehaviourFile::new("sub-01", Some("ses-pre"), "beh", called).unwrap();
        assert_eq!(file.name, format!("sub-01/ses-pre/beh/{called}"));
        assert_eq!((file.session(), file.task(), file.run()), (Some("pre"), Some("bandit"), Some("2")));
        assert!(BehaviourFile::new("sub-1", None, "beh", called).is_err());
        assert!(BehaviourFile::new("sub-01", Some("ses-post"), "beh", called).is_err());
    }
}
