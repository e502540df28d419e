use axum::response::Response;
use jeton_store::SessionId;

use crate::issuer::Issuer;
use crate::people::Refusal;
use crate::people::page::see_other;
use crate::visit::same;

/// What was just done. The address of the account page carries it, proved for this very session, so
/// that no link from elsewhere has the page say anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Administrator,
    Password,
    Profile,
    /// A mail went to the new address.
    Address,
    Session,
    /// So many other sessions ended.
    Sessions(u64),
    /// A client lost what it was allowed.
    Withdrawn(String),
}

impl Done {
    /// Sends the browser to its account, which says so.
    pub(super) fn shown(&self, issuer: &Issuer, session: &SessionId) -> Result<Response, Refusal> {
        let text = self.text();
        let mac = issuer.mac(&message(session, &text))?;
        let done = format!("{text}.{mac}");
        let done: String = form_urlencoded::byte_serialize(done.as_bytes()).collect();
        Ok(see_other(&issuer.path(&format!("/account?done={done}"))))
    }

    /// Reads it off the address; `None` for whatever is not ours.
    pub(super) fn read(
        issuer: &Issuer,
        session: &SessionId,
        done: &str,
    ) -> Result<Option<Self>, Refusal> {
        let Some((text, mac)) = done.rsplit_once('.') else {
            return Ok(None);
        };
        let is_ours = same(&issuer.mac(&message(session, text))?, mac);
        Ok(Self::parse(text).filter(|_| is_ours))
    }

    fn text(&self) -> String {
        match self {
            Self::Administrator => "administrator".to_owned(),
            Self::Password => "password".to_owned(),
            Self::Profile => "profile".to_owned(),
            Self::Address => "address".to_owned(),
            Self::Session => "session".to_owned(),
            Self::Sessions(count) => format!("sessions {count}"),
            Self::Withdrawn(client) => format!("withdrawn {client}"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once(' ').unwrap_or((text, "")) {
            ("administrator", _) => Self::Administrator,
            ("password", _) => Self::Password,
            ("profile", _) => Self::Profile,
            ("address", _) => Self::Address,
            ("session", _) => Self::Session,
            ("sessions", count) => Self::Sessions(count.parse().ok()?),
            ("withdrawn", client) => Self::Withdrawn(client.to_owned()),
            _ => return None,
        })
    }
}

fn message(session: &SessionId, text: &str) -> String {
    format!("done\n{session}\n{text}")
}
