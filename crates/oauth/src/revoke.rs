//! Revocation by the client (RFC 7009): a token that is unknown counts as revoked, so the answer
//! to a well-formed request is always the same empty success.

pub use crate::introspect::{Hint, Request};
