/// Why an operation did not happen. Nothing of it happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The record to be changed is not there.
    #[error("there is no such {record}")]
    Missing {
        /// What kind of record.
        record: &'static str,
    },
    /// A value that has to be unique is another record's.
    #[error("another {record} has this {field}")]
    Taken {
        /// What kind of record.
        record: &'static str,
        /// Which value.
        field: &'static str,
    },
    /// Somebody else changed the record since it was read.
    #[error("the {record} was changed by somebody else")]
    Stale {
        /// What kind of record.
        record: &'static str,
    },
    /// There is no space left. Reading still works, and writing does again once there is space.
    #[error("there is no space left for the store")]
    Full,
    /// The store cannot answer now.
    #[error("the store cannot answer: {why}")]
    Unavailable {
        /// Why.
        why: &'static str,
    },
    /// Another process has the store open.
    #[error("another process has the store open")]
    Locked,
    /// What was stored cannot be read.
    #[error("the stored {record} cannot be read")]
    Corrupt {
        /// What kind of record.
        record: &'static str,
    },
    /// The backend failed in a way that has no name here.
    #[error("the store failed: {message}")]
    Backend {
        /// What it said; it names no stored value.
        message: String,
    },
}

impl StoreError {
    /// Whether the store could not do its work: all else is an answer.
    pub fn is_fault(&self) -> bool {
        !matches!(
            self,
            Self::Missing { .. } | Self::Taken { .. } | Self::Stale { .. }
        )
    }
}
