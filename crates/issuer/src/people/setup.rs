//! The account of the first administrator, for whoever has the link that the service printed.

use std::collections::BTreeSet;

use http::header;
use jeton_store::account::{AccountState, TicketPurpose};
use jeton_store::{Actor, StoreError};

use crate::pages::{Flaw, Flaws, Form, Hidden, Page, Setup, Typed, respond};
use crate::people::Refusal;
use crate::people::done::Done;
use crate::people::new_password::judge;
use crate::people::page::{Answer, Asking, judged};
use crate::people::register::{NewAccount, Wanted};

const PAGE: &str = "setup";

pub(super) async fn get(asking: Asking) -> Answer {
    check_open(&asking).await?;
    page(&asking, &[])
}

pub(super) async fn post(asking: Asking) -> Answer {
    asking.check(PAGE, asking.get("ticket"))?;
    check_open(&asking).await?;
    let wanted = match Wanted::read(&asking) {
        Ok(wanted) => wanted,
        Err(flaws) => return page(&asking, &flaws),
    };
    let password = match judge(&asking, &wanted.own()) {
        Ok(password) => password,
        Err(flaws) => return page(&asking, &flaws),
    };
    let issuer = &asking.issuer;
    let new = NewAccount {
        wanted,
        password: issuer.hash(password).await?,
        state: AccountState::Active,
        roles: BTreeSet::from([crate::setup::ADMINISTRATOR.to_owned()]),
    };
    let ticket = asking.spend(TicketPurpose::Setup).await?;
    let act = asking.act(Actor::Anonymous);
    let account = match issuer.add_account(new, act.clone()).await {
        Ok(account) => account,
        Err(error) => {
            // The link is good for another try.
            issuer
                .ask(|store, reply| store.save_ticket(ticket, act, reply))
                .await?;
            return match error {
                StoreError::Taken { field: "email", .. } => page(&asking, &[Flaw::EmailTaken]),
                StoreError::Taken { .. } => page(&asking, &[Flaw::UsernameTaken]),
                error => Err(error.into()),
            };
        }
    };
    let begun = issuer
        .begin_session(&account, &asking.caller, &asking.headers)
        .await?;
    let mut response = Done::Administrator.shown(issuer, &begun.session.id)?;
    let device = issuer.device(&asking.headers, &account)?;
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, begun.cookie()?);
    headers.append(header::SET_COOKIE, device);
    Ok(response)
}

/// Whether the link is good, and there is no administrator yet.
async fn check_open(asking: &Asking) -> Result<(), Refusal> {
    asking.ticket(TicketPurpose::Setup).await?;
    if asking.issuer.has_administrator().await? {
        return Err(Refusal::LinkSpent);
    }
    Ok(())
}

fn page(asking: &Asking, flaws: &[Flaw]) -> Answer {
    let issuer = &asking.issuer;
    let ticket = asking.get("ticket");
    let (status, notices) = judged(flaws);
    let base = issuer.path("");
    let view = Setup {
        page: Page::new(issuer.name(), &base).saying(notices),
        form: Form {
            action: &issuer.path("/setup"),
            token: &asking.token(PAGE, ticket)?,
            hidden: &[Hidden {
                name: "ticket",
                value: ticket,
            }],
        },
        typed: Typed {
            username: asking.get("username"),
            email: asking.get("email"),
        },
        flaws: Flaws(flaws),
        least: issuer.least(),
    };
    Ok(respond(status, &view))
}
