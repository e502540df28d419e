use crate::endpoints::authorize::Asked;
use crate::issuer::Issuer;
use crate::pages::{Application, FormAction, Page};
use crate::people::Refusal;

/// Where a person goes when a page is done: on with what an application asked for, or to their own
/// account. Nowhere else, whatever the address of the page says.
#[derive(Debug)]
pub(super) enum Destination {
    Application(Box<Asked>),
    Account,
}

impl Destination {
    /// Reads the `return` of a page's address.
    pub(super) async fn read(issuer: &Issuer, text: &str) -> Result<Self, Refusal> {
        if text.is_empty() || text == issuer.path("/account") {
            return Ok(Self::Account);
        }
        let authorize = issuer.path("/authorize?");
        let Some(query) = text.strip_prefix(&authorize) else {
            return Err(Refusal::FormMalformed);
        };
        let asked = Asked::read(issuer, query).await?;
        Ok(Self::Application(Box::new(asked)))
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
            display: asked.request.display,
            forms: FormAction::MayLeave,
            ..page
        }
    }
}
