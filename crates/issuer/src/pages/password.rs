use askama::Template;

use super::form::{Flaws, Form};
use super::moment::Span;
use super::page::Page;
use super::text::Foreign;

/// Whose password is forgotten? Posts `login`.
#[derive(Debug, Template)]
#[template(path = "forgot.html")]
pub struct Forgot<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// Who it probably is.
    pub login: &'a str,
    /// Where those go who remember.
    pub sign_in: &'a str,
}

/// A mail is on its way, or would be if there were such an account: the page is the same.
#[derive(Debug, Template)]
#[template(path = "mail_sent.html")]
pub struct MailSent<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// What for.
    pub purpose: MailPurpose<'a>,
    /// How long its link works.
    pub lasts: Span,
}

/// What a mail is for.
#[derive(Clone, Copy, Debug)]
pub enum MailPurpose<'a> {
    /// To choose a new password; whether anybody gets it is not said.
    Reset,
    /// To prove that mail is read at this address.
    Verification(Foreign<'a>),
}

/// A new password. The form brings the ticket back. Posts `password`, `password_again`.
#[derive(Debug, Template)]
#[template(path = "reset.html")]
pub struct Reset<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// Whose it is, for the password manager.
    pub username: Foreign<'a>,
    /// What is wrong with it.
    pub flaws: Flaws<'a>,
    /// The fewest characters of a password.
    pub least: usize,
}
