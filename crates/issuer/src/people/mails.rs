//! What is sent by mail: a link that does one thing once, and what one should know.

use std::time::Duration;

use jeton_store::account::{Account, Ticket, TicketPurpose};
use jeton_store::{Actor, Sha256};

use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::limits::Use;
use crate::mail::Letter;
use crate::people::Refusal;

/// How long the link to a new password works.
pub(super) const RESET_LASTS: Duration = Duration::from_hours(1);
/// How long the link that proves an address works.
const VERIFICATION_LASTS: Duration = Duration::from_hours(24);

impl Issuer {
    /// Sends the link that proves an address, which is the account's once it is followed. Where the
    /// address is another account's, its owner is told; whoever asked sees no difference.
    pub(super) async fn send_verification(
        &self,
        account: &Account,
        email: &str,
    ) -> Result<(), Refusal> {
        let ticket = Ticket {
            hash: Sha256::of(b""),
            purpose: TicketPurpose::EmailVerification,
            account: Some(account.id.clone()),
            subject: Some(email.to_owned()),
            expires_at: self.now().saturating_add(VERIFICATION_LASTS),
        };
        let link = self.link("verify-email", ticket).await?;
        let login = email.to_owned();
        let owner = self
            .ask(|store, reply| store.account_by_login(login, reply))
            .await?;
        let letter = if owner.is_some_and(|owner| owner.id != account.id) {
            Letter::AddressTaken {
                link: self.page("forgot"),
            }
        } else {
            Letter::VerifyEmail {
                link,
                minutes: VERIFICATION_LASTS.as_secs() / 60,
            }
        };
        // However many accounts somebody makes, nobody's mailbox is filled with this.
        let usage = Use::ResetByAccount(email);
        if self.limiter.check(usage, self.now()).retry_after.is_none() {
            self.mail(email, &letter);
        }
        Ok(())
    }

    /// Sends the link to a new password, if the account has an address.
    pub(super) async fn send_reset(&self, account: &Account) -> Result<(), Refusal> {
        let Some(email) = &account.email else {
            return Ok(());
        };
        let ticket = Ticket {
            hash: Sha256::of(b""),
            purpose: TicketPurpose::PasswordReset,
            account: Some(account.id.clone()),
            subject: Some(email.clone()),
            expires_at: self.now().saturating_add(RESET_LASTS),
        };
        let letter = Letter::ResetPassword {
            link: self.link("reset", ticket).await?,
            minutes: RESET_LASTS.as_secs() / 60,
        };
        self.mail(email, &letter);
        Ok(())
    }

    /// Tells the person that the password was changed.
    pub(super) fn send_changed(&self, account: &Account, caller: &Caller) {
        let letter = Letter::PasswordChanged {
            at: self.now(),
            address: caller.address,
            link: self.page("forgot"),
        };
        self.tell(account, &letter);
    }

    /// Tells the person that many wrong passwords were tried.
    pub(super) fn send_slowed_down(&self, account: &Account) {
        let letter = Letter::SignInSlowedDown {
            at: self.now(),
            link: self.page("forgot"),
        };
        self.tell(account, &letter);
    }

    /// Tells the person that the account was approved.
    pub(crate) fn send_approved(&self, account: &Account) {
        let letter = Letter::RegistrationApproved {
            link: self.page("sign-in"),
        };
        self.tell(account, &letter);
    }

    fn tell(&self, account: &Account, letter: &Letter) {
        if let Some(email) = &account.email {
            self.mail(email, letter);
        }
    }

    /// Sends without waiting. Whoever caused it is not told whether it could be.
    fn mail(&self, to: &str, letter: &Letter) {
        let mut id = [0; 16];
        if let Err(error) = self.random.fill(&mut id) {
            tracing::error!(%error, "a mail has no name");
            return;
        }
        if let Err(error) = self.outbox.send(to, letter, self.now(), id) {
            tracing::warn!(%error, "a mail was not sent");
        }
    }

    /// The whole URL of a page.
    fn page(&self, page: &str) -> String {
        format!("{}/{page}", self.url.trim_end_matches('/'))
    }

    /// The link for whoever gets this ticket, under a secret that is in no other place.
    async fn link(&self, page: &str, ticket: Ticket) -> Result<String, Refusal> {
        let secret = self.random.secret()?;
        let ticket = Ticket {
            hash: Sha256::of(secret.expose().as_bytes()),
            ..ticket
        };
        let act = self.act(Actor::Service);
        self.ask(|store, reply| store.save_ticket(ticket, act, reply))
            .await?;
        Ok(format!("{}?ticket={}", self.page(page), secret.expose()))
    }
}
