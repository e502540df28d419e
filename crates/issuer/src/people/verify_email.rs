//! The page that the link to prove an address leads to. Looking at it proves nothing: whatever
//! scans mails does that too.

use http::StatusCode;
use jeton_store::StoreError;
use jeton_store::account::{Account, Ticket, TicketPurpose};

use crate::pages::{EmailVerified, Foreign, Form, Hidden, Page, VerifyEmail, respond};
use crate::people::Refusal;
use crate::people::page::{Answer, Asking, owner};

const PAGE: &str = "verify-email";
/// How often an account is read anew that somebody else changes at the same time.
const TRIES: usize = 3;

pub(super) async fn get(asking: Asking) -> Answer {
    let ticket = asking.ticket(TicketPurpose::EmailVerification).await?;
    let (account, email) = claimed(&asking, ticket).await?;
    let (issuer, secret) = (&asking.issuer, asking.get("ticket"));
    let base = issuer.path("");
    let view = VerifyEmail {
        page: Page::new(issuer.name(), &base),
        form: Form {
            action: &issuer.path("/verify-email"),
            token: &asking.token(PAGE, secret)?,
            hidden: &[Hidden {
                name: "ticket",
                value: secret,
            }],
        },
        email: Foreign::from(&email),
        username: Foreign::from(&account.username),
    };
    Ok(respond(StatusCode::OK, &view))
}

pub(super) async fn post(asking: Asking) -> Answer {
    asking.check(PAGE, asking.get("ticket"))?;
    let ticket = asking.spend(TicketPurpose::EmailVerification).await?;
    let mut tries = 0..TRIES;
    let email = loop {
        let (account, email) = claimed(&asking, ticket.clone()).await?;
        match confirm(&asking, account, &email).await {
            Err(StoreError::Stale { .. }) if tries.next().is_some() => {}
            // Somebody else proved to read mail there before.
            Err(StoreError::Taken { .. }) => return Err(Refusal::AddressTaken),
            Err(error) => return Err(error.into()),
            Ok(()) => break email,
        }
    };
    let issuer = &asking.issuer;
    let base = issuer.path("");
    let view = EmailVerified {
        page: Page::new(issuer.name(), &base),
        email: Foreign::from(&email),
        next: &issuer.path("/account"),
    };
    Ok(respond(StatusCode::OK, &view))
}

/// Whose address it would be, and which.
async fn claimed(asking: &Asking, ticket: Ticket) -> Result<(Account, String), Refusal> {
    let (Some(id), Some(email)) = (ticket.account, ticket.subject) else {
        return Err(Refusal::LinkSpent);
    };
    let account = asking
        .issuer
        .ask(|store, reply| store.account(id, reply))
        .await?
        .ok_or(Refusal::LinkSpent)?;
    Ok((account, email))
}

async fn confirm(asking: &Asking, account: Account, email: &str) -> Result<(), StoreError> {
    let act = asking.act(owner(&account));
    let verified = Account {
        email: Some(email.to_owned()),
        email_verified: true,
        ..account
    };
    let updated = asking
        .issuer
        .change(|store, reply| store.update_account(verified, act, reply));
    updated.await.map(drop)
}
