//! What the handlers of pages share.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use jeton_oauth::Parameters;
use jeton_oauth::authorize::Redirect;
use jeton_store::Actor;
use jeton_store::account::Account;

use crate::endpoints::form;
use crate::issuer::Issuer;
use crate::pages::{FormAction, FormPost, Page, Person, respond, stylesheet};
use crate::people::Refusal;
use crate::visit::{Form, Visit};

/// A form that one of our pages sent, with the visit that it belongs to.
#[derive(Debug)]
pub(crate) struct Fields {
    form: Parameters,
    pub(crate) visit: Visit,
}

impl Fields {
    /// Reads a form.
    pub(crate) async fn read(
        issuer: &Issuer,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Self, Refusal> {
        let form = form(headers, body)
            .await
            .map_err(|_| Refusal::FormMalformed)?;
        Ok(Self {
            form,
            visit: Visit::of(issuer, headers)?,
        })
    }

    /// A field; an empty one is as good as none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    /// Refuses a form that this browser was not given for this page and this context.
    pub(crate) fn check(&self, issuer: &Issuer, page: &str, context: &str) -> Result<(), Refusal> {
        let form = Form {
            page,
            context,
            token: self.get("form_token"),
        };
        if self.visit.admits(issuer, &form)? {
            return Ok(());
        }
        Err(Refusal::CookieMissing)
    }
}

impl Issuer {
    /// What people know the service by.
    pub(crate) fn name(&self) -> &str {
        self.config.name.as_deref().unwrap_or(crate::issuer::NAME)
    }
}

/// The name of a person, if the account says it.
pub(crate) fn name_of(account: &Account) -> Option<String> {
    let name = account.attributes.get("name")?;
    jeton_store::from_text(name.text(), "name").ok()
}

/// The person of an account.
pub(crate) fn person<'a>(account: &'a Account, name: Option<&'a String>) -> Person<'a> {
    Person::of(account, name.map(String::as_str))
}

/// Whoever owns an account.
pub(crate) fn owner(account: &Account) -> Actor {
    Actor::Account(account.id.clone())
}

/// The answer of a handler, with the cookie of a visit that just began.
pub(crate) fn answer(issuer: &Issuer, visit: &Visit, shown: Result<Response, Refusal>) -> Response {
    let mut response = shown.unwrap_or_else(|refusal| refusal.respond(issuer));
    match visit.cookie() {
        Ok(Some(cookie)) => {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Ok(None) => response,
        Err(failure) => Refusal::from(failure).respond(issuer),
    }
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
