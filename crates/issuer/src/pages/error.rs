use askama::Template;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use jeton_oauth::OAuthError;
use jeton_store::StoreError;

use super::moment::{Span, Unit};
use super::page::{Link, Page};
use super::respond::respond;
use super::text::Foreign;

/// What went wrong, and what to do about it.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// What went wrong.
    pub trouble: Trouble<'a>,
    /// What an operator finds the request by.
    pub reference: Option<Foreign<'a>>,
    /// Where to go now.
    pub next: Option<Link<'a>>,
}

/// What went wrong. The words are in `error.html`.
#[derive(Clone, Copy, Debug)]
pub enum Trouble<'a> {
    /// An application asked for something wrong, and there is no safe way to tell it.
    Application(&'a OAuthError),
    /// The sign-in took too long, or was finished already.
    InteractionExpired,
    /// The link of a mail or of the set-up was used, or is too old.
    LinkSpent,
    /// Another account has the address that was to be confirmed.
    AddressTaken,
    /// A form was shown to somebody else, or before the last sign-in.
    FormExpired,
    /// A form came without the cookie that belongs to it.
    CookieMissing,
    /// A form came from another site.
    ForeignForm,
    /// A form that no page of ours sends.
    FormMalformed,
    /// Nothing is here.
    NotFound,
    /// Nobody may make an account of their own.
    RegistrationClosed,
    /// The password was right; nobody approved the account yet.
    AccountPending,
    /// The password was right; the account may not sign in.
    AccountDisabled,
    /// Too often; how long to wait.
    TooMany(Span),
    /// Too much to do; how long to wait.
    Busy(Span),
    /// What is remembered cannot be reached.
    Unavailable,
    /// Nothing more can be remembered.
    Full,
    /// Something that nobody foresaw.
    Unexpected,
}

/// What an endpoint did not foresee of the store. `Taken`, `Missing` and `Stale` it should have.
impl From<&StoreError> for Trouble<'_> {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Unavailable { .. } => Self::Unavailable,
            _ => Self::Unexpected,
        }
    }
}

impl Trouble<'_> {
    /// The status that goes with it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Application(_)
            | Self::InteractionExpired
            | Self::CookieMissing
            | Self::FormExpired
            | Self::FormMalformed => StatusCode::BAD_REQUEST,
            Self::ForeignForm
            | Self::RegistrationClosed
            | Self::AccountPending
            | Self::AccountDisabled => StatusCode::FORBIDDEN,
            Self::AddressTaken => StatusCode::CONFLICT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::LinkSpent => StatusCode::GONE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::Unavailable | Self::Full => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unexpected => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn is_for_developers(&self) -> bool {
        matches!(self, Self::Application(_))
    }

    /// How long to wait before another attempt.
    fn wait(&self) -> Option<Span> {
        match self {
            Self::TooMany(wait) | Self::Busy(wait) => Some(*wait),
            Self::Unavailable => Some(Span {
                amount: 30,
                unit: Unit::Second,
            }),
            Self::Full => Some(Span {
                amount: 5,
                unit: Unit::Minute,
            }),
            _ => None,
        }
    }
}

impl ErrorPage<'_> {
    /// The page with its status, and with `Retry-After` where waiting helps.
    pub fn respond(&self) -> Response {
        let mut response = respond(self.trouble.status(), self);
        if let Some(wait) = self.trouble.wait() {
            let seconds = HeaderValue::from(wait.seconds());
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
