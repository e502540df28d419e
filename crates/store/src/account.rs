//! People: accounts, passwords, tickets for what is done once by mail.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use jeton_jose::UnixTime;
use jeton_jose::json::RawJson;

use crate::act::Act;
use crate::hash::Sha256;
use crate::id::{AccountId, SessionId};
use crate::reply::Reply;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Account {
    /// Its identifier, the `sub` of tokens; never used again.
    pub id: AccountId,
    /// What it signs in with; unique, in the normal form that the caller chose.
    pub username: String,
    /// Its e-mail address; unique where it is there.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether somebody proved to read mail there.
    #[serde(default)]
    pub email_verified: bool,
    /// The hash of its password; without one it cannot sign in by password.
    #[serde(default)]
    pub password: Option<PasswordHash>,
    /// Whether it may sign in.
    pub state: AccountState,
    /// Roles of its own.
    #[serde(default)]
    pub roles: BTreeSet<String>,
    /// Groups it belongs to.
    #[serde(default)]
    pub groups: BTreeSet<String>,
    /// Further claims about the person.
    #[serde(default)]
    pub attributes: BTreeMap<String, RawJson>,
    /// Since when it exists.
    #[serde(with = "crate::instant")]
    pub created_at: UnixTime,
    /// How often it was changed; a change has to name the revision that it read.
    pub revision: u64,
}

/// Whether an account may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It may.
    Active,
    /// It registered and nobody approved it yet.
    Pending,
    /// It may not.
    Disabled,
}

/// A password's hash with its algorithm and parameters (a PHC string).
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a PHC string over.
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The PHC string.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// A new password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordChange {
    /// Whose.
    pub account: AccountId,
    /// Its hash.
    pub password: PasswordHash,
    /// The session that goes on; all others end.
    pub keep: Option<SessionId>,
}

/// A password's hash under better parameters; nothing ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordUpgrade {
    /// Whose.
    pub account: AccountId,
    /// The hash that the password was checked against.
    pub old: PasswordHash,
    /// The better one.
    pub new: PasswordHash,
}

/// Something that can be done once by whoever has the secret, which was sent by mail or printed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Ticket {
    /// The hash of the secret.
    pub hash: Sha256,
    /// What it is for.
    pub purpose: TicketPurpose,
    /// Whom it concerns.
    pub account: Option<AccountId>,
    /// What it is about, such as the address to be verified.
    pub subject: Option<String>,
    /// Until when.
    #[serde(with = "crate::instant")]
    pub expires_at: UnixTime,
}

/// What a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketPurpose {
    /// To make the first administrator.
    Setup,
    /// To choose a new password.
    PasswordReset,
    /// To prove that mail is read.
    EmailVerification,
}

/// People.
pub trait Accounts {
    /// Adds an account with revision 0. `Taken` for a username or address that is in use.
    fn create_account(&self, account: Account, act: Act, reply: Reply<()>);

    /// An account.
    fn account(&self, id: AccountId, reply: Reply<Option<Account>>);

    /// The account that signs in with this username or address.
    fn account_by_login(&self, login: String, reply: Reply<Option<Account>>);

    /// Up to `limit` accounts in the order of their usernames, after this one.
    fn accounts(&self, after: Option<String>, limit: u32, reply: Reply<Vec<Account>>);

    /// Replaces an account; its revision has to be the stored one, and the answer is the next.
    /// What is not active any more is signed out everywhere. The password stays what it is.
    fn update_account(&self, account: Account, act: Act, reply: Reply<u64>);

    /// Deletes an account with all that belongs to it. Its tokens count no more.
    fn delete_account(&self, id: AccountId, act: Act, reply: Reply<()>);

    /// Sets a password, ends all sessions but one and voids tickets to reset it.
    fn change_password(&self, change: PasswordChange, act: Act, reply: Reply<()>);

    /// Replaces a password's hash if it is still the old one; answers whether it was.
    fn upgrade_password(&self, upgrade: PasswordUpgrade, reply: Reply<bool>);

    /// Keeps a ticket. Earlier ones of the same purpose and account are void.
    fn save_ticket(&self, ticket: Ticket, act: Act, reply: Reply<()>);

    /// A ticket that could be used up for this purpose at this time; it stays.
    fn ticket(
        &self,
        hash: Sha256,
        purpose: TicketPurpose,
        now: UnixTime,
        reply: Reply<Option<Ticket>>,
    );

    /// The one that an account has for this purpose at this time.
    fn ticket_of(
        &self,
        account: AccountId,
        purpose: TicketPurpose,
        now: UnixTime,
        reply: Reply<Option<Ticket>>,
    );

    /// Uses a ticket up; `None` if there is none, or none for this purpose at this time.
    fn consume_ticket(
        &self,
        hash: Sha256,
        purpose: TicketPurpose,
        act: Act,
        reply: Reply<Option<Ticket>>,
    );
}
