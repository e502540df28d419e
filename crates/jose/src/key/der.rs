//! Keys in DER.
use crate::backend::Backend;
use crate::jwk::Jwk;
use crate::key::{KeyError, Structure};
pub(crate) fn is_sequence(_bytes: &[u8]) -> bool {
    true
}
pub(crate) fn read_any(
    _bytes: &[u8],
    _backend: &dyn Backend,
) -> Result<(Structure, Jwk), KeyError> {
    Err(KeyError::Format {
        expected: "to come",
    })
}
