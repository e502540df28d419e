use jeton_jose::backend::AwsLc;
use jeton_oauth::pkce::{self, Verifier};
use jeton_oauth::token::{Request, Response};
use jeton_oauth::{Credential, ErrorCode, OAuthError, redirect_uri};
use jeton_store::grant::{AuthorizationCode, Redeem, Redemption};
use jeton_store::{Actor, Sha256};

use crate::answer::Failure;
use crate::caller::Caller;
use crate::clients::KnownClient;
use crate::issuer::Issuer;
use crate::tokens::grant::{ended, prepare};
use crate::tokens::worth::Asked;

/// What came with a code.
pub(super) struct Presented<'a> {
    pub(super) code: &'a Credential,
    pub(super) redirect_uri: Option<&'a str>,
    pub(super) verifier: Option<&'a Verifier>,
}

/// Tokens for a code (RFC 6749 §4.1.3, RFC 7636 §4.6). Nothing happens to a code that comes from
/// another client, with another redirect URI or without its verifier: whoever sends it so may have
/// stolen it, and must not be able to use it up either.
pub(super) async fn answer(
    issuer: &Issuer,
    caller: &Caller,
    client: &KnownClient,
    presented: Presented<'_>,
    request: &Request,
) -> Result<Response, Failure> {
    let hash = Sha256::of(presented.code.expose().as_bytes());
    let code = issuer.ask(|store, reply| store.code(hash, reply)).await?;
    if code.is_none() {
        caller.presented_wrong(issuer);
    }
    let code = code.filter(|code| code.grant.client == client.record.id);
    let code = code.ok_or(ErrorCode::InvalidGrant)?;
    check(&code, &presented, client)?;
    let asked = Asked {
        scope: request.scope.as_ref(),
        resources: &request.resources,
    };
    let prepared = prepare(issuer, client, code.grant, asked).await?;
    let redeem = Redeem {
        code: hash,
        client: client.record.id.clone(),
        access_token: prepared.access_token,
        family: prepared.family,
    };
    let act = issuer.act(Actor::Client(client.record.id.clone()));
    let redemption = issuer
        .ask(|store, reply| store.redeem_code(redeem, act, reply))
        .await
        .map_err(ended)?;
    match redemption {
        Redemption::First => Ok(prepared.response),
        Redemption::Replayed => {
            // What was issued for it the first time counts no more, here and now.
            issuer.read_revocations().await?;
            tracing::warn!(client = %client.record.id, "an authorization code was used again");
            Err(ErrorCode::InvalidGrant.into())
        }
        Redemption::Expired | Redemption::Unknown => Err(ErrorCode::InvalidGrant.into()),
    }
}

fn check(
    code: &AuthorizationCode,
    presented: &Presented<'_>,
    client: &KnownClient,
) -> Result<(), OAuthError> {
    let is_same = match (&code.redirect_uri, presented.redirect_uri) {
        (Some(then), Some(now)) => then == now,
        (Some(_), None) => false,
        (None, None) => true,
        // It was left out, because only one is registered.
        (None, Some(now)) => {
            let mut registered = client.record.metadata.redirect_uris.iter();
            registered.any(|uri| redirect_uri::matches(uri, now))
        }
    };
    if !is_same {
        return Err(OAuthError::new(
            ErrorCode::InvalidGrant,
            "`redirect_uri` is not the one of the authorization request",
        ));
    }
    pkce::check(code.challenge.as_ref(), presented.verifier, &AwsLc)
}
