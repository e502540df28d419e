//! An account of one's own.
//!
//! A name is no secret, an address is: nobody learns here whether there is an account with one. So
//! an address counts only once its mail was answered, and the owner of an address that is taken is
//! told by mail instead.

use std::collections::{BTreeMap, BTreeSet};

use http::{StatusCode, header};
use jeton_store::account::{Account, AccountState, PasswordHash};
use jeton_store::{AccountId, Act, Actor, StoreError};

use crate::config::Registration;
use crate::issuer::Issuer;
use crate::pages::{
    Flaw, Flaws, Foreign, Form, Hidden, Register, RegistrationPending, Typed, respond,
};
use crate::people::Refusal;
use crate::people::destination::Destination;
use crate::people::new_password::judge;
use crate::people::page::{Answer, Asking, judged, see_other};
use crate::people::sign_in::address;
use crate::username::{email, username};

const PAGE: &str = "register";

/// What somebody typed to get an account, in its normal form.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) username: String,
    pub(super) email: Option<String>,
}

/// An account to be made.
pub(super) struct NewAccount {
    pub(super) wanted: Wanted,
    pub(super) password: PasswordHash,
    pub(super) state: AccountState,
    pub(super) roles: BTreeSet<String>,
}

impl Wanted {
    /// Reads what was typed, or says what is wrong with it.
    pub(super) fn read(asking: &Asking) -> Result<Self, Vec<Flaw>> {
        let name = username(asking.get("username"));
        let typed = asking.get("email").trim();
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

pub(super) async fn get(asking: Asking) -> Answer {
    if !asking.issuer.takes_registrations() {
        return Err(Refusal::RegistrationClosed);
    }
    let destination = Destination::read(&asking.issuer, asking.get("return")).await?;
    page(&asking, &destination, &[])
}

pub(super) async fn post(asking: Asking) -> Answer {
    let (issuer, return_to) = (&asking.issuer, asking.get("return"));
    asking.check(PAGE, return_to)?;
    if !issuer.takes_registrations() {
        return Err(Refusal::RegistrationClosed);
    }
    let destination = Destination::read(issuer, return_to).await?;
    issuer.may_register(&asking.caller)?;
    let wanted = match Wanted::read(&asking) {
        Ok(wanted) if wanted.email.is_some() => wanted,
        Ok(_) => return page(&asking, &destination, &[Flaw::EmailMalformed]),
        Err(flaws) => return page(&asking, &destination, &flaws),
    };
    let password = match judge(&asking, &wanted.own()) {
        Ok(password) => password,
        Err(flaws) => return page(&asking, &destination, &flaws),
    };
    let needs_approval = issuer.config.registration == Registration::Approval;
    let email = wanted.email.clone().unwrap_or_default();
    let new = NewAccount {
        wanted: Wanted {
            email: None,
            ..wanted
        },
        password: issuer.hash(password).await?,
        state: if needs_approval {
            AccountState::Pending
        } else {
            AccountState::Active
        },
        roles: BTreeSet::new(),
    };
    let account = match issuer.add_account(new, asking.act(Actor::Anonymous)).await {
        Ok(account) => account,
        Err(StoreError::Taken { .. }) => {
            return page(&asking, &destination, &[Flaw::UsernameTaken]);
        }
        Err(error) => return Err(error.into()),
    };
    issuer.send_verification(&account, &email).await?;
    if needs_approval {
        let base = issuer.path("");
        let view = RegistrationPending {
            page: destination.page(issuer, &base),
            email: Foreign::from(&email),
        };
        return Ok(respond(StatusCode::OK, &view));
    }
    enter(&asking, &account).await
}

/// Signs the new account in and sends it on.
async fn enter(asking: &Asking, account: &Account) -> Answer {
    let issuer = &asking.issuer;
    let begun = issuer
        .begin_session(account, &asking.caller, &asking.headers)
        .await?;
    let mut response = match asking.get("return") {
        "" => see_other(&issuer.path("/account")),
        return_to => see_other(return_to),
    };
    let device = issuer.device(&asking.headers, account)?;
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, begun.cookie()?);
    headers.append(header::SET_COOKIE, device);
    Ok(response)
}

fn page(asking: &Asking, destination: &Destination, flaws: &[Flaw]) -> Answer {
    let (issuer, return_to) = (&asking.issuer, asking.get("return"));
    let (status, notices) = judged(flaws);
    let base = issuer.path("");
    let view = Register {
        page: destination.page(issuer, &base).saying(notices),
        form: Form {
            action: &issuer.path("/register"),
            token: &asking.token(PAGE, return_to)?,
            hidden: &[Hidden {
                name: "return",
                value: return_to,
            }],
        },
        typed: Typed {
            username: asking.get("username"),
            email: asking.get("email"),
        },
        flaws: Flaws(flaws),
        least: issuer.least(),
        by_approval: issuer.config.registration == Registration::Approval,
        sign_in: &address(issuer, return_to, false),
    };
    Ok(respond(status, &view))
}

impl Issuer {
    /// Whether people may make accounts of their own.
    pub(crate) fn takes_registrations(&self) -> bool {
        self.config.registration != Registration::Closed
    }

    /// Adds an account.
    pub(super) async fn add_account(
        &self,
        new: NewAccount,
        act: Act,
    ) -> Result<Account, StoreError> {
        let id = self.random.id().map_err(|_| StoreError::Unavailable {
            why: "nothing random can be drawn",
        })?;
        let account = Account {
            id: AccountId::new(id),
            username: new.wanted.username,
            email: new.wanted.email,
            email_verified: false,
            password: Some(new.password),
            state: new.state,
            roles: new.roles,
            groups: BTreeSet::new(),
            attributes: BTreeMap::new(),
            created_at: self.now(),
            revision: 0,
        };
        let added = account.clone();
        self.ask(|store, reply| store.create_account(added, act, reply))
            .await?;
        Ok(account)
    }
}
