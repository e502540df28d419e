use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, header};
use jeton_oauth::{ErrorCode, OAuthError, Resource, Scope};
use jeton_store::Actor;
use jeton_store::grant::{ClaimsRequest, Grant};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::answer::Failure;
use crate::caller::Caller;
use crate::first_party::{body, own_client, signed};
use crate::issuer::Issuer;
use crate::metrics::Origin;
use crate::people::authentication::{Denied, Given};
use crate::tokens::grant::start;

/// Who signs in, and for what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    username: String,
    #[serde(deserialize_with = "zeroized")]
    password: Zeroizing<String>,
    client_id: Option<String>,
    scope: Option<String>,
    #[serde(default)]
    resource: Vec<String>,
}

fn zeroized<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
}

/// `POST /login`
pub(super) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    content: Body,
) -> Result<Response, Failure> {
    let request: Request = body(&headers, content).await?;
    let client = own_client(&issuer, request.client_id.as_deref()).await?;
    let asked = request.scope.as_deref().map(Scope::parse).transpose()?;
    let named = request.resource.iter().map(|one| Resource::parse(one));
    let named = named.collect::<Result<Vec<_>, _>>()?;
    let resources = Resource::narrow(&client.record.metadata.resources, named)?;
    let given = Given {
        login: &request.username,
        password: &request.password,
    };
    let admitted = match issuer.admit(&caller, &headers, given).await {
        Ok(admitted) => admitted,
        Err(denied) => return Err(refused(denied)),
    };
    let account = &admitted.account;
    let scope = issuer
        .grantable(&client, &account.id, asked.as_ref(), &resources)
        .await?;
    let begun = issuer.begin_session(account, &caller, &headers).await?;
    let grant = Grant {
        client: client.record.id.clone(),
        account: account.id.clone(),
        session: Some(begun.session.id.clone()),
        offline: scope.contains("offline_access"),
        scope,
        resources,
        nonce: None,
        auth_time: begun.session.auth_time,
        acr: begun.session.acr.clone(),
        amr: begun.session.amr.clone(),
        claims: ClaimsRequest::default(),
        confirmation: None,
    };
    let act = caller.act(&issuer, Actor::Account(account.id.clone()));
    let tokens = start(&issuer, &client, grant, act).await?;
    issuer.count_token(Origin::SignIn);
    let mut response = signed(&issuer, &client, tokens)?;
    let device = admitted.device;
    response.headers_mut().append(header::SET_COOKIE, device);
    Ok(response)
}

fn refused(denied: Denied) -> Failure {
    let refuse = |why: &'static str| OAuthError::new(ErrorCode::InvalidGrant, why).into();
    match denied {
        Denied::Wrong => refuse("name and password do not belong together"),
        Denied::Pending => refuse("nobody approved the account yet"),
        Denied::Disabled => refuse("the account may not sign in"),
        Denied::Wait(wait) => Failure::TooMany { wait },
        Denied::Busy(wait) => Failure::Busy {
            retry_after: wait.as_secs(),
        },
        Denied::Failed(failure) => failure,
    }
}
