use std::sync::Arc;

use axum::extract::State;
use jeton_jose::{AlgorithmSet, Policy, UnixTime, jwt};
use jeton_oauth::Credential;
use jeton_store::grant::IssuedToken;
use jeton_store::refresh_token::RefreshToken;
use jeton_store::revocation::{Holder, Revocation};
use jeton_store::{Act, ClientId, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, Body, Refusal, ok};
use super::authority::By;
use super::page::Part;
use super::users;
use crate::issuer::Issuer;

/// What is to count no more: one of them.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Revoke)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(super) enum Wanted {
    /// An access token, or a refresh token with all that came of it.
    Token(String),
    /// A session with its refresh tokens, by its `sid`.
    Session(String),
    /// All that was ever issued for an account, and its sessions.
    Account(String),
    /// All access tokens that were issued to a client until now.
    Client(String),
}

/// What was revoked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revoked)]
pub(super) struct Done {
    /// What it was.
    revoked: &'static str,
    /// The last place in the revocation log.
    sequence: u64,
}

/// What is needed of a token to revoke it.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    jti: String,
    #[serde(with = "jeton_oauth::seconds")]
    exp: UnixTime,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>, part: Part) -> Answer {
    let (after, limit) = (part.after_number()?, part.limit);
    let entries = issuer
        .ask(|store, reply| store.revocations_after(after, limit, reply))
        .await?;
    ok(&part.page(entries, |last| last.sequence.to_string(), |entry| entry))
}

pub(super) async fn revoke(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    Body(wanted): Body<Wanted>,
) -> Answer {
    let revoked = match wanted {
        Wanted::Token(token) => self::token(&issuer, Credential::new(token), act).await?,
        Wanted::Session(id) => {
            let id = SessionId::new(id);
            let was_there = issuer
                .change(|store, reply| store.end_session(id, act, reply))
                .await?;
            if !was_there {
                return Err(Refusal::missing("session"));
            }
            "session"
        }
        Wanted::Account(name) => {
            let account = users::find(&issuer, name).await?;
            issuer
                .change(|store, reply| store.end_sessions(account.id, None, act, reply))
                .await?;
            "account"
        }
        Wanted::Client(id) => {
            let asked = ClientId::new(id.clone());
            let client = issuer
                .ask(|store, reply| store.client(asked, reply))
                .await?;
            if client.is_none() {
                return Err(Refusal::missing("client"));
            }
            let until = Revocation::Until(Holder::Client(id));
            issuer
                .change(|store, reply| store.revoke(until, act, reply))
                .await?;
            "client"
        }
    };
    ok(&Done {
        revoked,
        sequence: *issuer.revocations().borrow(),
    })
}

async fn token(issuer: &Issuer, token: Credential, act: Act) -> Result<&'static str, Refusal> {
    if let Some(refresh) = RefreshToken::authentic(&token, &issuer.secrets.refresh.verifying) {
        let id = refresh.family().clone();
        let asked = id.clone();
        let family = issuer
            .ask(|store, reply| store.family(asked, reply))
            .await?
            .ok_or_else(|| Refusal::missing("refresh token"))?;
        issuer
            .change(|store, reply| store.revoke_family(id, family.grant.client, act, reply))
            .await?;
        return Ok("refresh_token");
    }
    let policy = Policy::new(AlgorithmSet::asymmetric()).issuer(&issuer.url);
    let now = issuer.now();
    let verified =
        jwt::verify(token.expose(), issuer.keys().verifying(), &policy, now).map_err(|error| {
            Refusal::content(format!(
                "the token is none of this service's that counts ({})",
                error.code()
            ))
        })?;
    let claims: Claims = verified.claims().deserialize().map_err(|_| {
        Refusal::content("the token has no `jti`, so it is no access token of this service")
    })?;
    let issued = IssuedToken {
        iss: claims.iss,
        jti: claims.jti,
        expires_at: claims.exp,
    };
    issuer
        .change(|store, reply| store.revoke(Revocation::Token(issued), act, reply))
        .await?;
    Ok("access_token")
}
