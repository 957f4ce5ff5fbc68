//! How far long work has come.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How far long work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pieces of work that are done.
    pub done: usize,
    /// Pieces in all: searches (subjects times starts) when fitting, subjects otherwise.
    pub total: usize,
    /// Subjects that failed so far.
    pub failures: usize,
}

/// Where progress is told. Calls come from any thread, may overlap, and may arrive out of order.
pub type ProgressCallback<'a> = &'a (dyn Fn(Progress) + Sync);

/// Counts finished pieces; a subject has failed once all its pieces have.
pub(crate) struct Meter<'a> {
    done: AtomicUsize,
    failures: AtomicUsize,
    failed_pieces: Vec<AtomicUsize>,
    pieces_per_subject: usize,
    tell: ProgressCallback<'a>,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(subjects: usize, pieces_per_subject: usize, tell: ProgressCallback<'a>) -> Self {
        Meter {
            done: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
            failed_pieces: (0..subjects).map(|_| AtomicUsize::new(0)).collect(),
            pieces_per_subject,
            tell,
        }
    }

    /// Notes one finished piece and passes it on.
    pub(crate) fn finished<T, E>(&self, subject: usize, piece: Result<T, E>) -> Result<T, E> {
        if piece.is_err() {
            let failed = self.failed_pieces[subject].fetch_add(1, Ordering::Relaxed) + 1;
            if failed == self.pieces_per_subject {
                self.failures.fetch_add(1, Ordering::Relaxed);
            }
        }
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let total = self.failed_pieces.len() * self.pieces_per_subject;
        (self.tell)(Progress { done, total, failures: self.failures.load(Ordering::Relaxed) });
        piece
    }
}
