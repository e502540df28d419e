//! The one thread that writes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use jeton_store::{Reply, StoreError};
use rusqlite::Connection;

use crate::open::Options;
use crate::transaction::Transaction;
use crate::{Counters, error};

/// Runs an operation, and is told afterwards whether what it did is durable.
type Job = Box<dyn FnOnce(&Connection) -> Finish + Send>;
type Finish = Box<dyn FnOnce(Result<(), StoreError>)>;

pub(crate) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(
        connection: Connection,
        options: Options,
        counters: Arc<Counters>,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(options.queue);
        let group = options.group.max(1);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write(&connection, &jobs, group, &counters))
            .map_err(|cause| error::io(&cause))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(crate) fn submit<T: Send + 'static>(
        &self,
        reply: Reply<T>,
        operation: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) {
        let job: Job = Box::new(move |connection| {
            let answer = in_savepoint(connection, operation);
            Box::new(move |committed| reply.send(committed.and(answer)))
        });
        submit(self.queue.as_ref(), job);
    }
}

/// A full queue drops the job, and with it the reply, which answers that.
pub(crate) fn submit<J>(queue: Option<&SyncSender<J>>, job: J) {
    if let Some(queue) = queue {
        match queue.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) => drop(job),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            join(thread);
        }
    }
}

/// A reply may hold the last handle of the store; a thread does not wait for itself.
pub(crate) fn join(thread: JoinHandle<()>) {
    if thread.thread().id() != std::thread::current().id() {
        drop(thread.join());
    }
}

fn write(connection: &Connection, jobs: &Receiver<Job>, group: usize, counters: &Counters) {
    while let Ok(first) = jobs.recv() {
        let mut finishes = Vec::new();
        let before = connection.total_changes();
        let committed = run_group(connection, first, jobs, group, &mut finishes);
        if committed.is_ok() && connection.total_changes() != before {
            counters.commits.fetch_add(1, Ordering::Relaxed);
        }
        let operations = u64::try_from(finishes.len()).unwrap_or_default();
        counters.operations.fetch_add(operations, Ordering::Relaxed);
        for finish in finishes {
            finish(committed.clone());
        }
    }
}

/// Runs what waits as one transaction. On an error nothing of it is there.
fn run_group(
    connection: &Connection,
    first: Job,
    jobs: &Receiver<Job>,
    most: usize,
    finishes: &mut Vec<Finish>,
) -> Result<(), StoreError> {
    let begun = execute(connection, "BEGIN IMMEDIATE");
    let mut next = Some(first);
    while let Some(job) = next {
        finishes.push(job(connection));
        // A full disk can end the transaction at once; what follows would commit one by one.
        let goes_on = begun.is_ok() && !connection.is_autocommit() && finishes.len() < most;
        next = if goes_on { jobs.try_recv().ok() } else { None };
    }
    begun?;
    if connection.is_autocommit() {
        return Err(StoreError::Full);
    }
    let committed = execute(connection, "COMMIT");
    if committed.is_err() && !connection.is_autocommit() {
        execute(connection, "ROLLBACK")?;
    }
    committed
}

fn in_savepoint<T>(
    connection: &Connection,
    operation: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if connection.is_autocommit() {
        return Err(StoreError::Unavailable {
            why: "no transaction could be begun",
        });
    }
    execute(connection, "SAVEPOINT operation")?;
    let answer = operation(&Transaction::within(connection));
    if connection.is_autocommit() {
        return answer.and(Err(StoreError::Full));
    }
    if answer.is_err() {
        execute(connection, "ROLLBACK TO operation")?;
    }
    execute(connection, "RELEASE operation")?;
    answer
}

pub(crate) fn execute(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(error::from)?;
    statement.execute([]).map(drop).map_err(error::from)
}
