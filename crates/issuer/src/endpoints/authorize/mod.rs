//! The authorization endpoint (RFC 6749 §4.1, OpenID Connect Core §3.1.2).
//!
//! A request that needs a person goes to a page and comes back here, with what it has gone through
//! proved in its own query ([`Interaction`]). Each time it is read and judged anew, so that a page
//! never decides what is granted.

mod decision;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use jeton_oauth::authorize::{Redirect, Request, ReturnAddress, client_id};
use jeton_oauth::{ErrorCode, OAuthError, Parameters, Resource, Scope};
use jeton_store::grant::{AuthorizationCode, Grant};
use jeton_store::session::Session;
use jeton_store::{SessionId, Sha256, StoreError};

use crate::answer::Failure;
use crate::caller::Caller;
use crate::clients::KnownClient;
use crate::endpoints::form_text;
use crate::interaction::Interaction;
use crate::issuer::Issuer;
use crate::people::{Refusal, see_other, send_back};
use decision::{Consented, Situation, Step};

/// A request of a client that is known, with what it has gone through.
#[derive(Debug)]
pub(crate) struct Asked {
    /// As it came, without the interaction.
    query: String,
    interaction: Option<Interaction>,
    pub(crate) client: Arc<KnownClient>,
    pub(crate) request: Request,
}

/// What a person would allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) scope: Scope,
    pub(crate) resources: Vec<Resource>,
}

pub(crate) async fn get(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    answer(&issuer, &query.unwrap_or_default(), &headers, &caller).await
}

/// The same as a form (OpenID Connect Core §3.1.2.1). It comes from another site, so that the
/// session's cookie stays away; with the address that it is sent on to the cookie comes along.
pub(crate) async fn post(
    State(issuer): State<Arc<Issuer>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let form = match form_text(&headers, body).await {
        Ok(form) => form,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let mut query = form_urlencoded::Serializer::new(issuer.path("/authorize?"));
    query.extend_pairs(form_urlencoded::parse(form.as_bytes()));
    see_other(&query.finish())
}

async fn answer(issuer: &Issuer, query: &str, headers: &HeaderMap, caller: &Caller) -> Response {
    let next = async {
        let asked = Asked::read(issuer, query).await?;
        proceed(issuer, &asked, headers, caller).await
    };
    let answered: Result<Response, Refusal> = next.await;
    answered.unwrap_or_else(|refusal| refusal.respond(issuer))
}

async fn proceed(
    issuer: &Issuer,
    asked: &Asked,
    headers: &HeaderMap,
    caller: &Caller,
) -> Result<Response, Refusal> {
    let session = issuer.session(headers, caller).await?;
    let (step, offer) = asked.next(issuer, session.as_ref()).await?;
    let page = match (step, session, offer) {
        (Step::Issue, Some(session), Some(offer)) => {
            let code = asked.code(issuer, &session, offer).await?;
            return Ok(send_back(issuer, &code));
        }
        (Step::Refuse(code), ..) => return Err(asked.refuse(issuer, &code.into())),
        (Step::Consent, ..) => "/consent",
        (Step::SelectAccount, ..) => "/select-account",
        (Step::SignIn | Step::Issue, ..) => "/sign-in",
    };
    let return_to = asked.return_to(issuer, None)?;
    let context = form_urlencoded::byte_serialize(return_to.as_bytes()).collect::<String>();
    Ok(see_other(&format!(
        "{}?return={context}",
        issuer.path(page)
    )))
}

impl Asked {
    /// Reads a request. Its errors are shown to the person until it is certain who the client is.
    pub(crate) async fn read(issuer: &Issuer, query: &str) -> Result<Self, Refusal> {
        // What is not in it as it stands in an address cannot come back in one (RFC 3986 §2).
        if !query.bytes().all(|byte| byte.is_ascii_graphic()) {
            let why = "the request has characters that are not percent-encoded";
            return Err(OAuthError::new(ErrorCode::InvalidRequest, why).into());
        }
        let (query, interaction) = Interaction::off(issuer, query)?;
        let parameters = Parameters::parse(query.as_bytes())?;
        let client = issuer.client(client_id(&parameters)?).await?;
        let client = client.ok_or_else(|| {
            OAuthError::new(ErrorCode::InvalidClient, "no client has this `client_id`")
        })?;
        let metadata = &client.record.metadata;
        let address = ReturnAddress::read(&parameters, metadata)?;
        let request = match Request::read(&parameters, metadata, &address) {
            Ok(request) => request,
            Err(error) => {
                return Err(Refusal::Back(Box::new(
                    address.with_error(&error, &issuer.url),
                )));
            }
        };
        Ok(Self {
            query: query.to_owned(),
            interaction,
            client,
            request,
        })
    }

    /// Where a page sends the browser when it is done.
    pub(crate) fn return_to(
        &self,
        issuer: &Issuer,
        chosen: Option<SessionId>,
    ) -> Result<String, Failure> {
        let before = self.interaction.clone();
        let interaction = Interaction {
            begun: before.as_ref().map_or(issuer.now(), |before| before.begun),
            chosen: chosen.or(before.and_then(|before| before.chosen)),
        };
        let query = interaction.onto(issuer, &self.query)?;
        Ok(issuer.path(&format!("/authorize?{query}")))
    }

    /// The way back with a refusal.
    pub(crate) fn refuse(&self, issuer: &Issuer, error: &OAuthError) -> Refusal {
        let redirect = self.request.address.with_error(error, &issuer.url);
        Refusal::Back(Box::new(redirect))
    }

    /// What this account would allow: no more than it and the client may.
    pub(crate) async fn offer(&self, issuer: &Issuer, session: &Session) -> Result<Offer, Refusal> {
        let registered = &self.client.record.metadata.resources;
        let resources = Resource::narrow(registered, self.request.resources.clone())
            .map_err(|error| self.refuse(issuer, &error))?;
        let asked = Some(&self.request.scope).filter(|scope| !scope.is_empty());
        let scope = issuer
            .grantable(&self.client, &session.account, asked, &resources)
            .await;
        match scope {
            Ok(scope) => Ok(Offer { scope, resources }),
            Err(Failure::OAuth(error)) => Err(self.refuse(issuer, &error)),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn next(
        &self,
        issuer: &Issuer,
        session: Option<&Session>,
    ) -> Result<(Step, Option<Offer>), Refusal> {
        let expected = self.expected(issuer)?;
        let situation = Situation {
            request: &self.request,
            session,
            interaction: self.interaction.as_ref(),
            expected: expected.as_deref(),
            now: issuer.now(),
        };
        let (None, Some(session)) = (situation.before_consent(), session) else {
            return Ok((situation.before_consent().unwrap_or(Step::SignIn), None));
        };
        if !self.request.claims.admits_acr(session.acr.as_deref()) {
            let code = ErrorCode::UnmetAuthenticationRequirements;
            return Ok((Step::Refuse(code), None));
        }
        let offer = self.offer(issuer, session).await?;
        let consented = self.consented(issuer, session, &offer).await?;
        Ok((situation.after(consented), Some(offer)))
    }

    /// Whom the request expects: by an id token of theirs, or by name (OpenID Connect Core
    /// §3.1.2.1, §5.5.1).
    fn expected(&self, issuer: &Issuer) -> Result<Option<String>, Refusal> {
        if let Some(subject) = self.request.claims.subject() {
            return Ok(Some(subject));
        }
        let Some(hint) = &self.request.id_token_hint else {
            return Ok(None);
        };
        match issuer.hinted(hint) {
            Some(hinted) => Ok(Some(hinted.account)),
            None => Err(self.refuse(
                issuer,
                &OAuthError::new(
                    ErrorCode::InvalidRequest,
                    "`id_token_hint` is no id token of this issuer",
                ),
            )),
        }
    }

    async fn consented(
        &self,
        issuer: &Issuer,
        session: &Session,
        offer: &Offer,
    ) -> Result<Consented, StoreError> {
        let client = &self.client.record;
        if client.metadata.rules.first_party {
            return Ok(Consented::NotNeeded);
        }
        let (account, id) = (session.account.clone(), client.id.clone());
        let consent = issuer
            .ask(|store, reply| store.consent(account, id, reply))
            .await?;
        let covering = consent.filter(|consent| {
            let mut resources = offer.resources.iter();
            offer.scope.is_subset(&consent.scope)
                && resources.all(|resource| consent.resources.contains(resource))
        });
        Ok(covering.map_or(Consented::No, |consent| Consented::At(consent.at)))
    }

    /// The way back with a code.
    async fn code(
        &self,
        issuer: &Issuer,
        session: &Session,
        offer: Offer,
    ) -> Result<Redirect, Refusal> {
        let request = &self.request;
        let text = issuer.random.secret()?;
        let grant = Grant {
            client: self.client.record.id.clone(),
            account: session.account.clone(),
            session: Some(session.id.clone()),
            offline: offer.scope.contains("offline_access"),
            scope: offer.scope,
            resources: offer.resources,
            nonce: request.nonce.clone(),
            auth_time: session.auth_time,
            acr: session.acr.clone(),
            amr: session.amr.clone(),
            claims: request.claims.clone(),
            confirmation: None,
        };
        let named = request.names_redirect_uri;
        let lifetime = issuer.config.lifetimes.code.value();
        let code = AuthorizationCode {
            hash: Sha256::of(text.expose().as_bytes()),
            grant,
            redirect_uri: named.then(|| request.address.redirect_uri().to_owned()),
            challenge: request.challenge.clone(),
            expires_at: issuer.now().saturating_add(lifetime),
        };
        issuer
            .ask(|store, reply| store.save_code(code, reply))
            .await?;
        Ok(request.address.with_code(&text, &issuer.url))
    }
}
