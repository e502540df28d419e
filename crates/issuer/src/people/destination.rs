use jeton_oauth::authorize::Display;

use crate::endpoints::authorize::{Asked, Stopped};
use crate::issuer::Issuer;
use crate::pages::{Application, FormAction, Page};
use crate::people::{Refusal, send_back};

/// Where a person goes when a page is done: on with what an application asked for, or to their own
/// account. Nowhere else, whatever the address of the page says.
#[derive(Debug)]
pub(super) enum Destination {
    Application(Box<Asked>),
    Account,
}

/// A request that is over, or that cannot be gone on with.
pub(super) enum Astray {
    Refusal(Refusal),
    Back(axum::response::Response),
}

impl From<Refusal> for Astray {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl Astray {
    pub(super) fn shown(self) -> Result<axum::response::Response, Refusal> {
        match self {
            Self::Refusal(refusal) => Err(refusal),
            Self::Back(response) => Ok(response),
        }
    }
}

impl Destination {
    /// Reads the `return` of a page's address.
    pub(super) async fn read(issuer: &Issuer, text: &str) -> Result<Self, Astray> {
        if text.is_empty() || text == issuer.path("/account") {
            return Ok(Self::Account);
        }
        let authorize = issuer.path("/authorize?");
        let Some(query) = text.strip_prefix(&authorize) else {
            return Err(Refusal::FormMalformed.into());
        };
        match Asked::read(issuer, query).await {
            Ok(asked) => Ok(Self::Application(Box::new(asked))),
            Err(Stopped::Back(redirect)) => Err(Astray::Back(send_back(issuer, &redirect))),
            Err(Stopped::Refusal(refusal)) => Err(refusal.into()),
        }
    }

    /// What the application asked for, if one did.
    pub(super) fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Application(asked) => Some(asked),
            Self::Account => None,
        }
    }

    /// A page on the way there.
    pub(super) fn page<'a>(&'a self, issuer: &'a Issuer, base: &'a str) -> Page<'a> {
        let page = Page::new(issuer.name(), base);
        let Some(asked) = self.asked() else {
            return page;
        };
        Page {
            client: Some(Application::of(&asked.client.record)),
            display: self.display(),
            forms: FormAction::MayLeave,
            ..page
        }
    }

    fn display(&self) -> Display {
        self.asked()
            .map_or(Display::Page, |asked| asked.request.display)
    }
}
