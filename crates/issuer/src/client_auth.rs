//! Which client speaks: what it presented held against what it is registered with.

use std::sync::Arc;

use http::{HeaderMap, header};
use jeton_jose::backend::AwsLc;
use jeton_jose::{Limits, jwt};
use jeton_keys::KeySetError;
use jeton_oauth::client::AuthMethod;
use jeton_oauth::client_auth::{
    AssertionId, AssertionRules, Presented, Proof, check_secret, verify_assertion,
};
use jeton_oauth::{Credential, ErrorCode, OAuthError, Parameters};

use crate::answer::Failure;
use crate::caller::Caller;
use crate::clients::KnownClient;
use crate::issuer::{Issuer, LEEWAY};

/// Finds the client of a request and has it prove itself by the method it is registered for. A
/// public client is found and proves nothing. An address from which too much was wrong is not even
/// listened to.
pub(crate) async fn authenticate(
    issuer: &Issuer,
    caller: &Caller,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Arc<KnownClient>, Failure> {
    let authorization = match headers.get(header::AUTHORIZATION) {
        Some(value) => Some(value.to_str().map_err(|_| refused())?),
        None => None,
    };
    let presented = Presented::read(authorization, form)?;
    caller.may_present(issuer)?;
    let judged = judge(issuer, &presented).await;
    if let Err(Failure::OAuth(error)) = &judged
        && error.code() == ErrorCode::InvalidClient
    {
        caller.presented_wrong(issuer);
    }
    judged
}

async fn judge(issuer: &Issuer, presented: &Presented) -> Result<Arc<KnownClient>, Failure> {
    let client = issuer.client(&presented.client_id).await?;
    let client = client.ok_or_else(refused)?;
    if presented.proof.method() != client.record.metadata.token_endpoint_auth_method {
        return Err(refused().into());
    }
    match &presented.proof {
        Proof::None => {}
        Proof::Basic(secret) | Proof::Post(secret) => check(issuer, &client, secret)?,
        Proof::Assertion(assertion) => verify(issuer, &client, assertion).await?,
    }
    Ok(client)
}

/// The same for endpoints that no public client may use.
pub(crate) async fn authenticate_confidential(
    issuer: &Issuer,
    caller: &Caller,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Arc<KnownClient>, Failure> {
    let client = authenticate(issuer, caller, headers, form).await?;
    if client.record.metadata.token_endpoint_auth_method == AuthMethod::None {
        return Err(refused().into());
    }
    Ok(client)
}

/// One refusal for whatever is wrong, so that nobody learns which clients there are.
fn refused() -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidClient,
        "the client is unknown, or did not authenticate the way it is registered for",
    )
}

fn check(issuer: &Issuer, client: &KnownClient, secret: &Credential) -> Result<(), OAuthError> {
    let now = issuer.now();
    let current = client.record.secrets.iter();
    let mut current = current.filter(|kept| kept.expires_at.is_none_or(|end| now < end));
    if current.any(|kept| check_secret(secret, kept.hash.as_bytes(), &AwsLc)) {
        return Ok(());
    }
    Err(refused())
}

async fn verify(
    issuer: &Issuer,
    client: &KnownClient,
    assertion: &Credential,
) -> Result<(), Failure> {
    let token_endpoint = format!("{}/token", issuer.url.trim_end_matches('/'));
    let rules = AssertionRules {
        client_id: client.record.id.as_str(),
        audiences: &[&issuer.url, &token_endpoint],
        leeway: LEEWAY,
    };
    let now = issuer.now();
    let assertion = match &client.record.metadata.jwks_uri {
        Some(url) => verify_remotely(issuer, url, (assertion, &rules)).await?,
        None => verify_assertion(assertion, &rules, client.keys(), now)?,
    };
    let name = format!("assertion {} {}", client.record.id, assertion.jwt_id);
    let is_new = issuer
        .ask(|store, reply| store.admit_once(name, assertion.expires_at, now, reply))
        .await?;
    if is_new {
        return Ok(());
    }
    Err(OAuthError::new(ErrorCode::InvalidClient, "the assertion was used before").into())
}

/// Verifies under the keys at a client's `jwks_uri`. If none of them fits, they are fetched anew, as
/// often as [`jeton_keys`] allows: the client may have replaced one.
async fn verify_remotely(
    issuer: &Issuer,
    url: &str,
    (assertion, rules): (&Credential, &AssertionRules<'_>),
) -> Result<AssertionId, OAuthError> {
    let now = issuer.now();
    let unreachable = |error: KeySetError| {
        tracing::warn!(client = rules.client_id, %error, "the keys of a client cannot be fetched");
        OAuthError::new(
            ErrorCode::InvalidClient,
            "the keys of the client cannot be fetched",
        )
    };
    let set = issuer.client_keys.at(url).map_err(unreachable)?;
    let token = jwt::Unverified::parse(assertion.expose(), &Limits::default());
    let token = token.map_err(|_| refused())?;
    let key_id = token.unverified_header().key_id();
    let keys = set.keys_for(key_id, now).await.map_err(unreachable)?;
    match verify_assertion(assertion, rules, &keys, now) {
        Ok(verified) => Ok(verified),
        Err(error) => match set.newer_than(&keys, now).await {
            Some(keys) => verify_assertion(assertion, rules, &keys, now),
            None => Err(error),
        },
    }
}
