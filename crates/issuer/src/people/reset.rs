//! A forgotten password: the mail, and the page that its link leads to.

use std::sync::Arc;

use http::{StatusCode, header};
use jeton_store::AccountId;
use jeton_store::account::{Account, AccountState, PasswordChange, TicketPurpose};

use crate::issuer::Issuer;
use crate::pages::{
    Flaw, Flaws, Foreign, Forgot, Form, Hidden, MailPurpose, MailSent, Page, Reset, Span, respond,
};
use crate::people::Refusal;
use crate::people::done::Done;
use crate::people::mails::RESET_LASTS;
use crate::people::new_password::{judge, own};
use crate::people::page::{Answer, Asking, judged, owner};
use crate::username;

const FORGOT: &str = "forgot";
const RESET: &str = "reset";

pub(super) async fn forgot(asking: Asking) -> Answer {
    let issuer = &asking.issuer;
    let base = issuer.path("");
    let view = Forgot {
        page: Page::new(issuer.name(), &base),
        form: Form {
            action: &issuer.path("/forgot"),
            token: &asking.token(FORGOT, "")?,
            hidden: &[],
        },
        login: "",
        sign_in: &issuer.path("/sign-in"),
    };
    Ok(respond(StatusCode::OK, &view))
}

/// Whether there is such an account is not told: neither by the page nor by how long it takes,
/// since nobody waits for the mail.
pub(super) async fn ask_for_mail(asking: Asking) -> Answer {
    let issuer = &asking.issuer;
    asking.check(FORGOT, "")?;
    let login = username::login(asking.get("login"));
    issuer.may_have_mail(&asking.caller, &login)?;
    let account = issuer
        .ask(|store, reply| store.account_by_login(login, reply))
        .await?;
    if let Some(account) = account.filter(|account| account.state == AccountState::Active) {
        let issuer = Arc::clone(issuer);
        tokio::spawn(async move {
            if issuer.send_reset(&account).await.is_err() {
                tracing::error!("a mail to reset a password could not be prepared");
            }
        });
    }
    let base = issuer.path("");
    let view = MailSent {
        page: Page::new(issuer.name(), &base),
        purpose: MailPurpose::Reset,
        lasts: Span::down(RESET_LASTS),
    };
    Ok(respond(StatusCode::OK, &view))
}

pub(super) async fn get(asking: Asking) -> Answer {
    let account = whose(&asking).await?;
    page(&asking, &account, &[])
}

pub(super) async fn post(asking: Asking) -> Answer {
    asking.check(RESET, asking.get("ticket"))?;
    let account = whose(&asking).await?;
    let password = match judge(&asking, &own(&account)) {
        Ok(password) => password,
        Err(flaws) => return page(&asking, &account, &flaws),
    };
    let issuer = &asking.issuer;
    let change = PasswordChange {
        account: account.id.clone(),
        password: issuer.hash(password).await?,
        keep: None,
    };
    asking.spend(TicketPurpose::PasswordReset).await?;
    let act = asking.act(owner(&account));
    issuer
        .change(|store, reply| store.change_password(change, act, reply))
        .await?;
    issuer.send_changed(&account, &asking.caller);
    let begun = issuer
        .begin_session(&account, &asking.caller, &asking.headers)
        .await?;
    let mut response = Done::Password.shown(issuer, &begun.session.id)?;
    let device = issuer.device(&asking.headers, &account)?;
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, begun.cookie()?);
    headers.append(header::SET_COOKIE, device);
    Ok(response)
}

/// The account of the ticket that the link brought.
async fn whose(asking: &Asking) -> Result<Account, Refusal> {
    let ticket = asking.ticket(TicketPurpose::PasswordReset).await?;
    let id = ticket.account.ok_or(Refusal::LinkSpent)?;
    let account = asking.issuer.active(id).await?;
    account.ok_or(Refusal::AccountDisabled)
}

fn page(asking: &Asking, account: &Account, flaws: &[Flaw]) -> Answer {
    let issuer = &asking.issuer;
    let ticket = asking.get("ticket");
    let (status, notices) = judged(flaws);
    let base = issuer.path("");
    let view = Reset {
        page: Page::new(issuer.name(), &base).saying(notices),
        form: Form {
            action: &issuer.path("/reset"),
            token: &asking.token(RESET, ticket)?,
            hidden: &[Hidden {
                name: "ticket",
                value: ticket,
            }],
        },
        username: Foreign::from(&account.username),
        flaws: Flaws(flaws),
        least: issuer.least(),
    };
    Ok(respond(status, &view))
}

impl Issuer {
    /// An account that may sign in.
    async fn active(&self, id: AccountId) -> Result<Option<Account>, Refusal> {
        let account = self.ask(|store, reply| store.account(id, reply)).await?;
        Ok(account.filter(|account| account.state == AccountState::Active))
    }
}
