use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jeton_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::readers::Readers;
use crate::writer::Writer;
use crate::{Counters, SqliteStore, error, migrate};

/// How many statements stay prepared per connection; there are about as many.
const STATEMENTS: usize = 128;

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Threads that read.
    pub readers: usize,
    /// The most operations in one transaction.
    pub group: usize,
    /// The most operations that wait, writing and reading each; more are refused.
    pub queue: usize,
    /// The most pages of 4 KiB that the file may have.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 2,
            group: 512,
            queue: 8192,
            max_pages: None,
        }
    }
}

impl SqliteStore {
    /// Opens the store in a file, which is made if it is not there.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        private_file(path)?;
        let connection = connect(path)?;
        // The order matters: the mode of the journal cannot be changed within a migration.
        pragma(&connection, "journal_mode", "WAL")?;
        pragma(&connection, "synchronous", "FULL")?;
        migrate::run(&connection)?;
        if let Some(pages) = options.max_pages {
            pragma(&connection, "max_page_count", &pages.to_string())?;
        }
        let mut reading = Vec::with_capacity(options.readers);
        for _ in 0..options.readers.max(1) {
            let connection = connect(path)?;
            pragma(&connection, "query_only", "ON")?;
            reading.push(connection);
        }
        let statistics = Arc::new(Counters::default());
        Ok(Self {
            writer: Writer::start(connection, options, Arc::clone(&statistics))?,
            readers: Readers::start(reading, options.queue)?,
            statistics,
            _lock: lock,
        })
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(error::from)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    pragma(&connection, "trusted_schema", "OFF")?;
    pragma(&connection, "cell_size_check", "ON")?;
    Ok(connection)
}

fn pragma(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    // Some answer a row and some do not.
    let sql = format!("PRAGMA {name} = {value}");
    let mut statement = connection.prepare(&sql).map_err(error::from)?;
    let mut rows = statement.query([]).map_err(error::from)?;
    rows.next().map_err(error::from)?;
    Ok(())
}

/// Beside the database, because SQLite drops all locks of a process on a file when any handle of
/// it is closed.
fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut how = OpenOptions::new();
    how.write(true).create(true);
    let file = how.open(PathBuf::from(name)).map_err(|e| error::io(&e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
        Err(TryLockError::Error(cause)) => Err(error::io(&cause)),
    }
}

/// Makes the file for its owner alone; SQLite gives the log and its index the same mode.
fn private_file(path: &Path) -> Result<(), StoreError> {
    let mut how = OpenOptions::new();
    how.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
    how.open(path).map(drop).map_err(|e| error::io(&e))
}
