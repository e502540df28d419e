//! What is sent by mail: a link that does one thing once, and what one should know.

use std::time::Duration;

use jeton_store::account::{Account, Ticket, TicketPurpose};
use jeton_store::{Actor, Sha256};

use crate::issuer::Issuer;
use crate::people::Refusal;

/// How long the link to a new password works.
pub(super) const RESET_LASTS: Duration = Duration::from_hours(1);
/// How long the link that proves an address works.
const VERIFICATION_LASTS: Duration = Duration::from_hours(24);

impl Issuer {
    /// Sends the link that proves the account's address, if it has one.
    pub(crate) async fn send_verification(&self, account: &Account) -> Result<(), Refusal> {
        let Some(_email) = &account.email else {
            return Ok(());
        };
        let _link = self
            .link("verify-email", account, TicketPurpose::EmailVerification)
            .await?;
        Ok(())
    }

    /// Sends the link to a new password, if the account has an address.
    pub(crate) async fn send_reset(&self, account: &Account) -> Result<(), Refusal> {
        let Some(_email) = &account.email else {
            return Ok(());
        };
        let _link = self
            .link("reset", account, TicketPurpose::PasswordReset)
            .await?;
        Ok(())
    }

    /// Tells the person that the password was changed.
    pub(crate) fn send_changed(&self, _account: &Account) {}

    async fn link(
        &self,
        page: &str,
        account: &Account,
        purpose: TicketPurpose,
    ) -> Result<String, Refusal> {
        let secret = self.random.secret()?;
        let lasts = match purpose {
            TicketPurpose::PasswordReset => RESET_LASTS,
            _ => VERIFICATION_LASTS,
        };
        let ticket = Ticket {
            hash: Sha256::of(secret.expose().as_bytes()),
            purpose,
            account: Some(account.id.clone()),
            subject: account.email.clone(),
            expires_at: self.now().saturating_add(lasts),
        };
        let act = self.act(Actor::Service);
        self.ask(|store, reply| store.save_ticket(ticket, act, reply))
            .await?;
        let base = self.url.trim_end_matches('/');
        Ok(format!("{base}/{page}?ticket={}", secret.expose()))
    }
}
