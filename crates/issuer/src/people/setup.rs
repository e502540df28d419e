use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use jeton_store::account::{Account, AccountState, TicketPurpose};
use jeton_store::{Actor, Sha256};

use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::pages::{Flaw, Flaws, Form, Hidden, Notice, Page, Setup, Typed, respond};
use crate::people::Refusal;
use crate::people::new_password::{Chosen, judge};
use crate::people::page::{Fields, answer, owner, see_other};
use crate::people::register::Wanted;
use crate::people::sign_in::parameters;
use crate::visit::Visit;

const PAGE: &str = "setup";

pub(super) async fn get(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = async {
        let query = parameters(query.as_deref())?;
        let ticket = query.get("ticket").ok_or(Refusal::LinkSpent)?;
        if issuer.has_administrator().await? {
            return Err(Refusal::LinkSpent);
        }
        let shown = Shown {
            issuer: &issuer,
            visit: &visit,
            ticket,
        };
        shown.page(Typed::default(), &[])
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
    let ticket = fields.get("ticket");
    fields.check(issuer, PAGE, ticket)?;
    let shown = Shown {
        issuer,
        visit: &fields.visit,
        ticket,
    };
    let typed = Typed {
        username: fields.get("username"),
        email: fields.get("email"),
    };
    let wanted = match Wanted::read(fields) {
        Ok(wanted) => wanted,
        Err(flaws) => return shown.page(typed, &flaws),
    };
    let chosen = Chosen {
        password: fields.get("password"),
        again: fields.get("password_again"),
    };
    let password = match judge(issuer, chosen, &wanted.own()) {
        Ok(password) => password,
        Err(flaws) => return shown.page(typed, &flaws),
    };
    let hash = issuer.hash(password).await?;
    // Only now: a flaw in the form must not use the link up.
    let (secret, act) = (
        Sha256::of(ticket.as_bytes()),
        caller.act(issuer, Actor::Anonymous),
    );
    let spent = issuer
        .ask(|store, reply| store.consume_ticket(secret, TicketPurpose::Setup, act, reply))
        .await?;
    if spent.is_none() {
        return Err(Refusal::LinkSpent);
    }
    let account = issuer
        .add_account(caller, wanted, hash, AccountState::Active)
        .await?;
    let administrator = Account {
        roles: BTreeSet::from([crate::setup::ADMINISTRATOR.to_owned()]),
        ..account.clone()
    };
    let act = caller.act(issuer, owner(&account));
    issuer
        .change(|store, reply| store.update_account(administrator, act, reply))
        .await?;
    let begun = issuer.begin_session(&account, caller, headers).await?;
    let mut response = see_other(&issuer.path("/account?done=administrator"));
    let cookie = begun.cookie()?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

struct Shown<'a> {
    issuer: &'a Issuer,
    visit: &'a Visit,
    ticket: &'a str,
}

impl Shown<'_> {
    fn page(&self, typed: Typed<'_>, flaws: &[Flaw]) -> Result<Response, Refusal> {
        let issuer = self.issuer;
        let (base, action) = (issuer.path(""), issuer.path("/setup"));
        let hidden = [Hidden {
            name: "ticket",
            value: self.ticket,
        }];
        let notices: &[Notice<'_>] = if flaws.is_empty() {
            &[]
        } else {
            &[Notice::Flawed]
        };
        let view = Setup {
            page: Page::new(issuer.name(), &base).saying(notices),
            form: Form {
                action: &action,
                token: &self.visit.form_token(issuer, PAGE, self.ticket)?,
                hidden: &hidden,
            },
            typed,
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
