//! Keys in PEM (RFC 7468).
use crate::backend::Backend;
use crate::key::{KeyError, ReadKeys};
pub(crate) fn is_pem(_bytes: &[u8]) -> bool {
    true
}
pub(crate) fn read(_bytes: &[u8], _backend: &dyn Backend) -> Result<ReadKeys, KeyError> {
    Err(KeyError::Format {
        expected: "to come",
    })
}
