use askama::Template;

use super::form::Form;
use super::page::{Page, Person};

/// Who are you? Posts `login` and `password`.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// Who it probably is: what was typed before, or the hint of an application.
    pub login: &'a str,
    /// Where a forgotten password is replaced, if it can be.
    pub forgot: Option<&'a str>,
    /// Where an account is made, if anybody may.
    pub register: Option<&'a str>,
}

/// Is it still you? For `prompt=login`, `max_age`, and before something delicate. Posts `password`,
/// or `choice=other` to sign in as somebody else.
#[derive(Debug, Template)]
#[template(path = "sign_in_again.html")]
pub struct SignInAgain<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// Who is signed in.
    pub person: Person<'a>,
    /// Where a forgotten password is replaced, if it can be.
    pub forgot: Option<&'a str>,
}

/// As whom? For `prompt=select_account`. Posts `choice`: `continue` or `other`.
#[derive(Debug, Template)]
#[template(path = "choose_account.html")]
pub struct ChooseAccount<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// Who is signed in.
    pub person: Person<'a>,
}
