use core::fmt;

/// A form that comes back to us: by `POST`, with a secret of its own.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    /// The path that it goes to.
    pub action: &'a str,
    /// The secret that only this page has; posted as `form_token`.
    pub token: &'a str,
    /// What comes back as it is.
    pub hidden: &'a [Hidden<'a>],
}

/// A field that comes back as it is, such as the secret of a ticket.
#[derive(Clone, Copy)]
pub struct Hidden<'a> {
    /// What the endpoint calls it.
    pub name: &'static str,
    /// What comes back.
    pub value: &'a str,
}

impl fmt::Debug for Form<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("action", &self.action)
            .field("hidden", &self.hidden)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hidden")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What was typed before, to be put right instead of typed again. Never a password.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// `username`
    pub username: &'a str,
    /// `email`
    pub email: &'a str,
}

/// The fields of which something can be wrong, by the names that they are posted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// `username`
    Username,
    /// `name`
    Name,
    /// `email`
    Email,
    /// `current_password`
    CurrentPassword,
    /// `password`
    Password,
    /// `password_again`
    PasswordAgain,
}

/// What is wrong with a field. The words are in `flaw.html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Somebody else has this name.
    UsernameTaken,
    /// It is empty, too long, or has characters that no name here may have.
    UsernameMalformed,
    /// It is too long.
    NameTooLong,
    /// It is no address.
    EmailMalformed,
    /// Somebody else has this address. Only for whoever may know, never at registration.
    EmailTaken,
    /// The password is not the present one.
    CurrentPasswordWrong,
    /// It has fewer characters than this.
    PasswordTooShort(usize),
    /// It has more bytes than this.
    PasswordTooLong(usize),
    /// Everybody would guess it.
    PasswordCommon,
    /// It is, or has in it, the name or address of the account.
    PasswordLikeName,
    /// It is the present one.
    PasswordUnchanged,
    /// The two are not the same.
    PasswordsDiffer,
}

impl Flaw {
    /// Which field it is about.
    pub fn input(self) -> Input {
        match self {
            Self::UsernameTaken | Self::UsernameMalformed => Input::Username,
            Self::NameTooLong => Input::Name,
            Self::EmailMalformed | Self::EmailTaken => Input::Email,
            Self::CurrentPasswordWrong => Input::CurrentPassword,
            Self::PasswordTooShort(_)
            | Self::PasswordTooLong(_)
            | Self::PasswordCommon
            | Self::PasswordLikeName
            | Self::PasswordUnchanged => Input::Password,
            Self::PasswordsDiffer => Input::PasswordAgain,
        }
    }
}

/// All that is wrong with a form.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flaws<'a>(pub &'a [Flaw]);

impl Flaws<'_> {
    /// What is wrong with a field first of all.
    pub fn of(&self, input: Input) -> Option<Flaw> {
        self.0.iter().copied().find(|flaw| flaw.input() == input)
    }

    /// The same for a field that several forms of a page have.
    pub(super) fn in_form(&self, is_meant: bool, input: Input) -> Option<Flaw> {
        self.of(input).filter(|_| is_meant)
    }
}
