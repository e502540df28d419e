use std::sync::Arc;

use axum::extract::State;
use jeton_store::SessionId;
use jeton_store::session::Session;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Named, Refusal, done, ok};
use super::authority::By;
use super::moment::Moment;
use super::page::whole;
use super::users;
use crate::issuer::Issuer;

/// Where somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionOfUser)]
pub(super) struct Shown {
    /// The `sid` of its tokens.
    id: String,
    /// What the browser calls itself.
    device: Option<String>,
    /// Where it was last.
    address: Option<String>,
    /// By what the person signed in.
    amr: Vec<String>,
    /// When.
    signed_in_at: Moment,
    /// When it was used last.
    last_used_at: Moment,
    /// When it ends in any case.
    expires_at: Moment,
}

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ended {
    /// So many.
    ended: u64,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>, Named(user): Named) -> Answer {
    let account = users::find(&issuer, user).await?;
    let now = issuer.now();
    let sessions = issuer
        .ask(|store, reply| store.sessions_of(account.id, now, reply))
        .await?;
    ok(&whole(sessions.into_iter().map(Shown::from).collect()))
}

/// Ends all sessions and everything that was ever issued for the account.
pub(super) async fn sign_out(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(user): Named,
) -> Answer {
    let account = users::find(&issuer, user).await?;
    let ended = issuer
        .change(|store, reply| store.end_sessions(account.id, None, act, reply))
        .await?;
    ok(&Ended { ended })
}

pub(super) async fn end(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Named(session): Named,
) -> Answer {
    let id = SessionId::new(session);
    let was_there = issuer
        .change(|store, reply| store.end_session(id, act, reply))
        .await?;
    if was_there {
        return done();
    }
    Err(Refusal::missing("session"))
}

impl From<Session> for Shown {
    fn from(session: Session) -> Self {
        Self {
            id: session.id.as_str().to_owned(),
            device: session.device,
            address: session.address,
            amr: session.amr,
            signed_in_at: Moment(session.auth_time),
            last_used_at: Moment(session.last_used_at),
            expires_at: Moment(session.expires_at),
        }
    }
}
