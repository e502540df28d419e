//! Choosing a password: on set-up, registration, reset and change alike.

use jeton_store::account::{Account, PasswordHash};

use crate::issuer::Issuer;
use crate::pages::Flaw;
use crate::password::{MOST_BYTES, Password, Refusal as Weak};
use crate::people::Refusal;
use crate::people::page::Asking;

/// The password that somebody typed twice, or what is wrong with it. What they are called must not
/// be in it.
pub(super) fn judge(asking: &Asking, own: &[&str]) -> Result<Password, Vec<Flaw>> {
    let (chosen, again) = (asking.get("password"), asking.get("password_again"));
    let Ok(password) = Password::new(chosen) else {
        return Err(vec![Flaw::PasswordTooLong(MOST_BYTES)]);
    };
    let mut flaws = Vec::new();
    match asking.issuer.config.passwords.rules().judge(&password, own) {
        Ok(()) => {}
        Err(Weak::Short { minimum }) => flaws.push(Flaw::PasswordTooShort(minimum)),
        Err(Weak::Own) => flaws.push(Flaw::PasswordLikeName),
        Err(Weak::Common) => flaws.push(Flaw::PasswordCommon),
    }
    if chosen != again {
        flaws.push(Flaw::PasswordsDiffer);
    }
    if flaws.is_empty() {
        Ok(password)
    } else {
        Err(flaws)
    }
}

/// What a person is called, so that no password is made of it.
pub(super) fn own(account: &Account) -> Vec<&str> {
    let mut own = vec![account.username.as_str()];
    own.extend(account.email.as_deref());
    own
}

impl Issuer {
    /// The hash of a password that was judged.
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, Refusal> {
        let salt = self.salt()?;
        Ok(self.hasher.hash(password, salt).await?)
    }

    /// The fewest characters of a new password.
    pub(crate) fn least(&self) -> usize {
        self.config.passwords.rules().minimum()
    }
}
