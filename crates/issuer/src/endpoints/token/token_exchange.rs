use std::sync::Arc;

use jeton_oauth::claims::Actor;
use jeton_oauth::token::{Exchange, Request, Response, TokenType, TypedToken};
use jeton_oauth::{ErrorCode, OAuthError, Resource, Scope};
use jeton_store::AccountId;

use crate::answer::Failure;
use crate::bearer::Bearer;
use crate::clients::KnownClient;
use crate::endpoints::token::with_access_token;
use crate::issuer::Issuer;
use crate::scopes::{Reach, is_openid, nothing_left};
use crate::tokens::access::Told;
use crate::tokens::worth::{self, Worth};
use crate::tokens::{AccessToken, Speaker};

/// A token with which a service calls the next one in the name of whoever called it (RFC 8693).
///
/// It never allows more than the one it was exchanged for, lives no longer, and always says who
/// acts: nobody impersonates. The one that was exchanged has to be the client's affair. OpenID's
/// words are left out, since the new token is for an API.
pub(super) async fn answer(
    issuer: &Issuer,
    client: &KnownClient,
    exchange: &Exchange,
    request: &Request,
) -> Result<Response, Failure> {
    if !is_access_token(exchange.requested) {
        return Err(invalid("`requested_token_type` has to be an access token").into());
    }
    let subject = subject(issuer, client, &exchange.subject)?;
    let actor_token = match &exchange.actor {
        Some(token) => Some(actor_token(issuer, client, token)?),
        None => None,
    };
    let act = act(client, &subject, actor_token.as_deref())?;
    let resources = resources(client, exchange, request)?;
    let scope = narrowed(client, &subject, request.scope.as_ref())?;
    let worth = judge(issuer, &subject, (scope.clone(), resources)).await?;
    if worth.scope.is_empty() && !scope.is_empty() {
        return Err(nothing_left().into());
    }
    let end = actor_token.map_or(subject.exp, |actor| actor.exp.min(subject.exp));
    let issued = issuer.issue_access_token(AccessToken {
        speaker: Speaker::Subject(&subject),
        client_id: client.record.id.as_str(),
        scope: worth.scope.clone(),
        resources: &worth.resources,
        act: Some(act),
        cnf: None,
        told: worth.told,
        until: Some(end),
    })?;
    Ok(Response {
        scope: Some(worth.scope),
        issued_token_type: Some(TokenType::AccessToken),
        ..with_access_token(issued)
    })
}

/// RFC 8693 §2.2.2 has `invalid_request` for whatever is wrong with a token.
fn invalid(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, why)
}

fn is_access_token(kind: TokenType) -> bool {
    matches!(kind, TokenType::AccessToken | TokenType::Jwt)
}

fn subject(
    issuer: &Issuer,
    client: &KnownClient,
    presented: &TypedToken,
) -> Result<Arc<Bearer>, OAuthError> {
    if !is_access_token(presented.token_type) {
        return Err(invalid("`subject_token_type` has to be an access token"));
    }
    let subject = issuer.access_token(presented.token.expose());
    let subject = subject
        .map_err(|_| invalid("`subject_token` is no access token of this server that counts"))?;
    if client.may_judge(&subject) {
        return Ok(subject);
    }
    Err(invalid(
        "`subject_token` is neither the client's nor meant for an API that it is registered for",
    ))
}

/// Who acts has to have got the token by this very client.
fn actor_token(
    issuer: &Issuer,
    client: &KnownClient,
    presented: &TypedToken,
) -> Result<Arc<Bearer>, OAuthError> {
    if !is_access_token(presented.token_type) {
        return Err(invalid("`actor_token_type` has to be an access token"));
    }
    let actor = issuer.access_token(presented.token.expose()).ok();
    actor
        .filter(|actor| actor.client_id == client.record.id.as_str())
        .ok_or_else(|| invalid("`actor_token` is no access token of this client that counts"))
}

/// The chain of actors (RFC 8693 §4.1), if the subject lets this one act (§4.4).
fn act(
    client: &KnownClient,
    subject: &Bearer,
    actor: Option<&Bearer>,
) -> Result<Actor, OAuthError> {
    let client_id = client.record.id.as_str();
    let sub = actor.map_or(client_id, |actor| actor.sub.as_str());
    let act = Actor {
        sub: sub.to_owned(),
        client_id: (sub != client_id).then(|| client_id.to_owned()),
        act: None,
    };
    if let Some(may_act) = &subject.may_act {
        let other_client = may_act.client_id.as_deref();
        if may_act.sub != act.sub || other_client.is_some_and(|other| other != client_id) {
            return Err(invalid(
                "the subject lets somebody else act, not this actor",
            ));
        }
    }
    act.after(subject.act.clone())
        .ok_or_else(|| invalid("too many have acted before"))
}

/// `audience` is understood as `resource` is: an API that the client is registered for.
fn resources(
    client: &KnownClient,
    exchange: &Exchange,
    request: &Request,
) -> Result<Vec<Resource>, OAuthError> {
    let mut asked = request.resources.clone();
    for audience in &exchange.audiences {
        asked.push(Resource::parse(audience)?);
    }
    asked.sort();
    asked.dedup();
    Resource::narrow(&client.record.metadata.resources, asked)
}

fn narrowed(
    client: &KnownClient,
    subject: &Bearer,
    asked: Option<&Scope>,
) -> Result<Scope, OAuthError> {
    let held = subject.scope.intersection(&client.record.metadata.scope);
    held.filter(|word| !is_openid(word)).narrow(asked)
}

async fn judge(
    issuer: &Issuer,
    subject: &Bearer,
    (scope, resources): (Scope, Vec<Resource>),
) -> Result<Worth, Failure> {
    if subject.is_of_person() {
        let account = AccountId::new(subject.sub.as_str());
        return worth::of_person(issuer, &account, (scope, resources), false).await;
    }
    let apis = issuer.apis.load();
    Ok(Worth {
        scope: Reach::new(issuer, &apis, &resources).of_client(&scope),
        resources,
        told: Told::default(),
        account: None,
    })
}
