use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use jeton_oauth::Credential;
use jeton_oauth::claims::PASSWORD_ACR;
use jeton_store::account::Account;
use jeton_store::session::{Session, SessionUse};
use jeton_store::{Actor, SessionId, Sha256, StoreError};

use crate::answer::Failure;
use crate::caller::Caller;
use crate::cookies::Cookie;
use crate::issuer::Issuer;

/// A use within this time of the last one is not noted.
const NOTED_EVERY: i64 = 60;

/// A session that just began, with the secret that only its browser gets.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) session: Session,
    secret: Credential,
    lifetime: Duration,
}

impl Begun {
    pub(crate) fn cookie(&self) -> Result<HeaderValue, Failure> {
        Cookie::Session.set(&self.secret, Some(self.lifetime))
    }
}

impl Issuer {
    /// The live session of a browser. Its use is noted, at most once a minute.
    pub(crate) async fn session(
        &self,
        headers: &HeaderMap,
        caller: &Caller,
    ) -> Result<Option<Session>, StoreError> {
        let Some(cookie) = Cookie::Session.read(headers) else {
            return Ok(None);
        };
        let (hash, now) = (Sha256::of(cookie.expose().as_bytes()), self.now());
        let found = self
            .ask(|store, reply| store.session_by_cookie(hash, now, reply))
            .await?;
        if let Some(session) = &found
            && now.seconds().saturating_sub(session.last_used_at.seconds()) >= NOTED_EVERY
        {
            let usage = SessionUse {
                id: session.id.clone(),
                at: now,
                address: caller.address_text(),
                idle_expires_at: now.saturating_add(self.config.lifetimes.session_idle.value()),
            };
            self.ask(|store, reply| store.touch_session(usage, reply))
                .await?;
        }
        Ok(found)
    }

    /// Signs an account in. The cookie of a session that this browser had before never counts after
    /// it: if the same account signs in once more its session goes on under a new one, and else it
    /// ends.
    pub(crate) async fn begin_session(
        &self,
        account: &Account,
        caller: &Caller,
        headers: &HeaderMap,
    ) -> Result<Begun, Failure> {
        let replaced = self.session(headers, caller).await?;
        let secret = self.random.secret()?;
        let id = match &replaced {
            Some(before) if before.account == account.id => before.id.clone(),
            _ => SessionId::new(self.random.id()?),
        };
        let replaced = replaced.map(|session| session.id);
        let (lifetimes, now) = (&self.config.lifetimes, self.now());
        let session = Session {
            id,
            cookie: Sha256::of(secret.expose().as_bytes()),
            account: account.id.clone(),
            auth_time: now,
            acr: Some(PASSWORD_ACR.to_owned()),
            amr: vec!["pwd".to_owned()],
            device: caller.device(),
            address: caller.address_text(),
            last_used_at: now,
            idle_expires_at: now.saturating_add(lifetimes.session_idle.value()),
            expires_at: now.saturating_add(lifetimes.session.value()),
        };
        let act = caller.act(self, Actor::Account(account.id.clone()));
        let started = session.clone();
        self.change(|store, reply| store.start_session(started, replaced, act, reply))
            .await?;
        Ok(Begun {
            session,
            secret,
            lifetime: lifetimes.session.value(),
        })
    }
}
