use jeton_jose::UnixTime;
use jeton_store::{SessionId, instant};

use crate::answer::Failure;
use crate::issuer::Issuer;
use crate::visit::same;

/// The parameter that carries it.
pub(crate) const PARAMETER: &str = "interaction";
/// In milliseconds: whoever takes longer is asked again.
const LONGEST: i64 = 60 * 60 * 1000;

/// What an authorization request has gone through since it came: it travels with the request from
/// page to page, proved by a MAC, so that nothing has to be kept for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interaction {
    /// When the request came first.
    pub(crate) begun: UnixTime,
    /// The session that the person chose to go on with.
    pub(crate) chosen: Option<SessionId>,
}

impl Interaction {
    /// The request's own query with the interaction behind it.
    pub(crate) fn onto(&self, issuer: &Issuer, query: &str) -> Result<String, Failure> {
        let text = self.text();
        let mac = issuer.mac(&message(&text, query))?;
        Ok(format!("{query}&{PARAMETER}={text}.{mac}"))
    }

    /// Takes query and interaction apart; one that is not this service's, or not this query's, is
    /// none.
    pub(crate) fn off<'q>(
        issuer: &Issuer,
        query: &'q str,
    ) -> Result<(&'q str, Option<Self>), Failure> {
        let separator = format!("&{PARAMETER}=");
        let Some((own, text)) = query.rsplit_once(separator.as_str()) else {
            return Ok((query, None));
        };
        let Some((text, mac)) = text.rsplit_once('.') else {
            return Ok((own, None));
        };
        let is_ours = same(&issuer.mac(&message(text, own))?, mac);
        let read = Self::read(text).filter(|read| {
            let age = instant::to_millis(issuer.now()) - instant::to_millis(read.begun);
            is_ours && (0..LONGEST).contains(&age)
        });
        Ok((own, read))
    }

    fn text(&self) -> String {
        let chosen = self.chosen.as_ref().map_or("", SessionId::as_str);
        format!("{}.{chosen}", instant::to_millis(self.begun))
    }

    fn read(text: &str) -> Option<Self> {
        let (begun, chosen) = text.split_once('.')?;
        Some(Self {
            begun: instant::from_millis(begun.parse().ok()?),
            chosen: (!chosen.is_empty()).then(|| SessionId::new(chosen)),
        })
    }
}

fn message(text: &str, query: &str) -> String {
    format!("interaction\n{text}\n{query}")
}
