//! Whether somebody is who they say: the one way in for pages and for applications' own sign-ins.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use jeton_oauth::Credential;
use jeton_store::Actor;
use jeton_store::account::{Account, AccountState, PasswordUpgrade};
use jeton_store::audit::Event;

use crate::allowance::TooMany;
use crate::answer::Failure;
use crate::caller::Caller;
use crate::cookies::Cookie;
use crate::issuer::Issuer;
use crate::limits::{Admission, Attempt, DeviceId, Use};
use crate::metrics::Login;
use crate::password::{Password, SALT};
use crate::random::NoRandomness;
use crate::username;

/// How long a browser is known.
const KNOWN: Duration = Duration::from_hours(24 * 365);

/// Somebody who gave the right password.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) account: Account,
    /// Tells this browser from those of others who guess.
    pub(crate) device: HeaderValue,
}

/// Somebody who did not get in.
#[derive(Debug)]
pub(crate) enum Denied {
    /// Name and password do not belong together.
    Wrong,
    /// Not before this long.
    Wait(Duration),
    /// Nobody approved the account yet.
    Pending,
    /// The account may not sign in.
    Disabled,
    /// The hashing thread has too much to do.
    Busy(Duration),
    /// The service.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Denied {
    fn from(error: E) -> Self {
        match error.into() {
            Failure::TooMany { wait } => Self::Wait(wait),
            failure => Self::Failed(failure),
        }
    }
}

/// What somebody gave.
pub(crate) struct Given<'a> {
    pub(crate) login: &'a str,
    pub(crate) password: &'a str,
}

impl Issuer {
    /// Holds name and password against each other. Every answer takes one hash, whether there is
    /// such an account or not.
    pub(crate) async fn admit(
        &self,
        caller: &Caller,
        headers: &HeaderMap,
        given: Given<'_>,
    ) -> Result<Admitted, Denied> {
        let judged = self.judge(caller, headers, given).await;
        self.metrics.logged_in(match &judged {
            Ok(_) => Login::Ok,
            Err(Denied::Wrong) => Login::Wrong,
            Err(Denied::Wait(_)) => Login::Slowed,
            Err(Denied::Pending | Denied::Disabled) => Login::Inactive,
            Err(Denied::Busy(_)) => Login::Busy,
            Err(Denied::Failed(_)) => Login::Failed,
        });
        judged
    }

    async fn judge(
        &self,
        caller: &Caller,
        headers: &HeaderMap,
        given: Given<'_>,
    ) -> Result<Admitted, Denied> {
        let login = username::login(given.login);
        let Ok(password) = Password::new(given.password) else {
            return Err(Denied::Wrong);
        };
        let address = caller.network();
        let by_account = Use::LoginByAccount {
            account: &login,
            address,
        };
        caller.spend(self, &[Use::LoginByAddress(address), by_account])?;
        let named = login.clone();
        let account = self
            .ask(|store, reply| store.account_by_login(named, reply))
            .await?;
        let salt = self.salt()?;
        let attempt = self.attempt(caller, headers, (&login, account.as_ref()))?;
        let hash = account
            .as_ref()
            .and_then(|account| account.password.clone());
        let verified = match self.hasher.verify(password, hash.clone(), salt).await {
            Ok(verified) => verified,
            Err(busy) => {
                self.slowdown.withdrawn(attempt, self.now());
                return Err(Denied::Busy(busy.wait));
            }
        };
        let account = match account {
            Some(account) if verified.ok => account,
            account => {
                self.slowdown.failed(attempt, self.now());
                self.note_refusal(caller, account.as_ref());
                return Err(Denied::Wrong);
            }
        };
        self.slowdown.succeeded(attempt, self.now());
        match account.state {
            AccountState::Active => {}
            AccountState::Pending => return Err(Denied::Pending),
            AccountState::Disabled => return Err(Denied::Disabled),
        }
        if let (Some(old), Some(new)) = (hash, verified.upgrade) {
            let account = account.id.clone();
            let upgrade = PasswordUpgrade { account, old, new };
            self.ask(|store, reply| store.upgrade_password(upgrade, reply))
                .await?;
        }
        let device = self.device(headers, &account)?;
        Ok(Admitted { account, device })
    }

    /// Whether another password may be looked at after those that were wrong. What counts is what
    /// was typed, so that nobody learns which names are of one account; a browser is known to the
    /// account itself, whichever of its names is typed there.
    fn attempt(
        &self,
        caller: &Caller,
        headers: &HeaderMap,
        (login, account): (&str, Option<&Account>),
    ) -> Result<Attempt, Denied> {
        let now = self.now();
        let device = Cookie::Device.read(headers).and_then(|cookie| {
            let account = account?.id.as_str();
            self.devices.recognise(cookie.expose(), account, now)
        });
        let address = caller.network();
        match self.slowdown.before(login, device.as_ref(), address, now) {
            Admission::Go(attempt) => Ok(attempt),
            Admission::Wait(wait) => Err(caller.has_to_wait(wait).into()),
        }
    }

    /// Notes a wrong password where that says something new. What was typed as a name stands
    /// nowhere: it may have been a password.
    fn note_refusal(&self, caller: &Caller, account: Option<&Account>) {
        let id = account.map(|account| account.id.as_str());
        let noted = self.refusals.note(id, caller.network(), self.now());
        if let Some(count) = noted.entry {
            let act = caller.act(self, Actor::Anonymous);
            let event = Event::new(&act, "sign_in.refused", id.unwrap_or("nobody"));
            let event = event.with("count", &count);
            self.leave(|store, reply| store.append_audit(event, reply));
        }
        if let Some(account) = account.filter(|_| noted.warns) {
            self.send_slowed_down(account);
        }
    }

    /// The cookie of a browser in which an account just signed in.
    pub(crate) fn device(
        &self,
        headers: &HeaderMap,
        account: &Account,
    ) -> Result<HeaderValue, Failure> {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes)?;
        let cookie = Cookie::Device.read(headers);
        let known = cookie.as_ref().map(Credential::expose);
        let (account, fresh) = (account.id.as_str(), DeviceId::new(bytes));
        let proof = self
            .devices
            .prove(known, account, fresh, self.now())
            .map_err(|_| Failure::Internal)?;
        Cookie::Device.set(&Credential::new(proof), Some(KNOWN))
    }

    /// A salt for a hash.
    pub(crate) fn salt(&self) -> Result<[u8; SALT], NoRandomness> {
        let mut salt = [0; SALT];
        self.random.fill(&mut salt)?;
        Ok(salt)
    }

    /// Whether somebody may make an account now.
    pub(super) fn may_register(&self, caller: &Caller) -> Result<(), TooMany> {
        caller.spend(self, &[Use::RegistrationByAddress(caller.network())])
    }

    /// Whether a mail may be asked for now.
    pub(super) fn may_have_mail(&self, caller: &Caller, login: &str) -> Result<(), TooMany> {
        let by_address = Use::ResetByAddress(caller.network());
        caller.spend(self, &[by_address, Use::ResetByAccount(login)])
    }
}
