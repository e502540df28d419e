use super::moment::Span;
use super::text::Foreign;

/// What a page says before anything else. The words are in `notices.html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice<'a> {
    /// Name and password do not belong together; whether there is such an account is not said.
    WrongCredentials,
    /// The password is not that of the account whose name stands on the page.
    WrongPassword,
    /// Too many attempts: how long to wait.
    Wait(Span),
    /// The form was too old, or of another sign-in; nothing was done.
    FormExpired,
    /// Some fields are not right; nothing was done.
    Flawed,
    /// Something else changed the account meanwhile; nothing was done.
    ChangedMeanwhile,
    /// The password was changed.
    PasswordChanged,
    /// What the account says of the person was changed.
    ProfileSaved,
    /// A mail went to the new address.
    AddressPending(Foreign<'a>),
    /// The address is confirmed.
    AddressConfirmed,
    /// One session ended.
    SessionEnded,
    /// So many other sessions ended.
    SessionsEnded(u64),
    /// An application lost what it was allowed.
    Withdrawn(Foreign<'a>),
    /// There is an administrator now.
    AdministratorMade,
}

impl Notice<'_> {
    pub(super) fn is_error(&self) -> bool {
        matches!(
            self,
            Self::WrongCredentials
                | Self::WrongPassword
                | Self::Wait(_)
                | Self::FormExpired
                | Self::Flawed
                | Self::ChangedMeanwhile
        )
    }
}
