//! Who is signed in where.

use jeton_jose::UnixTime;

use crate::act::Act;
use crate::hash::Sha256;
use crate::id::{AccountId, SessionId};
use crate::reply::Reply;

/// A session in one browser or application.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Session {
    /// Its public name, the `sid` of tokens.
    pub id: SessionId,
    /// The hash of the secret in its cookie.
    pub cookie: Sha256,
    /// Who.
    pub account: AccountId,
    /// When the person signed in.
    #[serde(with = "crate::instant")]
    pub auth_time: UnixTime,
    /// How surely.
    #[serde(default)]
    pub acr: Option<String>,
    /// By what.
    #[serde(default)]
    pub amr: Vec<String>,
    /// What the browser calls itself.
    #[serde(default)]
    pub device: Option<String>,
    /// Where it was last.
    #[serde(default)]
    pub address: Option<String>,
    /// When it was used last.
    #[serde(with = "crate::instant")]
    pub last_used_at: UnixTime,
    /// When it ends unless it is used.
    #[serde(with = "crate::instant")]
    pub idle_expires_at: UnixTime,
    /// When it ends in any case.
    #[serde(with = "crate::instant")]
    pub expires_at: UnixTime,
}

impl Session {
    /// Whether it still counts.
    pub fn is_live(&self, now: UnixTime) -> bool {
        now < self.expires_at && now < self.idle_expires_at
    }
}

/// A use of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionUse {
    /// Which.
    pub id: SessionId,
    /// When.
    pub at: UnixTime,
    /// From where.
    pub address: Option<String>,
    /// When it ends unless it is used again.
    pub idle_expires_at: UnixTime,
}

/// Who is signed in where.
pub trait Sessions {
    /// Starts a session of an active account (`Missing` otherwise). The one that it replaces ends: a
    /// cookie from before the sign-in never counts after it. One that replaces itself, of the same
    /// account, goes on under its new cookie with all that belongs to it.
    fn start_session(
        &self,
        session: Session,
        replaced: Option<SessionId>,
        act: Act,
        reply: Reply<()>,
    );

    /// The live session with this cookie.
    fn session_by_cookie(&self, cookie: Sha256, now: UnixTime, reply: Reply<Option<Session>>);

    /// The live sessions of an account, the last used first.
    fn sessions_of(&self, account: AccountId, now: UnixTime, reply: Reply<Vec<Session>>);

    /// Notes a use; answers whether the session is still there. Never shortens it, and never
    /// beyond its end.
    fn touch_session(&self, usage: SessionUse, reply: Reply<bool>);

    /// Ends a session, its codes and the refresh families that live with it; answers whether it was there.
    fn end_session(&self, id: SessionId, act: Act, reply: Reply<bool>);

    /// Ends the sessions of an account but one; without one, also everything that was ever issued
    /// for the account. Answers how many sessions ended.
    fn end_sessions(
        &self,
        account: AccountId,
        keep: Option<SessionId>,
        act: Act,
        reply: Reply<u64>,
    );
}
