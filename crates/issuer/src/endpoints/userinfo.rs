use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method};
use jeton_jose::Code;
use jeton_oauth::claims::{Custom, told_by};
use jeton_store::AccountId;

use crate::answer::{self, Failure};
use crate::bearer::{Bearer, Unauthorized, presented};
use crate::endpoints::form;
use crate::issuer::Issuer;
use crate::tokens::person::about;

/// Who the person is (OpenID Connect Core §5.3), as far as the scope goes, and single claims that
/// the request asked for.
#[derive(Debug, serde::Serialize)]
struct UserInfo<'a> {
    sub: &'a str,
    #[serde(flatten)]
    claims: Custom,
}

pub(crate) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let bearer = match bearer(&issuer, &method, &headers, body).await? {
        Ok(bearer) => bearer,
        Err(unauthorized) => return Ok(unauthorized.into_response()),
    };
    if let Err(unauthorized) = bearer.require("openid") {
        return Ok(unauthorized.into_response());
    }
    let id = AccountId::new(bearer.sub.as_str());
    let account = issuer.ask(|store, reply| store.account(id, reply)).await?;
    let Some(account) = account.filter(|_| bearer.is_of_person()) else {
        return Ok(Unauthorized::Invalid(Code::SubjectMismatch).into_response());
    };
    let mut names: Vec<&str> = told_by(&bearer.scope).collect();
    names.extend(bearer.userinfo_claims.iter().map(String::as_str));
    let claims = about(&account, names);
    Ok(answer::json(&UserInfo {
        sub: &bearer.sub,
        claims,
    }))
}

/// In the header, or in a form that is posted (RFC 6750 §2.1, §2.2); never in the query, which ends
/// up in logs.
async fn bearer(
    issuer: &Issuer,
    method: &Method,
    headers: &HeaderMap,
    body: Body,
) -> Result<Result<Arc<Bearer>, Unauthorized>, Failure> {
    let in_header = match presented(headers) {
        Ok(token) => token,
        Err(unauthorized) => return Ok(Err(unauthorized)),
    };
    let is_form = method == Method::POST && headers.contains_key(http::header::CONTENT_TYPE);
    let form = if is_form {
        form(headers, body).await?
    } else {
        jeton_oauth::Parameters::default()
    };
    Ok(match (in_header, form.get("access_token")) {
        (Some(_), Some(_)) => Err(Unauthorized::Twice),
        (Some(token), None) | (None, Some(token)) => issuer.bearer_of(token, &issuer.url),
        (None, None) => Err(Unauthorized::Missing),
    })
}
