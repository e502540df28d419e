use jeton_oauth::authorize::Display;
use jeton_store::account::Account;
use jeton_store::client::Client;

use super::notice::Notice;
use super::text::{Foreign, Site};

/// What all pages have around their content.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What the service is called.
    pub service: &'a str,
    /// The path of the issuer's URL, without a slash at its end; mostly empty.
    pub base: &'a str,
    /// The application for which somebody is here.
    pub client: Option<Application<'a>>,
    /// How the application wants the page to be shown.
    pub display: Display,
    /// Where its forms may lead.
    pub forms: FormAction,
    /// What is to be said first.
    pub notices: &'a [Notice<'a>],
}

impl<'a> Page<'a> {
    /// A page that belongs to no application.
    pub fn new(service: &'a str, base: &'a str) -> Self {
        Self {
            service,
            base,
            client: None,
            display: Display::Page,
            forms: FormAction::Stays,
            notices: &[],
        }
    }

    /// The same page saying this first.
    #[must_use]
    pub fn saying(self, notices: &'a [Notice<'a>]) -> Self {
        Self { notices, ..self }
    }

    /// Whether it is shown in a small window that another page opened.
    pub fn is_popup(&self) -> bool {
        self.display == Display::Popup
    }

    pub(super) fn has_error(&self) -> bool {
        self.notices.iter().any(Notice::is_error)
    }
}

/// Where the forms of a page may lead, for `form-action` of its policy.
///
/// Chromium and Safari hold that rule against every redirect after a form was sent, also against
/// those of the application after its own callback, and nobody knows those: whoever is sent back
/// from `https://app.example/cb` to `app://` would stand before a button that does nothing. A page
/// that ends in an application therefore has no such rule; without script, and with everything
/// escaped, there is no other form it could guard against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormAction {
    /// Nowhere but here.
    Stays,
    /// Possibly back to an application.
    MayLeave,
}

/// An application as people see it.
#[derive(Clone, Copy, Debug)]
pub struct Application<'a> {
    /// What it calls itself.
    pub name: Foreign<'a>,
    /// Its home page.
    pub site: Option<Site<'a>>,
    id: &'a str,
}

impl<'a> Application<'a> {
    /// How the stylesheet tells applications apart: `tone-0` and so on.
    const TONES: u32 = 5;

    /// What a client is registered with.
    pub fn of(client: &'a Client) -> Self {
        let name = client.metadata.client_name.as_deref();
        let site = client.metadata.client_uri.as_deref();
        Self {
            name: name.unwrap_or(client.id.as_str()).into(),
            site: site.and_then(Site::parse),
            id: client.id.as_str(),
        }
    }

    /// Its `client_id`.
    pub fn id(&self) -> &'a str {
        self.id
    }

    pub(super) fn tone(&self) -> u32 {
        let step = |sum: u32, byte: u8| sum.wrapping_mul(31).wrapping_add(u32::from(byte));
        self.id.bytes().fold(7, step) % Self::TONES
    }
}

/// A person as they see themselves.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// What they sign in with.
    pub username: Foreign<'a>,
    /// Their name, if it is known.
    pub name: Option<Foreign<'a>>,
    /// Their address.
    pub email: Option<Foreign<'a>>,
}

impl<'a> Person<'a> {
    /// The person of an account, by the name that its attributes have.
    pub fn of(account: &'a Account, name: Option<&'a str>) -> Self {
        Self {
            username: Foreign::from(&account.username),
            name: name.map(Foreign::from),
            email: account.email.as_ref().map(Foreign::from),
        }
    }

    pub(super) fn called(&self) -> Foreign<'a> {
        self.name.unwrap_or(self.username)
    }
}

/// A way on: a path of ours, or the site of an application.
#[derive(Clone, Copy, Debug)]
pub enum Link<'a> {
    /// To a page of ours, as a path with its query.
    Ours(&'a str),
    /// To an application.
    Theirs(Foreign<'a>, Site<'a>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeton_jose::UnixTime;
    use jeton_store::ClientId;
    use jeton_store::client::ClientMetadata;

    #[test]
    fn an_application_without_a_name_goes_by_its_id() {
        let mut client = Client {
            id: ClientId::new("orders"),
            metadata: ClientMetadata {
                client_uri: Some("javascript:alert(1)".to_owned()),
                ..ClientMetadata::default()
            },
            secrets: Vec::new(),
            enabled: true,
            created_at: UnixTime::from_seconds(0),
            revision: 0,
        };
        let shown = Application::of(&client);
        assert_eq!(shown.name.to_string(), "orders");
        assert_eq!(shown.site, None);
        assert!(shown.tone() < Application::TONES);
        client.metadata.client_name = Some("Orders".to_owned());
        client.metadata.client_uri = Some("https://orders.example/".to_owned());
        let shown = Application::of(&client);
        assert_eq!(shown.name.to_string(), "Orders");
        assert_eq!(shown.site.unwrap().uri(), "https://orders.example/");
    }
}
