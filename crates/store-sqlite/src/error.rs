use jeton_store::StoreError;
use rusqlite::ffi;

/// No room to let the index of the log grow.
const INDEX_FULL: [i32; 2] = [ffi::SQLITE_IOERR_SHMSIZE, ffi::SQLITE_IOERR_SHMMAP];

/// SQLite's errors by what they mean to a caller. Its messages name tables, never values.
pub(crate) fn from(error: rusqlite::Error) -> StoreError {
    let Some(cause) = error.sqlite_error() else {
        return match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..) => StoreError::Corrupt { record: "column" },
            other => StoreError::Backend {
                message: other.to_string(),
            },
        };
    };
    match cause.code {
        ffi::ErrorCode::DiskFull => StoreError::Full,
        _ if INDEX_FULL.contains(&cause.extended_code) => StoreError::Full,
        ffi::ErrorCode::DatabaseCorrupt | ffi::ErrorCode::NotADatabase => {
            StoreError::Corrupt { record: "database" }
        }
        ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked => StoreError::Locked,
        _ => StoreError::Backend {
            message: error.to_string(),
        },
    }
}

/// Whether a value that has to be unique is there already.
pub(crate) fn is_taken(error: &rusqlite::Error) -> bool {
    let codes = [
        ffi::SQLITE_CONSTRAINT_UNIQUE,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    ];
    let cause = error.sqlite_error();
    cause.is_some_and(|cause| codes.contains(&cause.extended_code))
}

pub(crate) fn io(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Backend {
            message: error.to_string(),
        },
    }
}
