use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jeton_oauth::Parameters;
use jeton_store::account::Account;

use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::pages::{Form, Hidden, Notice, SignIn, SignInAgain, Span, respond};
use crate::people::Refusal;
use crate::people::authentication::{Denied, Given};
use crate::people::destination::Destination;
use crate::people::page::{Fields, answer, name_of, person, see_other};
use crate::visit::Visit;

/// What its forms are for.
const PAGE: &str = "sign-in";

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
        let known = known(&issuer, &headers, &caller, query.get("other").is_some()).await?;
        if known.is_some() && destination.asked().is_none() {
            return Ok(see_other(&issuer.path("/account")));
        }
        let hint = destination
            .asked()
            .and_then(|asked| asked.request.login_hint.clone());
        let shown = Shown {
            issuer: &issuer,
            visit: &visit,
            destination: &destination,
            return_to,
            known: known.as_ref(),
            login: hint.as_deref().unwrap_or_default(),
        };
        shown.page(StatusCode::OK, &[])
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
    let shown = submitted(&issuer, &caller, &headers, &fields).await;
    answer(&issuer, &fields.visit, shown)
}

async fn submitted(
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
    if fields.get("choice") == "other" {
        return Ok(see_other(&address(issuer, return_to, true)));
    }
    // Where the page says who it is, the form has no name.
    let known = match fields.get("login") {
        "" => known(issuer, headers, caller, false).await?,
        _ => None,
    };
    let login = known
        .as_ref()
        .map_or(fields.get("login"), |account| &account.username);
    let given = Given {
        login,
        password: fields.get("password"),
    };
    let notice = match issuer.admit(caller, headers, given).await {
        Ok(admitted) => {
            let begun = issuer
                .begin_session(&admitted.account, caller, headers)
                .await?;
            let to = match return_to {
                "" => issuer.path("/account"),
                return_to => return_to.to_owned(),
            };
            let mut response = see_other(&to);
            let headers = response.headers_mut();
            headers.append(header::SET_COOKIE, begun.cookie()?);
            headers.append(header::SET_COOKIE, admitted.device);
            return Ok(response);
        }
        Err(Denied::Wrong) if known.is_some() => Notice::WrongPassword,
        Err(Denied::Wrong) => Notice::WrongCredentials,
        Err(Denied::Wait(wait)) => Notice::Wait(Span::up(wait)),
        Err(Denied::Pending) => return Err(Refusal::AccountPending),
        Err(Denied::Disabled) => return Err(Refusal::AccountDisabled),
        Err(Denied::Busy(wait)) => return Err(Refusal::Busy(wait)),
        Err(Denied::Failed(failure)) => return Err(failure.into()),
    };
    let status = match notice {
        Notice::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shown = Shown {
        issuer,
        visit: &fields.visit,
        destination: &destination,
        return_to,
        known: known.as_ref(),
        login,
    };
    shown.page(status, &[notice])
}

/// The page with all it needs.
struct Shown<'a> {
    issuer: &'a Issuer,
    visit: &'a Visit,
    destination: &'a Destination,
    return_to: &'a str,
    known: Option<&'a Account>,
    login: &'a str,
}

impl Shown<'_> {
    fn page(&self, status: StatusCode, notices: &[Notice<'_>]) -> Result<Response, Refusal> {
        let issuer = self.issuer;
        let token = self.visit.form_token(issuer, PAGE, self.return_to)?;
        let (base, action) = (issuer.path(""), issuer.path("/sign-in"));
        let hidden = [Hidden {
            name: "return",
            value: self.return_to,
        }];
        let form = Form {
            action: &action,
            token: &token,
            hidden: &hidden,
        };
        let page = self.destination.page(issuer, &base).saying(notices);
        let forgot = issuer.path("/forgot");
        let forgot = Some(forgot.as_str());
        let Some(account) = self.known else {
            let register = issuer.path("/register");
            let view = SignIn {
                page,
                form,
                login: self.login,
                forgot,
                register: issuer.takes_registrations().then_some(&register),
            };
            return Ok(respond(status, &view));
        };
        let name = name_of(account);
        let view = SignInAgain {
            page,
            form,
            person: person(account, name.as_ref()),
            forgot,
        };
        Ok(respond(status, &view))
    }
}

/// Who is signed in already and only has to prove it once more.
async fn known(
    issuer: &Issuer,
    headers: &HeaderMap,
    caller: &Caller,
    is_somebody_else: bool,
) -> Result<Option<Account>, Refusal> {
    if is_somebody_else {
        return Ok(None);
    }
    let Some(session) = issuer.session(headers, caller).await? else {
        return Ok(None);
    };
    let account = session.account;
    Ok(issuer
        .ask(|store, reply| store.account(account, reply))
        .await?)
}

/// The page's address.
pub(super) fn address(issuer: &Issuer, return_to: &str, is_somebody_else: bool) -> String {
    let context: String = form_urlencoded::byte_serialize(return_to.as_bytes()).collect();
    let other = if is_somebody_else { "&other=yes" } else { "" };
    issuer.path(&format!("/sign-in?return={context}{other}"))
}

pub(super) fn parameters(query: Option<&str>) -> Result<Parameters, Refusal> {
    Parameters::parse(query.unwrap_or_default().as_bytes()).map_err(|_| Refusal::FormMalformed)
}
