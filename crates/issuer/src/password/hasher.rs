use core::fmt;
use core::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use jeton_jose::UnixTime;
use jeton_store::account::PasswordHash;
use jeton_store::instant::to_millis;
use tokio::sync::oneshot;

use super::memory::Memory;
use super::queue::{Abandonable, Next, Queue};
use super::stored::{self, Stored};
use super::{Parameters, Password, SALT};
use crate::metrics::Metrics;

/// The one thread that hashes passwords. Clones share it; it ends with the last.
#[derive(Clone)]
pub struct Hasher(Arc<Handle>);

/// Whether a password was right.
#[derive(Debug)]
pub struct Verified {
    /// Whether it was.
    pub ok: bool,
    /// Its hash under the configured parameters, where the stored one was made under others.
    pub upgrade: Option<PasswordHash>,
}

/// Too many hashes wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords wait to be checked")]
pub struct Busy {
    /// How long those will take, for `Retry-After`; whole seconds, at least one.
    pub wait: Duration,
}

/// Where the present comes from.
type Clock = Arc<dyn Fn() -> UnixTime + Send + Sync>;

struct Handle(Arc<Queue<Job>>);

struct Job {
    password: Password,
    salt: [u8; SALT],
    task: Task,
}

enum Task {
    Verify(Option<PasswordHash>, oneshot::Sender<Verified>),
    Hash(oneshot::Sender<PasswordHash>),
}

/// Until hashes were timed.
const FIRST_PACE: Duration = Duration::from_millis(50);
/// How long the memory is kept for the next hash.
const PATIENCE: Duration = Duration::from_secs(30);

impl Hasher {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn start(
        parameters: Parameters,
        most_waiting: u32,
        clock: impl Fn() -> UnixTime + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let metrics = Arc::new(Metrics::new("", clock()));
        Self::measured(parameters, most_waiting, clock, metrics)
    }

    /// Starts the thread, and has these metrics know how long hashes take.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn measured(
        parameters: Parameters,
        most_waiting: u32,
        clock: impl Fn() -> UnixTime + Send + Sync + 'static,
        metrics: Arc<Metrics>,
    ) -> std::io::Result<Self> {
        let most = usize::try_from(most_waiting).unwrap_or(usize::MAX).max(1);
        let queue = Arc::new(Queue::new(most, FIRST_PACE));
        let worker = Worker {
            queue: Arc::clone(&queue),
            parameters,
            clock: Arc::new(clock),
            metrics,
            memory: Memory::default(),
        };
        std::thread::Builder::new()
            .name("passwords".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self(Arc::new(Handle(queue))))
    }

    /// Whether the password is the one of the hash. `None`, for an account that does not exist or
    /// has no password, costs as much and answers no. The salt is for a better hash.
    ///
    /// # Errors
    /// The queue is full.
    pub async fn verify(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
        salt: [u8; SALT],
    ) -> Result<Verified, Busy> {
        let (reply, answer) = oneshot::channel();
        self.ask(password, salt, Task::Verify(hash, reply), answer)
            .await
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// The queue is full.
    pub async fn hash(&self, password: Password, salt: [u8; SALT]) -> Result<PasswordHash, Busy> {
        let (reply, answer) = oneshot::channel();
        self.ask(password, salt, Task::Hash(reply), answer).await
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.0.0.len()
    }

    async fn ask<T>(
        &self,
        password: Password,
        salt: [u8; SALT],
        task: Task,
        answer: oneshot::Receiver<T>,
    ) -> Result<T, Busy> {
        let job = Job {
            password,
            salt,
            task,
        };
        self.0.0.push(job).map_err(Busy::after)?;
        // A job is dropped unanswered where there is no memory for it.
        answer.await.map_err(|_| Busy::after(Duration::ZERO))
    }
}

impl Busy {
    fn after(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self {
            wait: Duration::from_secs(seconds.max(1)),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Abandonable for Job {
    fn is_abandoned(&self) -> bool {
        match &self.task {
            Task::Verify(_, reply) => reply.is_closed(),
            Task::Hash(reply) => reply.is_closed(),
        }
    }
}

struct Worker {
    queue: Arc<Queue<Job>>,
    parameters: Parameters,
    clock: Clock,
    metrics: Arc<Metrics>,
    memory: Memory,
}

impl Worker {
    fn run(mut self) {
        lower_priority();
        let mut patience = None;
        loop {
            if let Some(job) = self.queue.try_pop() {
                self.work(job);
                continue;
            }
            self.memory.wipe();
            match self.queue.pop(patience) {
                Next::Job(job) => {
                    self.work(job);
                    patience = Some(PATIENCE);
                }
                Next::Idle => {
                    self.memory.free();
                    patience = None;
                }
                Next::Closed => return,
            }
        }
    }

    fn work(&mut self, job: Job) {
        let begun = to_millis((self.clock)());
        let metrics = Arc::clone(&self.metrics);
        match job.task {
            Task::Verify(hash, reply) => {
                let verify = || self.verify(&job.password, hash.as_ref(), &job.salt);
                if let Some(verified) = metrics.hashing(verify) {
                    let _ = reply.send(verified);
                }
            }
            Task::Hash(reply) => {
                let hash = || self.hash(&job.password, &job.salt);
                if let Some(hash) = metrics.hashing(hash) {
                    let _ = reply.send(hash);
                }
            }
        }
        let taken = to_millis((self.clock)()).saturating_sub(begun);
        if let Ok(taken) = u64::try_from(taken) {
            self.queue.took(Duration::from_millis(taken));
        }
    }

    fn verify(
        &mut self,
        password: &Password,
        hash: Option<&PasswordHash>,
        salt: &[u8; SALT],
    ) -> Option<Verified> {
        let stored = hash.and_then(|hash| match Stored::read(hash) {
            Ok(stored) => Some(stored),
            Err(why) => {
                tracing::error!(%why, "a stored password hash cannot be used");
                None
            }
        });
        let Some(stored) = stored else {
            black_box(self.hash(password, salt)?);
            return Some(Verified {
                ok: false,
                upgrade: None,
            });
        };
        let ok = stored.is_of(password.expose(), &mut self.memory)?;
        let upgrade = if ok && !stored.is_under(self.parameters) {
            self.hash(password, salt)
        } else {
            None
        };
        Some(Verified { ok, upgrade })
    }

    fn hash(&mut self, password: &Password, salt: &[u8; SALT]) -> Option<PasswordHash> {
        stored::make(self.parameters, password.expose(), salt, &mut self.memory)
    }
}

impl Drop for Worker {
    /// If the thread should die, nobody waits for it.
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Lets every other thread of the process go first. In Linux a priority is of a thread, and this
/// one's is all that is changed; elsewhere it is of a process, so it stays.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        let nice = rustix::process::getpriority_process(None).unwrap_or(0);
        if let Err(error) = rustix::process::setpriority_process(None, (nice + 10).min(19)) {
            tracing::warn!(%error, "passwords are hashed at ordinary priority");
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher(..)")
    }
}

#[cfg(test)]
mod tests;
