//! What people see: every page of the service as a typed view. The words are in `templates/`, in
//! one language for now; another is another folder of them.
//!
//! A view decides nothing and knows no request: an endpoint fills it and hands it to [`respond`].
//! All pages work without script. To add one: a template that extends `card.html`, its struct in
//! the file that it belongs to, a line in `views!`, a sample in the tests.

mod account;
mod consent;
mod error;
mod form;
mod form_post;
mod moment;
mod notice;
mod page;
mod password;
mod register;
mod respond;
mod sign_in;
mod sign_out;
mod stylesheet;
mod text;

pub use account::{AccountPage, Changing, Connected, FormToken, Profile, SessionRow};
pub use consent::{ApiAsked, Asked, Consent, Permission};
pub use error::{ErrorPage, Trouble};
pub use form::{Flaw, Flaws, Form, Hidden, Input, Typed};
pub use form_post::FormPost;
pub use moment::{Moment, Span, Unit};
pub use notice::Notice;
pub use page::{Application, FormAction, Link, Page, Person};
pub use password::{Forgot, MailPurpose, MailSent, Reset};
pub use register::{EmailVerified, Register, RegistrationPending, Setup, VerifyEmail};
pub use respond::{View, respond};
pub use sign_in::{ChooseAccount, SignIn, SignInAgain};
pub use sign_out::{SignOut, SignedOut};
pub use stylesheet::stylesheet;
pub use text::{Foreign, Site};

macro_rules! views {
    ($($view:ident),* $(,)?) => {$(
        impl View for $view<'_> {
            fn page(&self) -> &Page<'_> {
                &self.page
            }
        }
    )*};
}

views! {
    AccountPage, ChooseAccount, Consent, EmailVerified, ErrorPage, Forgot, MailSent, Register,
    RegistrationPending, Reset, Setup, SignIn, SignInAgain, SignOut, SignedOut, VerifyEmail,
}

#[cfg(test)]
mod tests;
