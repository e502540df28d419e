use jeton_store::StoreError;
use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use crate::error;

/// A connection within a transaction: what an operation works on. Its statements stay prepared.
pub(crate) struct Transaction<'c>(&'c Connection);

impl<'c> Transaction<'c> {
    pub(crate) fn within(connection: &'c Connection) -> Self {
        Self(connection)
    }

    /// Changes records; answers how many.
    pub(crate) fn change(&self, sql: &str, values: impl Params) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(error::from)?;
        let changed = statement.execute(values).map_err(error::from)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// Inserts a record; answers whether there was none with the same key.
    pub(crate) fn insert(&self, sql: &str, values: impl Params) -> Result<bool, StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(error::from)?;
        match statement.execute(values) {
            Ok(_) => Ok(true),
            Err(cause) if error::is_taken(&cause) => Ok(false),
            Err(cause) => Err(error::from(cause)),
        }
    }

    pub(crate) fn last_sequence(&self) -> u64 {
        u64::try_from(self.0.last_insert_rowid()).unwrap_or_default()
    }

    pub(crate) fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(error::from)?;
        let row = statement.query_row(values, read);
        row.optional().map_err(error::from)
    }

    pub(crate) fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(error::from)?;
        let rows = statement.query_map(values, read).map_err(error::from)?;
        rows.collect::<Result<_, _>>().map_err(error::from)
    }
}
