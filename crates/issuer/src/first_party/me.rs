use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use jeton_jose::Code;
use jeton_store::AccountId;
use serde::Serialize;

use crate::answer::{self, Failure};
use crate::bearer::{Unauthorized, presented};
use crate::issuer::Issuer;
use crate::people::name_of;

/// Who somebody is, to an application of the house.
#[derive(Debug, Serialize)]
struct Me {
    sub: String,
    username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    email_verified: bool,
    roles: Vec<String>,
    permissions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

/// `GET /me`: for an access token of a client of the house.
pub(super) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let bearer = presented(&headers)
        .and_then(|token| token.ok_or(Unauthorized::Missing))
        .and_then(|token| issuer.access_token(token));
    let bearer = match bearer {
        Ok(bearer) => bearer,
        Err(unauthorized) => return Ok(unauthorized.into_response()),
    };
    let client = issuer.client(&bearer.client_id).await?;
    let is_own = client.is_some_and(|client| client.record.metadata.rules.first_party);
    let id = AccountId::new(bearer.sub.as_str());
    let asked = id.clone();
    let account = issuer
        .ask(|store, reply| store.account(asked, reply))
        .await?;
    let Some(account) = account.filter(|_| is_own && bearer.is_of_person()) else {
        return Ok(Unauthorized::Invalid(Code::SubjectMismatch).into_response());
    };
    let held = issuer.entitlements(&id).await?.unwrap_or_default();
    Ok(answer::json(&Me {
        sub: account.id.as_str().to_owned(),
        name: name_of(&account),
        username: account.username,
        email_verified: account.email.is_some() && account.email_verified,
        email: account.email,
        roles: held.roles.into_iter().collect(),
        permissions: held.permissions.into_iter().collect(),
        session: bearer.sid.clone(),
    }))
}
