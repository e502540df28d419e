//! Signing out: by a person's own wish, or an application's (RP-Initiated Logout 1.0).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jeton_oauth::logout::Request;
use jeton_oauth::{ErrorCode, OAuthError, Parameters};
use jeton_store::Actor;
use jeton_store::session::Session;

use crate::caller::Caller;
use crate::clients::KnownClient;
use crate::cookies::Cookie;
use crate::endpoints::form_text;
use crate::hint::Hinted;
use crate::issuer::Issuer;
use crate::pages::{
    Application, Form, FormAction, Hidden, Link, Page, SignOut, SignedOut, respond,
};
use crate::people::Refusal;
use crate::people::page::{Answer, Asking, answer, name_of, person, see_other};

const PAGE: &str = "sign-out";

/// What an application asks for, judged.
struct Wish {
    client: Option<Arc<KnownClient>>,
    hinted: Option<Hinted>,
    /// Where the browser goes afterwards.
    destination: Option<String>,
}

impl Wish {
    async fn read(issuer: &Issuer, query: &str) -> Result<Self, Refusal> {
        let request = Request::read(&Parameters::parse(query.as_bytes())?);
        let hinted = match &request.id_token_hint {
            Some(hint) => Some(
                issuer
                    .hinted(hint)
                    .ok_or_else(|| refused("`id_token_hint` is no id token of this issuer"))?,
            ),
            None => None,
        };
        let named = request.client_id(hinted.as_ref().map(|hinted| hinted.client.as_str()))?;
        let client = match named {
            Some(id) => Some(
                issuer
                    .client(id)
                    .await?
                    .ok_or_else(|| refused("no client has this `client_id`"))?,
            ),
            None => None,
        };
        let destination = match &client {
            Some(client) => request.destination(&client.record.metadata)?,
            None if request.post_logout_redirect_uri.is_some() => {
                return Err(refused(
                    "`post_logout_redirect_uri` needs an `id_token_hint` or a `client_id`",
                )
                .into());
            }
            None => None,
        };
        Ok(Self {
            client,
            hinted,
            destination,
        })
    }

    /// Whether the application showed an id token of this very session, so that nobody else can
    /// have sent the browser here and no question is needed.
    fn is_proved(&self, session: &Session) -> bool {
        self.hinted.as_ref().is_some_and(|hinted| {
            hinted.account == session.account.as_str()
                && hinted.session.as_deref() == Some(session.id.as_str())
        })
    }
}

fn refused(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, why)
}

pub(super) async fn get(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let query = query.unwrap_or_default();
    answer(
        issuer,
        (caller, headers),
        Ok(Parameters::default()),
        |asking| wished(asking, query),
    )
    .await
}

pub(super) async fn asked(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let query = match form_text(&headers, body).await {
        Ok(query) => query.to_string(),
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    answer(
        issuer,
        (caller, headers),
        Ok(Parameters::default()),
        |asking| wished(asking, query),
    )
    .await
}

async fn wished(asking: Asking, query: String) -> Answer {
    let issuer = &asking.issuer;
    let wish = Wish::read(issuer, &query).await?;
    let Some((session, account)) = asking.signed_in().await? else {
        return Ok(gone(issuer, &wish, false));
    };
    if wish.is_proved(&session) {
        return end(&asking, &wish, &session, false).await;
    }
    let name = name_of(&account);
    let base = issuer.path("");
    let view = SignOut {
        page: page(issuer, &base, &wish),
        form: Form {
            action: &issuer.path("/sign-out"),
            token: &asking.token(PAGE, &query)?,
            hidden: &[Hidden {
                name: "query",
                value: &query,
            }],
        },
        person: person(&account, name.as_ref()),
    };
    Ok(respond(StatusCode::OK, &view))
}

/// The answer to the question, or the button on one's own account.
pub(super) async fn post(asking: Asking) -> Answer {
    let issuer = &asking.issuer;
    let query = asking.get("query");
    let wish = Wish::read(issuer, query).await?;
    let Some(session) = issuer.session(&asking.headers, &asking.caller).await? else {
        return Ok(gone(issuer, &wish, false));
    };
    let from_account = asking.check(super::account::PAGE, session.id.as_str());
    if from_account.is_err() {
        asking.check(PAGE, query)?;
    }
    if asking.get("answer") == "stay" {
        return Ok(match wish.destination {
            Some(uri) => see_other(&uri),
            None => see_other(&issuer.path("/account")),
        });
    }
    let everywhere = asking.get("everywhere") == "yes";
    end(&asking, &wish, &session, everywhere).await
}

async fn end(asking: &Asking, wish: &Wish, session: &Session, everywhere: bool) -> Answer {
    let (issuer, account) = (&asking.issuer, session.account.clone());
    let act = asking.act(Actor::Account(account.clone()));
    if everywhere {
        issuer
            .change(|store, reply| store.end_sessions(account, None, act, reply))
            .await?;
    } else {
        let id = session.id.clone();
        issuer
            .change(|store, reply| store.end_session(id, act, reply))
            .await?;
    }
    let mut response = gone(issuer, wish, everywhere);
    let cleared = Cookie::Session.clear()?;
    response.headers_mut().append(header::SET_COOKIE, cleared);
    Ok(response)
}

/// Nobody is signed in any more.
fn gone(issuer: &Issuer, wish: &Wish, everywhere: bool) -> Response {
    if let Some(destination) = &wish.destination {
        return see_other(destination);
    }
    let (base, sign_in) = (issuer.path(""), issuer.path("/sign-in"));
    let view = SignedOut {
        page: page(issuer, &base, wish),
        everywhere,
        next: Some(Link::Ours(&sign_in)),
    };
    respond(StatusCode::OK, &view)
}

fn page<'a>(issuer: &'a Issuer, base: &'a str, wish: &'a Wish) -> Page<'a> {
    let client = wish.client.as_ref();
    Page {
        client: client.map(|client| Application::of(&client.record)),
        forms: FormAction::MayLeave,
        ..Page::new(issuer.name(), base)
    }
}
