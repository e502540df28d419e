use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use jeton_oauth::Scope;
use jeton_store::ClientId;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Named, Refusal, check_name, done, ok};
use super::authority::By;
use super::moment::Moment;
use super::page::whole;
use super::users;
use crate::issuer::Issuer;

/// What an account allowed a client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GrantOfUser)]
pub(super) struct Shown {
    /// To whom.
    client_id: String,
    /// What.
    #[schema(value_type = String)]
    scope: Scope,
    /// Where.
    resources: Vec<String>,
    /// When last.
    at: Moment,
}

pub(super) async fn list(State(issuer): State<Arc<Issuer>>, Named(user): Named) -> Answer {
    let account = users::find(&issuer, user).await?;
    let consents = issuer
        .ask(|store, reply| store.consents_of(account.id, reply))
        .await?;
    let shown = consents.into_iter().map(|consent| Shown {
        client_id: consent.client.as_str().to_owned(),
        scope: consent.scope,
        resources: consent
            .resources
            .iter()
            .map(|one| one.as_str().to_owned())
            .collect(),
        at: Moment(consent.at),
    });
    ok(&whole(shown.collect()))
}

/// Takes back what an account allowed a client; what was issued for it counts no more.
pub(super) async fn withdraw(
    State(issuer): State<Arc<Issuer>>,
    By(act): By,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Answer {
    let Path((user, client)) = path?;
    check_name(&user)?;
    check_name(&client)?;
    let account = users::find(&issuer, user).await?;
    let client = ClientId::new(client);
    let was_there = issuer
        .change(|store, reply| store.withdraw_consent(account.id, client, act, reply))
        .await?;
    if was_there {
        return done();
    }
    Err(Refusal::missing("grant"))
}
