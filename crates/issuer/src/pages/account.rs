use askama::Template;
use jeton_jose::UnixTime;

use super::consent::Asked;
use super::form::{Flaws, Input};
use super::moment::Moment;
use super::page::{Application, Page};
use super::text::Foreign;
use crate::device::Device;

/// What a person sees of their own account. Its forms, all with `form_token`, post to
///
/// - `/account/profile`: `name`
/// - `/account/email`: `email`, `current_password`
/// - `/account/email/verify`: nothing else
/// - `/account/password`: `current_password`, `password`, `password_again`
/// - `/account/sessions/end`: `session`, an id
/// - `/account/sessions/end-others`: nothing else
/// - `/account/applications/withdraw`: `client`, an id
/// - `/sign-out`: nothing else
#[derive(Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// The secret of its forms.
    pub form_token: FormToken<'a>,
    /// When it is shown.
    pub now: UnixTime,
    /// The person.
    pub profile: Profile<'a>,
    /// What was tried to be changed and is not yet.
    pub changing: Changing<'a>,
    /// What is wrong with it.
    pub flaws: Flaws<'a>,
    /// The fewest characters of a password.
    pub least: usize,
    /// Where they are signed in, this session first.
    pub sessions: &'a [SessionRow<'a>],
    /// What they allowed.
    pub connected: &'a [Connected<'a>],
}

/// The secret of a page's forms.
#[derive(Clone, Copy)]
pub struct FormToken<'a>(pub &'a str);

impl core::fmt::Debug for FormToken<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("FormToken(..)")
    }
}

impl core::fmt::Display for FormToken<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.0)
    }
}

/// What an account says of the person.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// What they sign in with.
    pub username: Foreign<'a>,
    /// Their name, or what was typed for it.
    pub name: &'a str,
    /// Their address.
    pub email: Option<Foreign<'a>>,
    /// Whether they proved to read mail there.
    pub is_verified: bool,
    /// The address that will be theirs once they prove it.
    pub pending: Option<Foreign<'a>>,
}

/// What was tried to be changed: its form stands open.
#[derive(Clone, Copy, Debug, Default)]
pub enum Changing<'a> {
    /// Nothing, or the name.
    #[default]
    Nothing,
    /// The address, to what was typed.
    Email(&'a str),
    /// The password.
    Password,
}

impl Changing<'_> {
    fn is_email(&self) -> bool {
        matches!(self, Self::Email(_))
    }

    fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }

    fn typed_email(&self) -> &str {
        match self {
            Self::Email(typed) => typed,
            _ => "",
        }
    }
}

/// A session.
#[derive(Clone, Debug)]
pub struct SessionRow<'a> {
    /// Its public name.
    pub id: &'a str,
    /// What the browser called itself.
    pub device: Device,
    /// Its network address, and the place if that is known.
    pub place: Option<Foreign<'a>>,
    /// Since when.
    pub signed_in: Moment,
    /// When last.
    pub last_used: Moment,
    /// Whether it is the one that shows the page.
    pub is_this: bool,
}

/// An application that was allowed something.
#[derive(Clone, Copy, Debug)]
pub struct Connected<'a> {
    /// Which.
    pub client: Application<'a>,
    /// What it may.
    pub asked: &'a [Asked<'a>],
    /// The APIs where it may, by name.
    pub apis: &'a [Foreign<'a>],
    /// When that was allowed last.
    pub since: Moment,
}
