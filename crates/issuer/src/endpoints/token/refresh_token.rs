use jeton_oauth::Credential;
use jeton_oauth::token::{Request, Response};
use jeton_store::Actor;

use crate::answer::Failure;
use crate::clients::KnownClient;
use crate::issuer::Issuer;
use crate::tokens::grant::refresh;
use crate::tokens::worth::Asked;

/// The next tokens for a refresh token (RFC 6749 §6).
pub(super) async fn answer(
    issuer: &Issuer,
    client: &KnownClient,
    token: &Credential,
    request: &Request,
) -> Result<Response, Failure> {
    let asked = Asked {
        scope: request.scope.as_ref(),
        resources: &request.resources,
    };
    let act = issuer.act(Actor::Client(client.record.id.clone()));
    refresh(issuer, client, (token, asked), act).await
}
