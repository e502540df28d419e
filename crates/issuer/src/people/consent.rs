use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jeton_oauth::ErrorCode;
use jeton_store::access::Api;
use jeton_store::account::Account;
use jeton_store::grant;
use jeton_store::session::Session;

use crate::caller::Caller;
use crate::endpoints::authorize::{Asked, Offer, Stopped};
use crate::issuer::Issuer;
use crate::pages::{
    ApiAsked, Application, Asked as Words, Consent, Foreign, Form, Hidden, Permission, respond,
};
use crate::people::Refusal;
use crate::people::destination::Destination;
use crate::people::page::{Fields, answer, name_of, owner, person, see_other, send_back};
use crate::people::sign_in::{address, parameters};
use crate::scopes::place;
use crate::visit::Visit;

const PAGE: &str = "consent";

pub(super) async fn get(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = async {
        let query = parameters(query.as_deref())?;
        let return_to = query.get("return").unwrap_or_default();
        let destination = match Destination::read(&issuer, return_to).await {
            Ok(destination) => destination,
            Err(astray) => return astray.shown(),
        };
        let Some((session, account)) = issuer.signed_in(&headers, &caller).await? else {
            return Ok(see_other(&address(&issuer, return_to, false)));
        };
        let Some(asked) = destination.asked() else {
            return Ok(see_other(&issuer.path("/account")));
        };
        let offer = match asked.offer(&issuer, &session).await {
            Ok(offer) => offer,
            Err(stopped) => return ended(&issuer, stopped),
        };
        let question = Question {
            issuer: &issuer,
            visit: &visit,
            destination: &destination,
            return_to,
        };
        question.page(asked, &account, &offer).await
    };
    let shown = shown.await;
    answer(&issuer, &visit, shown)
}

pub(super) async fn post(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let fields = match Fields::read(&issuer, &headers, body).await {
        Ok(fields) => fields,
        Err(refusal) => return refusal.respond(&issuer),
    };
    let shown = decided(&issuer, &caller, &headers, &fields).await;
    answer(&issuer, &fields.visit, shown)
}

async fn decided(
    issuer: &Issuer,
    caller: &Caller,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Response, Refusal> {
    let return_to = fields.get("return");
    fields.check(issuer, PAGE, return_to)?;
    let destination = match Destination::read(issuer, return_to).await {
        Ok(destination) => destination,
        Err(astray) => return astray.shown(),
    };
    let Some(asked) = destination.asked() else {
        return Err(Refusal::FormMalformed);
    };
    let Some((session, account)) = issuer.signed_in(headers, caller).await? else {
        return Ok(see_other(&address(issuer, return_to, false)));
    };
    match fields.get("answer") {
        "allow" => {
            // What is kept is what was shown: the same request of the same account.
            let offer = match asked.offer(issuer, &session).await {
                Ok(offer) => offer,
                Err(stopped) => return ended(issuer, stopped),
            };
            let act = caller.act(issuer, owner(&account));
            let consent = allowed(issuer, asked, &session, offer);
            issuer
                .ask(|store, reply| store.widen_consent(consent, act, reply))
                .await?;
            Ok(see_other(return_to))
        }
        "deny" => ended(
            issuer,
            asked.refuse(issuer, &ErrorCode::AccessDenied.into()),
        ),
        "other" => Ok(see_other(&address(issuer, return_to, true))),
        _ => Err(Refusal::FormMalformed),
    }
}

fn allowed(issuer: &Issuer, asked: &Asked, session: &Session, offer: Offer) -> grant::Consent {
    grant::Consent {
        account: session.account.clone(),
        client: asked.client.record.id.clone(),
        scope: offer.scope,
        resources: offer.resources,
        at: issuer.now(),
    }
}

fn ended(issuer: &Issuer, stopped: Stopped) -> Result<Response, Refusal> {
    match stopped {
        Stopped::Back(redirect) => Ok(send_back(issuer, &redirect)),
        Stopped::Refusal(refusal) => Err(refusal),
    }
}

struct Question<'a> {
    issuer: &'a Issuer,
    visit: &'a Visit,
    destination: &'a Destination,
    return_to: &'a str,
}

impl Question<'_> {
    async fn page(
        &self,
        asked: &Asked,
        account: &Account,
        offer: &Offer,
    ) -> Result<Response, Refusal> {
        let issuer = self.issuer;
        let name = name_of(account);
        let person = person(account, name.as_ref());
        let (owner, client) = (account.id.clone(), asked.client.record.id.clone());
        let before = issuer
            .ask(|store, reply| store.consent(owner, client, reply))
            .await?;
        let apis = issuer.ask(|store, reply| store.apis(reply)).await?;
        let apis: Vec<&Api> = apis
            .iter()
            .filter(|api| offer.resources.contains(&api.resource))
            .collect();
        let permission = |word, meaning| Permission {
            asked: Words::of(word, meaning, &person),
            is_known: before
                .as_ref()
                .is_some_and(|before| before.scope.contains(word)),
        };
        let of_api = |word: &str| apis.iter().any(|api| api.scopes.contains_key(word));
        let mut here: Vec<&str> = offer.scope.iter().filter(|word| !of_api(word)).collect();
        here.sort_by_key(|word| place(word));
        let here: Vec<Permission<'_>> = here
            .into_iter()
            .map(|word| permission(word, None))
            .collect();
        let elsewhere: Vec<(&str, Vec<Permission<'_>>)> = apis
            .iter()
            .map(|api| {
                let scopes = api.scopes.iter();
                let held = scopes.filter(|(word, _)| offer.scope.contains(word));
                let held = held.map(|(word, meaning)| permission(word, Some(meaning.as_str())));
                (api.name.as_str(), held.collect())
            })
            .collect();
        let elsewhere: Vec<ApiAsked<'_>> = elsewhere
            .iter()
            .map(|(name, permissions)| ApiAsked {
                name: (*name).into(),
                permissions,
            })
            .collect();
        let (base, action) = (issuer.path(""), issuer.path("/consent"));
        let hidden = [Hidden {
            name: "return",
            value: self.return_to,
        }];
        let view = Consent {
            page: self.destination.page(issuer, &base),
            form: Form {
                action: &action,
                token: &self.visit.form_token(issuer, PAGE, self.return_to)?,
                hidden: &hidden,
            },
            person,
            client: Application::of(&asked.client.record),
            returns_to: Foreign::from(host(asked.request.address.redirect_uri())),
            permissions: &here,
            apis: &elsewhere,
        };
        Ok(respond(StatusCode::OK, &view))
    }
}

/// The host of a redirect URI, or its scheme where that is a native application's own.
fn host(uri: &str) -> &str {
    let (scheme, rest) = uri.split_once(':').unwrap_or((uri, ""));
    match rest.strip_prefix("//") {
        Some(rest) if matches!(scheme, "https" | "http") => {
            rest.split(['/', '?']).next().unwrap_or(rest)
        }
        _ => scheme,
    }
}
