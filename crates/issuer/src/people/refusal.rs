use std::time::Duration;

use axum::response::Response;
use jeton_oauth::OAuthError;
use jeton_oauth::authorize::Redirect;
use jeton_store::StoreError;

use crate::allowance::TooMany;
use crate::answer::Failure;
use crate::issuer::Issuer;
use crate::pages::{ErrorPage, Link, Page, Span, Trouble};
use crate::password::Busy;
use crate::people::send_back;
use crate::random::NoRandomness;

/// Why a page is not the one that was asked for.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// An application asked for something wrong, and there is no safe way to tell it.
    Application(OAuthError),
    /// The application is told instead.
    Back(Box<Redirect>),
    LinkSpent,
    AddressTaken,
    CookieMissing,
    FormExpired,
    FormMalformed,
    RegistrationClosed,
    AccountPending,
    AccountDisabled,
    TooMany(Duration),
    Busy(Duration),
    Unavailable,
    Full,
    Unexpected,
}

impl Refusal {
    /// The page that says so, and what to do.
    pub(crate) fn respond(&self, issuer: &Issuer) -> Response {
        let trouble = match self {
            Self::Application(error) => Trouble::Application(error),
            Self::Back(redirect) => return send_back(issuer, redirect),
            Self::LinkSpent => Trouble::LinkSpent,
            Self::AddressTaken => Trouble::AddressTaken,
            Self::FormExpired => Trouble::FormExpired,
            Self::CookieMissing => Trouble::CookieMissing,
            Self::FormMalformed => Trouble::FormMalformed,
            Self::RegistrationClosed => Trouble::RegistrationClosed,
            Self::AccountPending => Trouble::AccountPending,
            Self::AccountDisabled => Trouble::AccountDisabled,
            Self::TooMany(wait) => Trouble::TooMany(Span::up(*wait)),
            Self::Busy(wait) => Trouble::Busy(Span::up(*wait)),
            Self::Unavailable => Trouble::Unavailable,
            Self::Full => Trouble::Full,
            Self::Unexpected => Trouble::Unexpected,
        };
        shown(issuer, trouble)
    }
}

fn shown(issuer: &Issuer, trouble: Trouble<'_>) -> Response {
    let (base, path) = (issuer.path(""), next(trouble).map(|page| issuer.path(page)));
    ErrorPage {
        page: Page::new(issuer.name(), &base),
        trouble,
        reference: None,
        next: path.as_deref().map(Link::Ours),
    }
    .respond()
}

/// Where somebody finds what they probably came for.
fn next(trouble: Trouble<'_>) -> Option<&'static str> {
    match trouble {
        Trouble::LinkSpent | Trouble::AddressTaken | Trouble::RegistrationClosed => {
            Some("/sign-in")
        }
        Trouble::FormExpired | Trouble::ForeignForm => Some("/account"),
        _ => None,
    }
}

impl From<TooMany> for Refusal {
    fn from(TooMany(wait): TooMany) -> Self {
        Self::TooMany(wait)
    }
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self::Application(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store did not answer");
        match error {
            StoreError::Full => Self::Full,
            StoreError::Unavailable { .. } => Self::Unavailable,
            _ => Self::Unexpected,
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::OAuth(error) => Self::Application(error),
            Failure::Busy { retry_after } => Self::Busy(Duration::from_secs(retry_after)),
            Failure::TooMany { wait } => Self::TooMany(wait),
            Failure::Internal => Self::Unexpected,
        }
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        Failure::from(error).into()
    }
}

impl From<Busy> for Refusal {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy.wait)
    }
}

/// The answer to a form of another site.
pub(super) fn foreign_form(issuer: &Issuer) -> Response {
    shown(issuer, Trouble::ForeignForm)
}
