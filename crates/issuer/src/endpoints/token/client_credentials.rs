use jeton_oauth::token::{Request, Response};
use jeton_oauth::{ErrorCode, OAuthError, Resource};

use crate::answer::Failure;
use crate::clients::KnownClient;
use crate::endpoints::token::with_access_token;
use crate::issuer::Issuer;
use crate::scopes::{Reach, asked_by};
use crate::tokens::access::Told;
use crate::tokens::{AccessToken, Speaker};

/// A token for the client itself (RFC 6749 §4.4): what it is registered for, or less.
pub(super) fn answer(
    issuer: &Issuer,
    client: &KnownClient,
    request: &Request,
) -> Result<Response, Failure> {
    let metadata = &client.record.metadata;
    let asked = asked_by(client, request.scope.as_ref())?;
    if asked.contains("openid") {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "`openid` needs a person who signs in",
        )
        .into());
    }
    let resources = Resource::narrow(&metadata.resources, request.resources.clone())?;
    let scope = Reach::new(issuer, &issuer.apis.load(), &resources).of_client(&asked);
    if scope.is_empty() && !asked.is_empty() {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "nothing of the scope belongs to the resources that are asked for",
        )
        .into());
    }
    let issued = issuer.issue_access_token(AccessToken {
        speaker: Speaker::Client,
        client_id: client.record.id.as_str(),
        scope: scope.clone(),
        resources: &resources,
        act: None,
        cnf: None,
        told: Told::default(),
        until: None,
    })?;
    Ok(Response {
        scope: Some(scope),
        ..with_access_token(issued)
    })
}
