use core::num::NonZeroU32;

use jeton_settings::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So many requests in so long. All may come at once; then they come back one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How many.
    #[schema(value_type = u32, minimum = 1)]
    pub requests: NonZeroU32,
    /// In how long.
    pub per: Duration,
}

impl Policy {
    const fn new(requests: u32, seconds: u64) -> Self {
        Self {
            requests: match NonZeroU32::new(requests) {
                Some(requests) => requests,
                None => NonZeroU32::MIN,
            },
            per: Duration::from_seconds(seconds),
        }
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $field:ident $kind:ident $name:literal = $requests:literal in $seconds:literal;)*) => {
        /// What is limited, and how much.
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Limits {
            $($(#[$doc])* pub $field: Policy,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: Policy::new($requests, $seconds),)* }
            }
        }

        /// A row of the table of limits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $($kind,)* }

        impl Kind {
            pub(super) const ALL: &[Self] = &[$(Self::$kind,)*];

            /// As `RateLimit-Policy` names it.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            pub(super) const fn policy(self, limits: &Limits) -> Policy {
                match self { $(Self::$kind => limits.$field,)* }
            }
        }
    };
}

limits! {
    /// Sign-ins to one account from one address. Failures are slowed down beside it.
    login_by_account LoginByAccount "login-account" = 20 in 60;
    /// Sign-ins from one address.
    login_by_address LoginByAddress "login-address" = 120 in 60;
    /// Tokens for one client: a service may fetch thirty thousand a second, which is more than a
    /// processor signs.
    token_by_client TokenByClient "token-client" = 300_000 in 10;
    /// Requests for tokens from one address, which may be that of several services.
    token_by_address TokenByAddress "token-address" = 600_000 in 10;
    /// Requests from one address with a client secret, code or refresh token that nobody was given.
    failure_by_address FailureByAddress "failure-address" = 60 in 60;
    /// Refreshes of one sign-in on one device: a hundred tabs may all come at once.
    refresh_by_family RefreshByFamily "refresh-family" = 600 in 60;
    /// Mails to one account to set a new password or verify an address.
    reset_by_account ResetByAccount "reset-account" = 5 in 3600;
    /// Requests for such mails from one address.
    reset_by_address ResetByAddress "reset-address" = 30 in 3600;
    /// Registrations from one address.
    registration_by_address RegistrationByAddress "registration-address" = 20 in 3600;
}
