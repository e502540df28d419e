use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Jobs in the order they came, so many at most. Closed, it takes none and has none.
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    wake: Condvar,
    most: usize,
}

struct State<J> {
    jobs: VecDeque<J>,
    is_closed: bool,
    /// What a job takes, averaged over the last ones.
    pace: Duration,
}

/// A job whose asker may have gone.
pub(super) trait Abandonable {
    /// Whether nobody waits for it any more.
    fn is_abandoned(&self) -> bool;
}

/// What the worker does next.
pub(super) enum Next<J> {
    Job(J),
    /// Nothing came for a while.
    Idle,
    Closed,
}

impl<J: Abandonable> Queue<J> {
    pub(super) fn new(most: usize, pace: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                jobs: VecDeque::new(),
                is_closed: false,
                pace,
            }),
            wake: Condvar::new(),
            most,
        }
    }

    /// Takes a job. A full queue answers how long its jobs will take.
    pub(super) fn push(&self, job: J) -> Result<(), Duration> {
        let mut state = self.lock();
        if state.jobs.len() >= self.most {
            state.jobs.retain(|job| !job.is_abandoned());
        }
        if state.is_closed || state.jobs.len() >= self.most {
            let waiting = u32::try_from(state.jobs.len()).unwrap_or(u32::MAX);
            return Err(state.pace.saturating_mul(waiting.saturating_add(1)));
        }
        state.jobs.push_back(job);
        drop(state);
        self.wake.notify_one();
        Ok(())
    }

    /// The next job that somebody waits for, if there is one now.
    pub(super) fn try_pop(&self) -> Option<J> {
        self.lock().pop()
    }

    /// Waits for a job.
    pub(super) fn pop(&self, patience: Option<Duration>) -> Next<J> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.pop() {
                return Next::Job(job);
            }
            if state.is_closed {
                return Next::Closed;
            }
            state = match patience {
                None => self
                    .wake
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(patience) => {
                    let waited = self.wake.wait_timeout(state, patience);
                    let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                    if timeout.timed_out() && state.jobs.is_empty() && !state.is_closed {
                        return Next::Idle;
                    }
                    state
                }
            };
        }
    }

    /// How many jobs wait.
    pub(super) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Notes what a job took.
    pub(super) fn took(&self, duration: Duration) {
        let mut state = self.lock();
        state.pace = (state.pace * 7 + duration.min(Duration::from_secs(10))) / 8;
    }

    /// Ends it; those who wait learn it as their jobs are dropped.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        let jobs = core::mem::take(&mut state.jobs);
        drop(state);
        drop(jobs);
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J: Abandonable> State<J> {
    fn pop(&mut self) -> Option<J> {
        while let Some(job) = self.jobs.pop_front() {
            if !job.is_abandoned() {
                return Some(job);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Job {
        name: u32,
        is_abandoned: bool,
    }

    impl Abandonable for Job {
        fn is_abandoned(&self) -> bool {
            self.is_abandoned
        }
    }

    fn job(name: u32) -> Job {
        Job {
            name,
            is_abandoned: false,
        }
    }

    fn abandoned(name: u32) -> Job {
        Job {
            name,
            is_abandoned: true,
        }
    }

    #[test]
    fn a_full_queue_says_how_long() {
        let queue = Queue::new(2, Duration::from_millis(30));
        assert_eq!(queue.push(job(1)), Ok(()));
        assert_eq!(queue.push(job(2)), Ok(()));
        assert_eq!(queue.push(job(3)), Err(Duration::from_millis(90)));
        queue.took(Duration::from_millis(110));
        assert_eq!(queue.push(job(3)), Err(Duration::from_millis(120)));
    }

    #[test]
    fn who_left_keeps_no_place() {
        let queue = Queue::new(2, Duration::ZERO);
        queue.push(abandoned(1)).unwrap();
        queue.push(abandoned(2)).unwrap();
        queue.push(job(3)).unwrap();
        queue.push(job(4)).unwrap();
        assert!(queue.push(job(5)).is_err());
        assert_eq!(queue.try_pop(), Some(job(3)));
        assert_eq!(queue.try_pop(), Some(job(4)));
        queue.push(abandoned(6)).unwrap();
        assert_eq!(queue.try_pop(), None);
    }

    #[test]
    fn closed_it_takes_nothing() {
        let queue = Queue::new(2, Duration::ZERO);
        queue.push(job(1)).unwrap();
        queue.close();
        assert!(queue.push(job(2)).is_err());
        assert!(matches!(queue.pop(None), Next::Closed));
    }
}
