use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use super::{Condition, Policy, PolicyError, Rule, TypeRule};
use crate::alg::AlgorithmSet;

/// Ready policies for the kinds of token that standards define. Issuer, audience and keys are
/// added by the caller. Their types exclude each other (RFC 8725 §3.12); only id tokens and client
/// assertions may both be of type `JWT` or of none, and are told apart by issuer and audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// OpenID Connect Core §2.
    IdToken,
    /// RFC 9068 §2.
    AccessToken,
    /// RFC 9449 §4.2; the key is in the header and proves possession only.
    DpopProof,
    /// RFC 7523 §3.
    ClientAssertion,
    /// OpenID Connect Back-Channel Logout §2.4. That one of `sub` and `sid` is there is the
    /// caller's to check.
    LogoutToken,
    /// RFC 8417 §2.
    SecurityEvent,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 6] = [
        Self::IdToken,
        Self::AccessToken,
        Self::DpopProof,
        Self::ClientAssertion,
        Self::LogoutToken,
        Self::SecurityEvent,
    ];

    /// The name in policy files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdToken => "id-token",
            Self::AccessToken => "access-token",
            Self::DpopProof => "dpop-proof",
            Self::ClientAssertion => "client-assertion",
            Self::LogoutToken => "logout-token",
            Self::SecurityEvent => "security-event",
        }
    }

    /// The document that defines the token.
    pub const fn reference(self) -> &'static str {
        match self {
            Self::IdToken => "OpenID Connect Core 1.0 §2",
            Self::AccessToken => "RFC 9068 §2",
            Self::DpopProof => "RFC 9449 §4.2",
            Self::ClientAssertion => "RFC 7523 §3",
            Self::LogoutToken => "OpenID Connect Back-Channel Logout 1.0 §2.4",
            Self::SecurityEvent => "RFC 8417 §2",
        }
    }

    /// The policy. Algorithms are all asymmetric ones; narrow them where the issuer's are known.
    pub fn policy(self) -> Policy {
        let policy = Policy::new(AlgorithmSet::asymmetric());
        match self {
            Self::IdToken => Policy {
                typ: Some(one_type("JWT", true)),
                required: names(&["iss", "sub", "aud", "exp", "iat"]),
                forbidden: names(&["events", "htm"]),
                ..policy
            },
            Self::AccessToken => Policy {
                typ: Some(one_type("at+jwt", false)),
                required: names(&["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]),
                ..policy
            },
            Self::DpopProof => Policy {
                typ: Some(one_type("dpop+jwt", false)),
                required: names(&["jti", "htm", "htu", "iat"]),
                max_age: Some(Duration::from_mins(5)),
                ..policy
            },
            Self::ClientAssertion => Policy {
                typ: Some(TypeRule {
                    any_of: names(&["JWT", "client-authentication+jwt"]),
                    optional: true,
                }),
                required: names(&["iss", "sub", "aud", "exp"]),
                forbidden: names(&["events", "htm"]),
                rules: vec![Rule::new(["iss"], Condition::SameAs(names(&["sub"])))],
                ..policy
            },
            Self::LogoutToken => Policy {
                typ: Some(one_type("logout+jwt", false)),
                required: names(&["iss", "aud", "iat", "exp", "jti", "events"]),
                forbidden: names(&["nonce"]),
                rules: vec![Rule::new(
                    ["events", BACK_CHANNEL_LOGOUT],
                    Condition::Present,
                )],
                ..policy
            },
            Self::SecurityEvent => Policy {
                typ: Some(one_type("secevent+jwt", false)),
                required: names(&["iss", "iat", "jti", "events"]),
                ..policy
            },
        }
    }
}

const BACK_CHANNEL_LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn one_type(typ: &str, optional: bool) -> TypeRule {
    TypeRule {
        any_of: vec![typ.to_owned()],
        optional,
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Preset {
    type Err = PolicyError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|preset| preset.name() == name)
            .ok_or_else(|| PolicyError::preset(name))
    }
}
