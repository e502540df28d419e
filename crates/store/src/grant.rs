//! What people granted to clients: consent, codes, refresh families.

use core::fmt;
use core::time::Duration;

use jeton_jose::UnixTime;
pub use jeton_oauth::authorize::ClaimsRequest;
pub use jeton_oauth::claims::Confirmation;
pub use jeton_oauth::pkce::Challenge;
use jeton_oauth::{Resource, Scope};

use crate::act::Act;
use crate::hash::Sha256;
use crate::id::{AccountId, ClientId, FamilyId, SessionId};
use crate::reply::Reply;

/// What was granted, to whom, by whom.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Grant {
    /// The client that holds it.
    pub client: ClientId,
    /// The account that gave it.
    pub account: AccountId,
    /// The session in which it did.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// Whether it outlives the session (`offline_access`).
    #[serde(default)]
    pub offline: bool,
    /// What it allows.
    pub scope: Scope,
    /// Where.
    #[serde(default)]
    pub resources: Vec<Resource>,
    /// For the id token.
    #[serde(default)]
    pub nonce: Option<String>,
    /// When the person signed in.
    #[serde(with = "crate::instant")]
    pub auth_time: UnixTime,
    /// How surely.
    #[serde(default)]
    pub acr: Option<String>,
    /// By what.
    #[serde(default)]
    pub amr: Vec<String>,
    /// Single claims that were asked for.
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// The key that its tokens are bound to.
    #[serde(default)]
    pub confirmation: Option<Confirmation>,
}

/// What an account allowed a client once, so that it is not asked again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Consent {
    /// Who allowed it.
    pub account: AccountId,
    /// To whom.
    pub client: ClientId,
    /// What.
    pub scope: Scope,
    /// Where.
    pub resources: Vec<Resource>,
    /// When last.
    #[serde(with = "crate::instant")]
    pub at: UnixTime,
}

/// An authorization code, to be redeemed once.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuthorizationCode {
    /// The hash of the code.
    pub hash: Sha256,
    /// What it stands for.
    pub grant: Grant,
    /// The redirect URI, if the request named one: the token request has to name the same.
    pub redirect_uri: Option<String>,
    /// The challenge, if the request had one.
    pub challenge: Option<Challenge>,
    /// Until when.
    #[serde(with = "crate::instant")]
    pub expires_at: UnixTime,
}

/// The redemption of a code: what will be issued for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeem {
    /// The hash of the code.
    pub code: Sha256,
    /// The client that redeems it.
    pub client: ClientId,
    /// The access token, to be revoked should the code come again.
    pub access_token: IssuedToken,
    /// The refresh family that starts.
    pub family: Option<NewFamily>,
}

/// An access token as the revocation log names it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IssuedToken {
    /// Its issuer.
    pub iss: String,
    /// Its id.
    pub jti: String,
    /// Until when.
    #[serde(with = "crate::instant")]
    pub expires_at: UnixTime,
}

/// What became of a redemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redemption {
    /// It is this client's, it is fresh, and now it is used; the family exists.
    First,
    /// It was used before: what was issued for it is revoked now.
    Replayed,
    /// It was never used and is too old.
    Expired,
    /// There is no such code of this client.
    Unknown,
}

/// A refresh family to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFamily {
    /// Its identifier.
    pub id: FamilyId,
    /// What it stands for.
    pub grant: Grant,
    /// When it ends unless it is used.
    pub idle_expires_at: UnixTime,
    /// When it ends in any case.
    pub expires_at: UnixTime,
}

/// A refresh family: one authorization, and which generation of its token counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Its identifier.
    pub id: FamilyId,
    /// What it stands for.
    pub grant: Grant,
    /// The generation that counts; the first is 0.
    pub generation: u64,
    /// Since when it exists.
    pub created_at: UnixTime,
    /// When it was used last.
    pub rotated_at: Option<UnixTime>,
    /// When it ends unless it is used.
    pub idle_expires_at: UnixTime,
    /// When it ends in any case.
    pub expires_at: UnixTime,
    /// Since when it counts no more.
    pub revoked_at: Option<UnixTime>,
}

impl Family {
    /// Whether it still counts.
    pub fn is_live(&self, now: UnixTime) -> bool {
        self.revoked_at.is_none() && now < self.expires_at && now < self.idle_expires_at
    }
}

/// A refresh: the token is authentic ([`crate::refresh_token`]), the client authenticated, and the
/// proof of possession was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Rotate {
    /// The family that the token names.
    pub family: FamilyId,
    /// The generation that the token names.
    pub generation: u64,
    /// The client that presents it.
    pub client: ClientId,
    /// The key of which it proved possession.
    pub confirmation: Option<Confirmation>,
    /// The hash of what was asked for (scope, resources): only the same question gets the same
    /// answer.
    pub question: Sha256,
    /// The answer, sealed, to be given again within grace.
    pub sealed_answer: Vec<u8>,
    /// How long after its use a token gets the same answer again. At most [`Rotate::MOST_GRACE`].
    pub grace: Duration,
    /// When the family ends unless it is used again; `None` leaves what is left.
    pub idle_expires_at: Option<UnixTime>,
}

impl Rotate {
    /// The longest grace there is.
    pub const MOST_GRACE: Duration = Duration::from_mins(5);

    /// Whether a use at `used` is within grace at `now`. The clock may have jumped back, but no
    /// farther than grace.
    pub fn within_grace(&self, used: UnixTime, now: UnixTime) -> bool {
        let grace = self.grace.min(Self::MOST_GRACE);
        !grace.is_zero() && now <= used.saturating_add(grace) && used <= now.saturating_add(grace)
    }
}

impl fmt::Debug for Rotate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rotate")
            .field("family", &self.family)
            .field("generation", &self.generation)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// What became of a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The next generation counts now.
    Rotated {
        /// The next one.
        generation: u64,
    },
    /// The token was used a moment ago with the same question: give this answer again.
    Replayed {
        /// The sealed answer of the first use.
        sealed_answer: Vec<u8>,
    },
    /// The token was used before: somebody else has it, and the family is revoked now.
    Reused,
    /// Nothing changed.
    Refused(Refusal),
}

/// Why a refresh changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such family.
    Unknown,
    /// It is another client's.
    OtherClient,
    /// It is bound to another key.
    OtherKey,
    /// It is revoked.
    Revoked,
    /// It is too old, or was not used for too long.
    Expired,
    /// The token was used a moment ago with another question.
    OtherQuestion,
    /// The token is newer than what is stored: the store was restored from an older copy.
    AheadOfStore,
}

/// What people granted to clients. Codes and families start only for an active account and an
/// enabled client (`Missing` otherwise): either may have ended since the caller looked.
pub trait Grants {
    /// Adds to what an account allowed a client.
    fn widen_consent(&self, consent: Consent, act: Act, reply: Reply<()>);

    /// What an account allowed a client.
    fn consent(&self, account: AccountId, client: ClientId, reply: Reply<Option<Consent>>);

    /// All that an account allowed.
    fn consents_of(&self, account: AccountId, reply: Reply<Vec<Consent>>);

    /// Takes it back, with the codes and families that came of it; answers whether there was any.
    /// Access tokens of the account count no more.
    fn withdraw_consent(&self, account: AccountId, client: ClientId, act: Act, reply: Reply<bool>);

    /// Keeps a code.
    fn save_code(&self, code: AuthorizationCode, reply: Reply<()>);

    /// A code, redeemed or not: what to hold the token request against before it is redeemed.
    fn code(&self, hash: Sha256, reply: Reply<Option<AuthorizationCode>>);

    /// Redeems a code once.
    fn redeem_code(&self, redeem: Redeem, act: Act, reply: Reply<Redemption>);

    /// Starts a family without a code, for an application's own sign-in.
    fn start_family(&self, family: NewFamily, act: Act, reply: Reply<()>);

    /// A family.
    fn family(&self, id: FamilyId, reply: Reply<Option<Family>>);

    /// The live families of an account.
    fn families_of(&self, account: AccountId, now: UnixTime, reply: Reply<Vec<Family>>);

    /// Moves a family one generation on, or says why not.
    fn rotate(&self, rotate: Rotate, act: Act, reply: Reply<Rotation>);

    /// Revokes a family of a client, and with it the access tokens of its session; answers whether
    /// there was one to revoke.
    fn revoke_family(&self, id: FamilyId, client: ClientId, act: Act, reply: Reply<bool>);

    /// Remembers a name (such as the `jti` of an assertion) until it lapses; answers whether it is
    /// new.
    fn admit_once(&self, name: String, expires_at: UnixTime, now: UnixTime, reply: Reply<bool>);
}
