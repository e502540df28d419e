//! What differs between two tokens. Nothing is verified.

use serde::Deserialize;

use crate::diff::{self, Diff};
use crate::sent::clean;
use crate::workbench::{Failure, Setting};

/// Which tokens.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The first one.
    pub before: String,
    /// The second one.
    pub after: String,
}

/// Shows the sizes only.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (before, after) = (self.before.len(), self.after.len());
        write!(f, "Request({before} and {after} bytes)")
    }
}

pub(in crate::workbench) fn answer(
    request: &Request,
    _setting: &Setting<'_>,
) -> Result<Diff, Failure> {
    compare(clean(&request.before), clean(&request.after))
}

/// Compares two tokens.
///
/// # Errors
/// One of them cannot be read.
pub fn compare(before: &str, after: &str) -> Result<Diff, Failure> {
    diff::diff(before, after).map_err(|error| {
        Failure::content(error.to_string()).hint("decode it to see how far it can be read")
    })
}
