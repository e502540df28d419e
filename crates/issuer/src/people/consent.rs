use http::StatusCode;
use jeton_oauth::ErrorCode;
use jeton_store::access::Api;
use jeton_store::account::Account;
use jeton_store::grant;
use jeton_store::session::Session;

use crate::endpoints::authorize::{Asked, Offer};
use crate::issuer::Issuer;
use crate::pages::{
    ApiAsked, Application, Asked as Words, Consent, Foreign, Form, Hidden, Permission, respond,
};
use crate::people::Refusal;
use crate::people::destination::Destination;
use crate::people::page::{Answer, Asking, concerning, name_of, owner, person, see_other};
use crate::people::sign_in::address;
use crate::scopes::place;

const PAGE: &str = "consent";

pub(super) async fn get(asking: Asking) -> Answer {
    let (issuer, return_to) = (&asking.issuer, asking.get("return"));
    let destination = Destination::read(issuer, return_to).await?;
    let Some((session, account)) = asking.signed_in().await? else {
        return Ok(see_other(&address(issuer, return_to, false)));
    };
    let Some(asked) = destination.asked() else {
        return Ok(see_other(&issuer.path("/account")));
    };
    let question = Question {
        asking: &asking,
        destination: &destination,
        asked,
        session: &session,
        account: &account,
    };
    question.page().await
}

pub(super) async fn post(asking: Asking) -> Answer {
    let (issuer, return_to) = (&asking.issuer, asking.get("return"));
    let Some((session, account)) = asking.signed_in().await? else {
        return Ok(see_other(&address(issuer, return_to, false)));
    };
    asking.check(PAGE, &concerning(&session, return_to))?;
    let destination = Destination::read(issuer, return_to).await?;
    let Some(asked) = destination.asked() else {
        return Err(Refusal::FormMalformed);
    };
    match asking.get("answer") {
        "allow" => {
            // What is kept is what was shown: the same request of the same account.
            let offer = asked.offer(issuer, &session).await?;
            let act = asking.act(owner(&account));
            let consent = allowed(issuer, asked, &session, offer);
            issuer
                .ask(|store, reply| store.widen_consent(consent, act, reply))
                .await?;
            Ok(see_other(return_to))
        }
        "deny" => Err(asked.refuse(issuer, &ErrorCode::AccessDenied.into())),
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

struct Question<'a> {
    asking: &'a Asking,
    destination: &'a Destination,
    asked: &'a Asked,
    session: &'a Session,
    account: &'a Account,
}

impl Question<'_> {
    async fn page(&self) -> Answer {
        let (issuer, asked, account) = (&self.asking.issuer, self.asked, self.account);
        let offer = asked.offer(issuer, self.session).await?;
        let return_to = self.asking.get("return");
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
        let base = issuer.path("");
        let view = Consent {
            page: self.destination.page(issuer, &base),
            form: Form {
                action: &issuer.path("/consent"),
                token: &self
                    .asking
                    .token(PAGE, &concerning(self.session, return_to))?,
                hidden: &[Hidden {
                    name: "return",
                    value: return_to,
                }],
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
