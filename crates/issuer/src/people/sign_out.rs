//! Signing out: by a person's own wish, or an application's (RP-Initiated Logout 1.0).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jeton_oauth::logout::Request;
use jeton_oauth::{ErrorCode, OAuthError, Parameters};
use jeton_store::account::Account;
use jeton_store::session::Session;

use crate::caller::Caller;
use crate::clients::KnownClient;
use crate::cookies::Cookie;
use crate::endpoints::form_text;
use crate::hint::Hinted;
use crate::issuer::Issuer;
use crate::pages::{Application, Form, Hidden, Link, Page, SignOut, SignedOut, respond};
use crate::people::Refusal;
use crate::people::page::{Fields, answer, name_of, person, see_other};
use crate::visit::Visit;

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
    wished(&issuer, &query.unwrap_or_default(), &headers, &caller).await
}

pub(super) async fn asked(
    State(issuer): State<Arc<Issuer>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match form_text(&headers, body).await {
        Ok(query) => wished(&issuer, &query, &headers, &caller).await,
        Err(failure) => Refusal::from(failure).respond(&issuer),
    }
}

async fn wished(issuer: &Issuer, query: &str, headers: &HeaderMap, caller: &Caller) -> Response {
    let visit = match Visit::of(issuer, headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(issuer),
    };
    let shown = async {
        let wish = Wish::read(issuer, query).await?;
        let Some((session, account)) = issuer.signed_in(headers, caller).await? else {
            return Ok(gone(issuer, &wish, false));
        };
        if wish.is_proved(&session) {
            return end(issuer, caller, &wish, &session, false).await;
        }
        let token = visit.form_token(issuer, PAGE, query)?;
        let (base, action) = (issuer.path(""), issuer.path("/sign-out"));
        let name = name_of(&account);
        let hidden = [Hidden {
            name: "query",
            value: query,
        }];
        let view = SignOut {
            page: page(issuer, &base, &wish),
            form: Form {
                action: &action,
                token: &token,
                hidden: &hidden,
            },
            person: person(&account, name.as_ref()),
        };
        Ok(respond(StatusCode::OK, &view))
    };
    let shown = shown.await;
    answer(issuer, &visit, shown)
}

/// The answer to the question, or the button on one's own account.
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
    let shown = async {
        let session = issuer.session(&headers, &caller).await?;
        let from_account = session.as_ref().is_some_and(|session| {
            fields
                .check(&issuer, super::account::PAGE, session.id.as_str())
                .is_ok()
        });
        let query = fields.get("query");
        if !from_account {
            fields.check(&issuer, PAGE, query)?;
        }
        let wish = Wish::read(&issuer, query).await?;
        let Some(session) = session else {
            return Ok(gone(&issuer, &wish, false));
        };
        if fields.get("answer") == "stay" {
            return Ok(match wish.destination {
                Some(uri) => see_other(&uri),
                None => see_other(&issuer.path("/account")),
            });
        }
        let everywhere = fields.get("everywhere") == "yes";
        end(&issuer, &caller, &wish, &session, everywhere).await
    };
    let shown = shown.await;
    answer(&issuer, &fields.visit, shown)
}

async fn end(
    issuer: &Issuer,
    caller: &Caller,
    wish: &Wish,
    session: &Session,
    everywhere: bool,
) -> Result<Response, Refusal> {
    let account = session.account.clone();
    let act = caller.act(issuer, jeton_store::Actor::Account(account.clone()));
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
        forms: crate::pages::FormAction::MayLeave,
        ..Page::new(issuer.name(), base)
    }
}

impl Issuer {
    /// Who is signed in in a browser: the session and its account, as long as that may sign in.
    pub(crate) async fn signed_in(
        &self,
        headers: &HeaderMap,
        caller: &Caller,
    ) -> Result<Option<(Session, Account)>, Refusal> {
        let Some(session) = self.session(headers, caller).await? else {
            return Ok(None);
        };
        let id = session.account.clone();
        let account = self.ask(|store, reply| store.account(id, reply)).await?;
        let active =
            account.filter(|account| account.state == jeton_store::account::AccountState::Active);
        Ok(active.map(|account| (session, account)))
    }
}
