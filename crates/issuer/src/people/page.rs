//! What the handlers of pages share: a handler gets what was [`Asking`] and answers with a page or
//! with why not.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use jeton_oauth::Parameters;
use jeton_oauth::authorize::Redirect;
use jeton_store::account::{Account, AccountState, Ticket, TicketPurpose};
use jeton_store::session::Session;
use jeton_store::{Act, Actor, Sha256};

use crate::caller::Caller;
use crate::endpoints::form;
use crate::issuer::Issuer;
use crate::pages::{Flaw, FormAction, FormPost, Notice, Page, Person, respond, stylesheet};
use crate::people::Refusal;
use crate::visit::{Form, Visit};

/// A page, or why there is none.
pub(super) type Answer = Result<Response, Refusal>;

/// A browser that asks for a page or sends the form of one.
pub(super) struct Asking {
    pub(super) issuer: Arc<Issuer>,
    pub(super) caller: Caller,
    pub(super) headers: HeaderMap,
    visit: Visit,
    sent: Parameters,
}

/// A page that is looked at.
pub(super) fn look<H, F>(handler: H) -> MethodRouter<Arc<Issuer>>
where
    H: FnOnce(Asking) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send,
{
    get(
        |State(issuer): State<Arc<Issuer>>,
         caller: Caller,
         headers: HeaderMap,
         RawQuery(query): RawQuery| async move {
            let query = Parameters::parse(query.unwrap_or_default().as_bytes());
            let sent = query.map_err(|_| Refusal::FormMalformed);
            answer(issuer, (caller, headers), sent, handler).await
        },
    )
}

/// A form that is sent.
pub(super) fn submit<H, F>(handler: H) -> MethodRouter<Arc<Issuer>>
where
    H: FnOnce(Asking) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send,
{
    post(
        |State(issuer): State<Arc<Issuer>>, caller: Caller, headers: HeaderMap, body: Body| async move {
            let fields = form(&headers, body).await;
            let sent = fields.map_err(|_| Refusal::FormMalformed);
            answer(issuer, (caller, headers), sent, handler).await
        },
    )
}

/// The answer of a handler, with the cookie of a visit that just began.
pub(super) async fn answer<F: Future<Output = Answer>>(
    issuer: Arc<Issuer>,
    (caller, headers): (Caller, HeaderMap),
    sent: Result<Parameters, Refusal>,
    handler: impl FnOnce(Asking) -> F,
) -> Response {
    let answered = async {
        let sent = sent?;
        let visit = Visit::of(&issuer, &headers)?;
        let cookie = visit.cookie()?;
        let asking = Asking {
            issuer: Arc::clone(&issuer),
            caller,
            headers,
            visit,
            sent,
        };
        let shown = handler(asking).await;
        let mut response = shown.unwrap_or_else(|refusal| refusal.respond(&issuer));
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    };
    let answered = answered.await;
    answered.unwrap_or_else(|refusal: Refusal| refusal.respond(&issuer))
}

impl Asking {
    /// A field, or a parameter of the address; an empty one is as good as none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.sent.get(name).unwrap_or_default()
    }

    /// The token of a form: `page` is what it is for, `context` what it concerns.
    pub(super) fn token(&self, page: &str, context: &str) -> Result<String, Refusal> {
        Ok(self.visit.form_token(&self.issuer, page, context)?)
    }

    /// Refuses a form that this browser was not given for this page and this context.
    pub(super) fn check(&self, page: &str, context: &str) -> Result<(), Refusal> {
        let form = Form {
            page,
            context,
            token: self.get("form_token"),
        };
        if self.visit.admits(&self.issuer, &form)? {
            Ok(())
        } else if self.visit.is_new() {
            Err(Refusal::CookieMissing)
        } else {
            Err(Refusal::FormExpired)
        }
    }

    /// Who is signed in: the session and its account, as long as that may sign in.
    pub(super) async fn signed_in(&self) -> Result<Option<(Session, Account)>, Refusal> {
        let session = self.issuer.session(&self.headers, &self.caller).await?;
        let Some(session) = session else {
            return Ok(None);
        };
        let id = session.account.clone();
        let account = self
            .issuer
            .ask(|store, reply| store.account(id, reply))
            .await?;
        let active = account.filter(|account| account.state == AccountState::Active);
        Ok(active.map(|account| (session, account)))
    }

    /// The ticket that a link brought, which stays.
    pub(super) async fn ticket(&self, purpose: TicketPurpose) -> Result<Ticket, Refusal> {
        let (hash, now) = (self.ticket_hash(), self.issuer.now());
        self.issuer
            .ask(|store, reply| store.ticket(hash, purpose, now, reply))
            .await?
            .ok_or(Refusal::LinkSpent)
    }

    /// Uses the ticket up.
    pub(super) async fn spend(&self, purpose: TicketPurpose) -> Result<Ticket, Refusal> {
        let (hash, act) = (self.ticket_hash(), self.act(Actor::Anonymous));
        self.issuer
            .ask(|store, reply| store.consume_ticket(hash, purpose, act, reply))
            .await?
            .ok_or(Refusal::LinkSpent)
    }

    fn ticket_hash(&self) -> Sha256 {
        Sha256::of(self.get("ticket").as_bytes())
    }

    /// The circumstances of what is done now.
    pub(super) fn act(&self, actor: Actor) -> Act {
        self.caller.act(&self.issuer, actor)
    }
}

impl Issuer {
    /// What people know the service by.
    pub(crate) fn name(&self) -> &str {
        self.config.name.as_deref().unwrap_or(crate::issuer::NAME)
    }
}

/// What a page with these flaws says first, and its status.
pub(super) fn judged(flaws: &[Flaw]) -> (StatusCode, &'static [Notice<'static>]) {
    if flaws.is_empty() {
        (StatusCode::OK, &[])
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, &[Notice::Flawed])
    }
}

/// The name of a person, if the account says it.
pub(crate) fn name_of(account: &Account) -> Option<String> {
    let name = account.attributes.get("name")?;
    jeton_store::from_text(name.text(), "name").ok()
}

/// The person of an account.
pub(super) fn person<'a>(account: &'a Account, name: Option<&'a String>) -> Person<'a> {
    Person::of(account, name.map(String::as_str))
}

/// What a form concerns whose answer is that of the one who was asked: somebody else may have signed
/// in since it was shown.
pub(super) fn concerning(session: &Session, return_to: &str) -> String {
    format!("{}\n{return_to}", session.id)
}

/// Whoever owns an account.
pub(super) fn owner(account: &Account) -> Actor {
    Actor::Account(account.id.clone())
}

/// Sends the browser on, to be asked for with GET.
pub(crate) fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// Sends the browser back to an application.
pub(crate) fn send_back(issuer: &Issuer, redirect: &Redirect) -> Response {
    match redirect {
        Redirect::Location(location) => see_other(location),
        Redirect::Form { action, fields } => {
            let base = issuer.path("");
            let page = Page {
                forms: FormAction::MayLeave,
                ..Page::new(issuer.name(), &base)
            };
            let view = FormPost {
                page,
                action,
                fields,
            };
            respond(StatusCode::OK, &view)
        }
    }
}

pub(super) async fn style(uri: Uri, headers: HeaderMap) -> Response {
    stylesheet(&uri, &headers)
}
