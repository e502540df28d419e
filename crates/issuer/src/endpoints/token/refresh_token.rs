use jeton_oauth::Credential;
use jeton_oauth::token::{Request, Response};
use jeton_store::Actor;

use crate::answer::Failure;
use crate::caller::Caller;
use crate::clients::KnownClient;
use crate::issuer::Issuer;
use crate::tokens::grant::{Presented, refresh};
use crate::tokens::worth::Asked;

/// The next tokens for a refresh token (RFC 6749 §6).
pub(super) async fn answer(
    issuer: &Issuer,
    caller: &Caller,
    client: &KnownClient,
    token: &Credential,
    request: &Request,
) -> Result<Response, Failure> {
    let asked = Asked {
        scope: request.scope.as_ref(),
        resources: &request.resources,
    };
    let act = issuer.act(Actor::Client(client.record.id.clone()));
    let presented = Presented::read(issuer, caller, token).await?;
    refresh(issuer, client, (presented, asked), act).await
}
