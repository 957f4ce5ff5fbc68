//! What the program's exit code says.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: everything was done.
    Done,
    /// 1: some subjects failed and the others were done, or the work was broken off and what was done is kept.
    SomeFailed,
    /// 2: nothing could be done.
    NothingDone,
}

impl Exit {
    /// The exit of work on `total` subjects of which `failed` failed.
    pub(crate) fn of_failures(failed: usize, total: usize) -> Exit {
        match failed {
            0 => Exit::Done,
            _ if failed < total => Exit::SomeFailed,
            _ => Exit::NothingDone,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::SomeFailed => ExitCode::from(1),
            Exit::NothingDone => ExitCode::from(2),
        }
    }
}
