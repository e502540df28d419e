use askama::Template;

use super::form::{Flaws, Form, Input, Typed};
use super::page::Page;
use super::text::Foreign;

/// The first administrator. The form brings the ticket back. Posts `username`, `email`,
/// `password`, `password_again`.
#[derive(Debug, Template)]
#[template(path = "setup.html")]
pub struct Setup<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// What was typed before.
    pub typed: Typed<'a>,
    /// What is wrong with it.
    pub flaws: Flaws<'a>,
    /// The fewest characters of a password.
    pub least: usize,
}

/// An account of one's own. Posts `username`, `email`, `password`, `password_again`.
#[derive(Debug, Template)]
#[template(path = "register.html")]
pub struct Register<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// What was typed before.
    pub typed: Typed<'a>,
    /// What is wrong with it.
    pub flaws: Flaws<'a>,
    /// The fewest characters of a password.
    pub least: usize,
    /// Whether somebody has to approve it.
    pub by_approval: bool,
    /// Where those go who have an account.
    pub sign_in: &'a str,
}

/// Somebody has to approve the account first.
#[derive(Debug, Template)]
#[template(path = "registration_pending.html")]
pub struct RegistrationPending<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// Where a mail went meanwhile.
    pub email: Foreign<'a>,
}

/// What the link in a mail leads to. It takes a press of a button, since scanners of mail follow
/// links. The form brings the ticket back and posts nothing else.
#[derive(Debug, Template)]
#[template(path = "verify_email.html")]
pub struct VerifyEmail<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// What is confirmed.
    pub email: Foreign<'a>,
    /// Whose it will be.
    pub username: Foreign<'a>,
}

/// The address is confirmed.
#[derive(Debug, Template)]
#[template(path = "email_verified.html")]
pub struct EmailVerified<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// Which.
    pub email: Foreign<'a>,
    /// Where to go on: a path of ours.
    pub next: &'a str,
}
