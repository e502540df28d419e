use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use jeton_jose::UnixTime;
use jeton_oauth::claims::Audience;
use jeton_oauth::introspect::{Active, Request, Response as Answer};
use jeton_oauth::{Credential, Resource};
use jeton_store::grant::Family;
use jeton_store::refresh_token::RefreshToken;

use crate::answer::{self, Failure};
use crate::caller::Caller;
use crate::client_auth::authenticate_confidential;
use crate::clients::KnownClient;
use crate::endpoints::form;
use crate::issuer::Issuer;

/// What a token is worth now (RFC 7662). A client learns it of access tokens that were issued to it
/// or are meant for an API that it is registered for, and of its own refresh tokens; of all others,
/// and of whatever is wrong, it learns no more than that they are not active (§2.2, §4).
pub(crate) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let form = form(&headers, body).await?;
    let client = authenticate_confidential(&issuer, &caller, &headers, &form).await?;
    let token = Request::read(&form)?.token;
    let keys = &issuer.secrets.refresh.verifying;
    // What a token is shows itself, so the hint has nothing to decide.
    if let Some(token) = RefreshToken::authentic(&token, keys) {
        return Ok(answer::json(
            &refresh_token(&issuer, &client, &token).await?,
        ));
    }
    Ok(access_token(&issuer, &client, &token))
}

fn access_token(issuer: &Issuer, client: &KnownClient, token: &Credential) -> Response {
    let bearer = issuer.access_token(token.expose()).ok();
    let bearer = bearer.filter(|bearer| client.may_judge(bearer));
    issuer.metrics.introspected(bearer.is_some());
    match bearer {
        Some(bearer) => answer::json_text(bearer.introspection.clone()),
        None => answer::json(&Answer::inactive()),
    }
}

async fn refresh_token(
    issuer: &Issuer,
    client: &KnownClient,
    token: &RefreshToken,
) -> Result<Answer, Failure> {
    let id = token.family().clone();
    let family = issuer.ask(|store, reply| store.family(id, reply)).await?;
    let now = issuer.now();
    let family = family.filter(|family| {
        family.grant.client == client.record.id
            && family.generation == token.generation()
            && family.is_live(now)
    });
    issuer.metrics.introspected(family.is_some());
    Ok(family.map_or_else(Answer::inactive, |family| active(issuer, family)))
}

fn active(issuer: &Issuer, family: Family) -> Answer {
    let exp = family.expires_at.min(family.idle_expires_at);
    let iat = family.rotated_at.unwrap_or(family.created_at);
    let grant = family.grant;
    Answer::active(Active {
        scope: grant.scope,
        client_id: grant.client.as_str().to_owned(),
        iss: issuer.url.clone(),
        sub: grant.account.as_str().to_owned(),
        aud: Audience::from(grant.resources.iter().map(Resource::as_str)),
        exp: UnixTime::from_seconds(exp.seconds()),
        iat: UnixTime::from_seconds(iat.seconds()),
        jti: None,
        sid: grant.session.map(|session| session.as_str().to_owned()),
        token_type: None,
        username: None,
        act: None,
        cnf: grant.confirmation,
        claims: std::collections::BTreeMap::default(),
    })
}
