use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jeton_store::account::{Account, AccountState, PasswordHash};
use jeton_store::{AccountId, Actor, StoreError};

use crate::caller::Caller;
use crate::config::Registration;
use crate::issuer::Issuer;
use crate::pages::{
    Flaw, Flaws, Form, Notice, Page, Register, RegistrationPending, Typed, respond,
};
use crate::people::Refusal;
use crate::people::new_password::{Chosen, judge};
use crate::people::page::{Fields, answer, see_other};
use crate::username::{email, username};
use crate::visit::Visit;

const PAGE: &str = "register";

/// What somebody typed to get an account.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(super) username: String,
    pub(super) email: Option<String>,
}

impl Wanted {
    /// Reads what was typed in its normal form, or says what is wrong with it.
    pub(super) fn read(fields: &Fields) -> Result<Self, Vec<Flaw>> {
        let name = username(fields.get("username"));
        let typed = fields.get("email").trim();
        let address = email(typed);
        let mut flaws = Vec::new();
        if name.is_none() {
            flaws.push(Flaw::UsernameMalformed);
        }
        if !typed.is_empty() && address.is_none() {
            flaws.push(Flaw::EmailMalformed);
        }
        match name {
            Some(username) if flaws.is_empty() => Ok(Self {
                username,
                email: address,
            }),
            _ => Err(flaws),
        }
    }

    pub(super) fn own(&self) -> Vec<&str> {
        let mut own = vec![self.username.as_str()];
        own.extend(self.email.as_deref());
        own
    }
}

pub(super) async fn get(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = if issuer.takes_registrations() {
        page(&issuer, &visit, Typed::default(), &[])
    } else {
        Err(Refusal::RegistrationClosed)
    };
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
    fields.check(issuer, PAGE, "")?;
    if !issuer.takes_registrations() {
        return Err(Refusal::RegistrationClosed);
    }
    issuer.may_register(caller)?;
    let typed = Typed {
        username: fields.get("username"),
        email: fields.get("email"),
    };
    let wanted = match Wanted::read(fields) {
        Ok(wanted) => wanted,
        Err(flaws) => return page(issuer, &fields.visit, typed, &flaws),
    };
    let chosen = Chosen {
        password: fields.get("password"),
        again: fields.get("password_again"),
    };
    let password = match judge(issuer, chosen, &wanted.own()) {
        Ok(password) => password,
        Err(flaws) => return page(issuer, &fields.visit, typed, &flaws),
    };
    let hash = issuer.hash(password).await?;
    let needs_approval = issuer.config.registration == Registration::Approval;
    let state = if needs_approval {
        AccountState::Pending
    } else {
        AccountState::Active
    };
    let account = match issuer.add_account(caller, wanted, hash, state).await {
        Ok(account) => account,
        Err(StoreError::Taken { .. }) => {
            // Which of the two is taken is said of the name alone: names are no secret, addresses are.
            return page(issuer, &fields.visit, typed, &[Flaw::UsernameTaken]);
        }
        Err(error) => return Err(error.into()),
    };
    issuer.send_verification(&account).await?;
    if needs_approval {
        let base = issuer.path("");
        let page = Page::new(issuer.name(), &base);
        return Ok(respond(StatusCode::OK, &RegistrationPending { page }));
    }
    let begun = issuer.begin_session(&account, caller, headers).await?;
    let mut response = see_other(&issuer.path("/account"));
    let cookie = begun.cookie()?;
    response
        .headers_mut()
        .append(http::header::SET_COOKIE, cookie);
    Ok(response)
}

fn page(
    issuer: &Issuer,
    visit: &Visit,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<Response, Refusal> {
    let (base, action, sign_in) = (
        issuer.path(""),
        issuer.path("/register"),
        issuer.path("/sign-in"),
    );
    let notices: &[Notice<'_>] = if flaws.is_empty() {
        &[]
    } else {
        &[Notice::Flawed]
    };
    let view = Register {
        page: Page::new(issuer.name(), &base).saying(notices),
        form: Form {
            action: &action,
            token: &visit.form_token(issuer, PAGE, "")?,
            hidden: &[],
        },
        typed,
        flaws: Flaws(flaws),
        least: issuer.least(),
        by_approval: issuer.config.registration == Registration::Approval,
        sign_in: &sign_in,
    };
    let status = if flaws.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(respond(status, &view))
}

impl Issuer {
    /// Whether people may make accounts of their own.
    pub(crate) fn takes_registrations(&self) -> bool {
        self.config.registration != Registration::Closed
    }

    /// Adds an account that may or may not sign in yet.
    pub(crate) async fn add_account(
        &self,
        caller: &Caller,
        wanted: Wanted,
        password: PasswordHash,
        state: AccountState,
    ) -> Result<Account, StoreError> {
        let id = self.random.id().map_err(|_| StoreError::Unavailable {
            why: "nothing random can be drawn",
        })?;
        let account = Account {
            id: AccountId::new(id),
            username: wanted.username,
            email: wanted.email,
            email_verified: false,
            password: Some(password),
            state,
            roles: BTreeSet::new(),
            groups: BTreeSet::new(),
            attributes: BTreeMap::new(),
            created_at: self.now(),
            revision: 0,
        };
        let (added, act) = (account.clone(), caller.act(self, Actor::Anonymous));
        self.ask(|store, reply| store.create_account(added, act, reply))
            .await?;
        Ok(account)
    }
}
