//! The parallel loop: the only file with threads.
//!
//! Work is numbered; each piece depends on nothing but its number, and results come back in the order of the
//! numbers. So one thread and many give identical bytes, and the serial twin is what the parallel loop must equal.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZeroUsize;

/// Who does the work: the calling thread, or a pool of threads of our own.
pub struct Workers {
    pool: Option<ThreadPool>,
}

/// The threads could not be started.
#[derive(Debug, thiserror::Error)]
#[error("{threads} threads could not be started ({reason}); ask for fewer")]
pub struct WorkersError {
    /// How many were asked for.
    pub threads: String,
    /// The operating system's reason.
    pub reason: String,
}

impl Workers {
    /// The calling thread alone.
    pub fn serial() -> Self {
        Workers { pool: None }
    }

    /// A pool of `threads`, or of as many as the machine has cores. One thread is the calling thread.
    ///
    /// # Errors
    ///
    /// If the threads cannot be started.
    pub fn new(threads: Option<NonZeroUsize>) -> Result<Self, WorkersError> {
        if threads.is_some_and(|threads| threads.get() == 1) {
            return Ok(Workers::serial());
        }
        let count = threads.map_or(0, NonZeroUsize::get);
        let pool = ThreadPoolBuilder::new().num_threads(count).build().map_err(|error| WorkersError {
            threads: threads.map_or_else(|| "as many as cores".to_owned(), |threads| threads.to_string()),
            reason: error.to_string(),
        })?;
        Ok(Workers { pool: Some(pool).filter(|pool| pool.current_num_threads() > 1) })
    }

    /// The number of threads.
    pub fn threads(&self) -> usize {
        self.pool.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// The results of `work(0)`, ..., `work(count - 1)`, in this order.
    pub fn map<T: Send>(&self, count: usize, work: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
        match &self.pool {
            None => (0..count).map(work).collect(),
            Some(pool) => pool.install(|| (0..count).into_par_iter().with_max_len(1).map(work).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_back_in_the_order_of_their_numbers() {
        let parallel = Workers::new(NonZeroUsize::new(3)).unwrap();
        assert_eq!(parallel.threads(), 3);
        let slow_first = |number: usize| {
            std::thread::sleep(std::time::Duration::from_millis(if number == 0 { 20 } else { 0 }));
            number * number
        };
        assert_eq!(parallel.map(50, slow_first), Workers::serial().map(50, |number| number * number));
    }
}
