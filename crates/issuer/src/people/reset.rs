//! A forgotten password: the mail, and the page that its link leads to.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jeton_store::account::{Account, AccountState, PasswordChange, TicketPurpose};
use jeton_store::{AccountId, Actor, Sha256};

use crate::caller::Caller;
use crate::cookies::Cookie;
use crate::issuer::Issuer;
use crate::pages::{
    Flaw, Flaws, Foreign, Forgot, Form, Hidden, MailPurpose, MailSent, Notice, Page, Reset, Span,
    respond,
};
use crate::people::Refusal;
use crate::people::mails::RESET_LASTS;
use crate::people::new_password::{Chosen, judge, own};
use crate::people::page::{Fields, answer, owner, see_other};
use crate::people::sign_in::parameters;
use crate::username;
use crate::visit::Visit;

const FORGOT: &str = "forgot";
const RESET: &str = "reset";

pub(super) async fn forgot(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = || {
        let (base, action, sign_in) = (
            issuer.path(""),
            issuer.path("/forgot"),
            issuer.path("/sign-in"),
        );
        let view = Forgot {
            page: Page::new(issuer.name(), &base),
            form: Form {
                action: &action,
                token: &visit.form_token(&issuer, FORGOT, "")?,
                hidden: &[],
            },
            login: "",
            sign_in: &sign_in,
        };
        Ok(respond(StatusCode::OK, &view))
    };
    let shown = shown();
    answer(&issuer, &visit, shown)
}

/// Whether there is such an account is not told: neither by the page nor by how long it takes,
/// since the mail is sent by somebody else.
pub(super) async fn send(
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
        fields.check(&issuer, FORGOT, "")?;
        let login = username::login(fields.get("login"));
        issuer.may_have_mail(&caller, &login)?;
        let account = issuer
            .ask(|store, reply| store.account_by_login(login, reply))
            .await?;
        let active = account.filter(|account| account.state == AccountState::Active);
        if let Some(account) = active {
            issuer.send_reset(&account).await?;
        }
        let base = issuer.path("");
        let view = MailSent {
            page: Page::new(issuer.name(), &base),
            purpose: MailPurpose::Reset,
            lasts: Span::down(RESET_LASTS),
        };
        Ok(respond(StatusCode::OK, &view))
    };
    let shown = shown.await;
    answer(&issuer, &fields.visit, shown)
}

pub(super) async fn get(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = parameters(query.as_deref()).and_then(|query| {
        let ticket = query.get("ticket").ok_or(Refusal::LinkSpent)?;
        let shown = Shown {
            issuer: &issuer,
            visit: &visit,
            ticket,
        };
        shown.page(&[])
    });
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
    let ticket = fields.get("ticket");
    fields.check(issuer, RESET, ticket)?;
    let shown = Shown {
        issuer,
        visit: &fields.visit,
        ticket,
    };
    let chosen = Chosen {
        password: fields.get("password"),
        again: fields.get("password_again"),
    };
    // Whose the ticket is, only using it up tells; the name is judged then.
    let password = match judge(issuer, chosen, &[]) {
        Ok(password) => password,
        Err(flaws) => return shown.page(&flaws),
    };
    let hash = Sha256::of(ticket.as_bytes());
    let act = caller.act(issuer, Actor::Anonymous);
    let spent = issuer
        .ask(|store, reply| store.consume_ticket(hash, TicketPurpose::PasswordReset, act, reply))
        .await?
        .ok_or(Refusal::LinkSpent)?;
    let id = spent.account.ok_or(Refusal::LinkSpent)?;
    let account = issuer.active(id).await?.ok_or(Refusal::AccountDisabled)?;
    if judge(issuer, chosen, &own(&account)).is_err() {
        // The ticket is gone; another one comes by mail at once.
        issuer.send_reset(&account).await?;
        return Err(Refusal::LinkSpent);
    }
    let change = PasswordChange {
        account: account.id.clone(),
        password: issuer.hash(password).await?,
        keep: None,
    };
    let act = caller.act(issuer, owner(&account));
    issuer
        .change(|store, reply| store.change_password(change, act, reply))
        .await?;
    issuer.send_changed(&account, caller);
    let begun = issuer.begin_session(&account, caller, headers).await?;
    let mut response = see_other(&issuer.path("/account?done=password"));
    let cookie = begun.cookie()?;
    let device = issuer.device(Cookie::Device.read(headers).as_ref(), &account.username)?;
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookie);
    headers.append(header::SET_COOKIE, device);
    Ok(response)
}

struct Shown<'a> {
    issuer: &'a Issuer,
    visit: &'a Visit,
    ticket: &'a str,
}

impl Shown<'_> {
    fn page(&self, flaws: &[Flaw]) -> Result<Response, Refusal> {
        let issuer = self.issuer;
        let (base, action) = (issuer.path(""), issuer.path("/reset"));
        let hidden = [Hidden {
            name: "ticket",
            value: self.ticket,
        }];
        let notices: &[Notice<'_>] = if flaws.is_empty() {
            &[]
        } else {
            &[Notice::Flawed]
        };
        let view = Reset {
            page: Page::new(issuer.name(), &base).saying(notices),
            form: Form {
                action: &action,
                token: &self.visit.form_token(issuer, RESET, self.ticket)?,
                hidden: &hidden,
            },
            username: Foreign::from(""),
            flaws: Flaws(flaws),
            least: issuer.least(),
        };
        let status = if flaws.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        Ok(respond(status, &view))
    }
}

impl Issuer {
    /// An account that may sign in.
    pub(crate) async fn active(&self, id: AccountId) -> Result<Option<Account>, Refusal> {
        let account = self.ask(|store, reply| store.account(id, reply)).await?;
        Ok(account.filter(|account| account.state == AccountState::Active))
    }
}
