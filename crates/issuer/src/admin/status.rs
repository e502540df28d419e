use std::sync::Arc;

use axum::extract::State;
use jeton_store::signing_key::KeyState;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Refusal, ok};
use super::audit::End;
use super::moment::Moment;
use crate::issuer::Issuer;

/// Records that are counted; beyond it the count is that number and `more` is true.
const MOST: u64 = 10_000;
/// Records that are read at once.
const PAGE: u32 = 500;

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Status {
    /// Its URL.
    issuer: String,
    /// Its version.
    version: &'static str,
    /// Its time.
    time: Moment,
    /// How many accounts there are.
    users: Count,
    /// How many applications there are.
    clients: Count,
    /// Signing keys that sign now.
    active_keys: usize,
    /// The last place in the revocation log.
    revocation_sequence: u64,
    /// The end of the audit log.
    audit: End,
}

/// How many records there are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count {
    /// So many.
    count: u64,
    /// Whether there are more than were counted.
    more: bool,
}

pub(super) async fn show(State(issuer): State<Arc<Issuer>>) -> Answer {
    let now = issuer.now();
    let head = issuer.ask(|store, reply| store.audit_head(reply)).await?;
    let active_keys = issuer
        .keys()
        .stored()
        .filter(|key| key.state(now) == KeyState::Active)
        .count();
    ok(&Status {
        issuer: issuer.url.clone(),
        version: env!("CARGO_PKG_VERSION"),
        time: Moment(now),
        users: users(&issuer).await?,
        clients: clients(&issuer).await?,
        active_keys,
        revocation_sequence: *issuer.revocations().borrow(),
        audit: End::from(head),
    })
}

async fn users(issuer: &Issuer) -> Result<Count, Refusal> {
    let (mut count, mut after) = (0, None);
    loop {
        let page = issuer
            .ask(|store, reply| store.accounts(after, PAGE, reply))
            .await?;
        count += page.len() as u64;
        after = page.last().map(|last| last.username.clone());
        if after.is_none() || count >= MOST {
            let more = after.is_some();
            return Ok(Count { count, more });
        }
    }
}

async fn clients(issuer: &Issuer) -> Result<Count, Refusal> {
    let (mut count, mut after) = (0, None);
    loop {
        let page = issuer
            .ask(|store, reply| store.clients(after, PAGE, reply))
            .await?;
        count += page.len() as u64;
        after = page.last().map(|last| last.id.clone());
        if after.is_none() || count >= MOST {
            let more = after.is_some();
            return Ok(Count { count, more });
        }
    }
}
