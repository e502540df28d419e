use askama::Template;

use super::form::Form;
use super::page::{Link, Page, Person};

/// Really? Posts `answer`: `sign-out` or `stay`; with `everywhere=yes` all sessions are meant. The
/// application that asks is the page's client.
#[derive(Debug, Template)]
#[template(path = "sign_out.html")]
pub struct SignOut<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// Who is signed in.
    pub person: Person<'a>,
}

/// Gone.
#[derive(Debug, Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// Whether all sessions ended.
    pub everywhere: bool,
    /// Where to go now.
    pub next: Option<Link<'a>>,
}
