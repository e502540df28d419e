use std::sync::Arc;

use axum::extract::State;
use jeton_store::audit::Head;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, ok};
use super::page::Part;
use crate::issuer::Issuer;

/// The end of the audit log. Whoever notes it elsewhere can tell later that nothing was cut off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditHead)]
pub(super) struct End {
    /// The place of the last entry.
    pub(super) sequence: u64,
    /// Its hash, and thereby that of all before.
    pub(super) hash: String,
}

/// Entries as they were written: their hashes are over this very form.
pub(super) async fn list(State(issuer): State<Arc<Issuer>>, part: Part) -> Answer {
    let (after, limit) = (part.after_number()?, part.limit);
    let entries = issuer
        .ask(|store, reply| store.audit_after(after, limit, reply))
        .await?;
    ok(&part.page(entries, |last| last.sequence.to_string(), |entry| entry))
}

pub(super) async fn head(State(issuer): State<Arc<Issuer>>) -> Answer {
    let head = issuer.ask(|store, reply| store.audit_head(reply)).await?;
    ok(&End::from(head))
}

impl From<Head> for End {
    fn from(head: Head) -> Self {
        Self {
            sequence: head.sequence,
            hash: jeton_jose::base64url::encode(head.hash.as_bytes()),
        }
    }
}
