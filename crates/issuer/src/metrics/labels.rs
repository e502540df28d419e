//! What a label may say: every value is one of these, so that nobody outside adds a series.

use http::{Method, StatusCode};
use jeton_oauth::client::GrantType;
use jeton_store::grant::{Refusal, Rotation};
use jeton_store::signing_key::KeyState;

/// Makes enumerations of label values, one name each.
macro_rules! labels {
    ($(
        $(#[$meta:meta])* $enum:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $enum { $($(#[$doc])* $variant,)* }

        impl $enum {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The label's value.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    )*};
}

labels! {
    /// A request's method: the known ones, and all others as one.
    Verb {
        /// `GET`
        Get = "GET",
        /// `HEAD`
        Head = "HEAD",
        /// `POST`
        Post = "POST",
        /// `PUT`
        Put = "PUT",
        /// `PATCH`
        Patch = "PATCH",
        /// `DELETE`
        Delete = "DELETE",
        /// `OPTIONS`
        Options = "OPTIONS",
        /// Whatever else somebody sends.
        Other = "_OTHER",
    }

    /// The class of an answer's status.
    Class {
        /// 100 to 199
        Informational = "1xx",
        /// 200 to 299
        Success = "2xx",
        /// 300 to 399
        Redirection = "3xx",
        /// 400 to 499
        ClientError = "4xx",
        /// 500 and above
        ServerError = "5xx",
        /// None: the caller was gone before there was one.
        None = "none",
    }

    /// What an access token was issued for.
    Origin {
        /// A code.
        AuthorizationCode = "authorization_code",
        /// A refresh token.
        RefreshToken = "refresh_token",
        /// The client itself.
        ClientCredentials = "client_credentials",
        /// Another token.
        TokenExchange = "token_exchange",
        /// A password, in an application of the issuer's own.
        SignIn = "sign_in",
    }

    /// What became of a refresh.
    Refresh {
        /// The next generation counts.
        Rotated = "rotated",
        /// The same answer was given again, within grace.
        Replayed = "replayed",
        /// An older token came back: its family is revoked.
        Reused = "reused",
        /// It is none of ours: its MAC is wrong.
        Forged = "forged",
        /// There is no such family.
        Unknown = "unknown",
        /// It is another client's.
        OtherClient = "other_client",
        /// It is bound to another key.
        OtherKey = "other_key",
        /// It is revoked.
        Revoked = "revoked",
        /// It is too old.
        Expired = "expired",
        /// Within grace, and with another question.
        OtherQuestion = "other_question",
        /// It is newer than what is stored.
        AheadOfStore = "ahead_of_store",
    }

    /// What became of a login.
    Login {
        /// The person is in.
        Ok = "ok",
        /// Name or password is wrong.
        Wrong = "wrong",
        /// Too many were wrong: it has to wait a moment.
        Slowed = "slowed",
        /// The password is right, and the account may not sign in, or not yet.
        Inactive = "inactive",
        /// Too many passwords are waiting to be hashed.
        Busy = "busy",
        /// The service failed.
        Failed = "failed",
    }

    /// What became of a mail.
    Mail {
        /// The mail server took it.
        Sent = "sent",
        /// It lies in the folder.
        Kept = "kept",
        /// It could not be given to anybody.
        Failed = "failed",
    }
}

impl From<&Method> for Verb {
    fn from(method: &Method) -> Self {
        match *method {
            Method::GET => Self::Get,
            Method::HEAD => Self::Head,
            Method::POST => Self::Post,
            Method::PUT => Self::Put,
            Method::PATCH => Self::Patch,
            Method::DELETE => Self::Delete,
            Method::OPTIONS => Self::Options,
            _ => Self::Other,
        }
    }
}

impl From<Option<StatusCode>> for Class {
    fn from(status: Option<StatusCode>) -> Self {
        match status.map(|status| status.as_u16()) {
            None => Self::None,
            Some(..200) => Self::Informational,
            Some(200..300) => Self::Success,
            Some(300..400) => Self::Redirection,
            Some(400..500) => Self::ClientError,
            Some(500..) => Self::ServerError,
        }
    }
}

impl From<GrantType> for Origin {
    fn from(grant: GrantType) -> Self {
        match grant {
            GrantType::AuthorizationCode => Self::AuthorizationCode,
            GrantType::RefreshToken => Self::RefreshToken,
            GrantType::ClientCredentials => Self::ClientCredentials,
            GrantType::TokenExchange => Self::TokenExchange,
        }
    }
}

impl From<&Rotation> for Refresh {
    fn from(rotation: &Rotation) -> Self {
        match rotation {
            Rotation::Rotated { .. } => Self::Rotated,
            Rotation::Replayed { .. } => Self::Replayed,
            Rotation::Reused => Self::Reused,
            Rotation::Refused(refusal) => match refusal {
                Refusal::Unknown => Self::Unknown,
                Refusal::OtherClient => Self::OtherClient,
                Refusal::OtherKey => Self::OtherKey,
                Refusal::Revoked => Self::Revoked,
                Refusal::Expired => Self::Expired,
                Refusal::OtherQuestion => Self::OtherQuestion,
                Refusal::AheadOfStore => Self::AheadOfStore,
            },
        }
    }
}

/// The states of a signing key, in the order of its life, with the label's value.
pub(super) const KEY_STATES: [(KeyState, &str); 5] = [
    (KeyState::Planned, "planned"),
    (KeyState::Published, "published"),
    (KeyState::Active, "active"),
    (KeyState::Retired, "retired"),
    (KeyState::Removed, "removed"),
];
