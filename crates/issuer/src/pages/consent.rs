use askama::Template;

use super::form::Form;
use super::page::{Application, Page, Person};
use super::text::Foreign;

/// May it? Posts `answer`: `allow`, `deny`, or `other` to sign in as somebody else.
#[derive(Debug, Template)]
#[template(path = "consent.html")]
pub struct Consent<'a> {
    /// What is around it.
    pub page: Page<'a>,
    /// How it comes back.
    pub form: Form<'a>,
    /// Who is asked.
    pub person: Person<'a>,
    /// Who asks.
    pub client: Application<'a>,
    /// The host to which the answer goes: unlike the name, somebody had to register it.
    pub returns_to: Foreign<'a>,
    /// What it wants to know and do here.
    pub permissions: &'a [Permission<'a>],
    /// What it wants to do elsewhere.
    pub apis: &'a [ApiAsked<'a>],
}

/// Something that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Permission<'a> {
    /// What.
    pub asked: Asked<'a>,
    /// Whether it was allowed before.
    pub is_known: bool,
}

/// What is asked for. The words are in `asked.html`.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// `openid`
    Identity,
    /// `profile`, with the name that would be told.
    Profile(Option<Foreign<'a>>),
    /// `email`, with the address that would be told.
    Email(Option<Foreign<'a>>),
    /// `address`
    Address,
    /// `phone`
    Phone,
    /// `offline_access`
    Offline,
    /// A scope of an API: its word, and what it means, if somebody wrote that down.
    Scope(Foreign<'a>, Option<Foreign<'a>>),
}

impl<'a> Asked<'a> {
    /// What a scope asks of this person.
    pub fn of(scope: &'a str, meaning: Option<&'a str>, person: &Person<'a>) -> Self {
        match scope {
            "openid" => Self::Identity,
            "profile" => Self::Profile(person.name),
            "email" => Self::Email(person.email),
            "address" => Self::Address,
            "phone" => Self::Phone,
            "offline_access" => Self::Offline,
            _ => Self::Scope(scope.into(), meaning.map(Foreign::from)),
        }
    }
}

/// An API that the application wants to use in the person's name.
#[derive(Clone, Copy, Debug)]
pub struct ApiAsked<'a> {
    /// What people know it by.
    pub name: Foreign<'a>,
    /// What it is asked for there; empty: all that is allowed without a scope.
    pub permissions: &'a [Permission<'a>],
}
