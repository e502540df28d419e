//! The threads that read beside the writer.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use jeton_store::{Reply, StoreError};
use rusqlite::Connection;

use crate::error;
use crate::transaction::Transaction;
use crate::writer::{execute, join, submit};

type Job = Box<dyn FnOnce(&Connection) + Send>;

pub(crate) struct Readers {
    queue: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(crate) fn start(connections: Vec<Connection>, queue: usize) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel::<Job>(queue);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::with_capacity(connections.len());
        for connection in connections {
            let jobs = Arc::clone(&jobs);
            let thread = std::thread::Builder::new()
                .name("store-reader".to_owned())
                .spawn(move || {
                    while let Some(job) = next(&jobs) {
                        job(&connection);
                    }
                });
            threads.push(thread.map_err(|cause| error::io(&cause))?);
        }
        Ok(Self {
            queue: Some(queue),
            threads,
        })
    }

    pub(crate) fn submit<T: Send + 'static>(
        &self,
        reply: Reply<T>,
        operation: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) {
        let job: Job =
            Box::new(move |connection| reply.send(on_one_snapshot(connection, operation)));
        submit(self.queue.as_ref(), job);
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    jobs.recv().ok()
}

fn on_one_snapshot<T>(
    connection: &Connection,
    operation: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    execute(connection, "BEGIN")?;
    let answer = operation(&Transaction::within(connection));
    if !connection.is_autocommit() {
        execute(connection, "COMMIT")?;
    }
    answer
}

impl Drop for Readers {
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            join(thread);
        }
    }
}
