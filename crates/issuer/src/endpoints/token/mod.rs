//! The token endpoint (RFC 6749 §3.2): who asks, what for, and one file per grant.

mod authorization_code;
mod client_credentials;
mod refresh_token;
mod token_exchange;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use jeton_oauth::token;
use jeton_oauth::token::{Grant, PresentedAs, Request};

use crate::answer::{self, Failure};
use crate::caller::Caller;
use crate::client_auth::authenticate;
use crate::endpoints::form;
use crate::issuer::Issuer;
use crate::limits::Use;
use crate::tokens::access::Issued;

pub(crate) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    caller.spend(&issuer, &[Use::TokenByAddress(caller.network())])?;
    let form = form(&headers, body).await?;
    let client = authenticate(&issuer, &caller, &headers, &form).await?;
    caller.spend(&issuer, &[Use::TokenByClient(client.record.id.as_str())])?;
    let request = Request::read(&form)?;
    client
        .record
        .metadata
        .check_grant(request.grant.grant_type())?;
    let answer = match &request.grant {
        Grant::ClientCredentials => client_credentials::answer(&issuer, &client, &request)?,
        Grant::AuthorizationCode {
            code,
            redirect_uri,
            verifier,
        } => {
            let presented = authorization_code::Presented {
                code,
                redirect_uri: redirect_uri.as_deref(),
                verifier: verifier.as_ref(),
            };
            authorization_code::answer(&issuer, &caller, &client, presented, &request).await?
        }
        Grant::RefreshToken(token) => {
            // It counts where it turns out to be none that is answered again.
            let answer = refresh_token::answer(&issuer, &caller, &client, token, &request);
            return Ok(answer::json(&answer.await?));
        }
        Grant::TokenExchange(exchange) => {
            token_exchange::answer(&issuer, &client, exchange, &request).await?
        }
    };
    issuer.count_token(request.grant.grant_type().into());
    Ok(answer::json(&answer))
}

/// An answer with an access token alone.
fn with_access_token(issued: Issued) -> token::Response {
    token::Response {
        access_token: issued.text,
        token_type: PresentedAs::Bearer,
        expires_in: issued.lifetime.as_secs(),
        refresh_token: None,
        id_token: None,
        scope: None,
        issued_token_type: None,
    }
}
