//! One's own account.

mod change;

use std::sync::Arc;

use axum::Router;
use http::StatusCode;
use jeton_store::account::{Account, TicketPurpose};
use jeton_store::grant::Consent;
use jeton_store::session::Session;

use crate::clients::KnownClient;
use crate::device::Device;
use crate::issuer::Issuer;
use crate::pages::{
    AccountPage, Application, Asked, Changing, Connected, Flaw, Flaws, Foreign, FormToken, Notice,
    Page, Profile, SessionRow, respond,
};
use crate::people::Refusal;
use crate::people::done::Done;
use crate::people::page::{Answer, Asking, judged, look, name_of, person, see_other, submit};
use crate::people::sign_in::address;
use crate::scopes::place;
use change::{Change, Outcome};

/// What its forms are for; they concern the session that shows them.
pub(super) const PAGE: &str = "account";

pub(super) fn routes() -> Router<Arc<Issuer>> {
    let pages = Router::new().route("/account", look(show));
    Change::ALL.into_iter().fold(pages, |pages, change| {
        let form = submit(move |asking| changed(asking, change));
        pages.route(change.path(), form)
    })
}

/// Who is signed in, with what they sent.
struct Here<'a> {
    asking: &'a Asking,
    session: Session,
    account: Account,
}

/// What was tried to be changed, and what is wrong with it.
#[derive(Clone, Copy, Default)]
struct Tried<'a> {
    changing: Changing<'a>,
    flaws: &'a [Flaw],
}

async fn show(asking: Asking) -> Answer {
    let Some(here) = Here::find(&asking).await? else {
        return Ok(see_other(&address(&asking.issuer, "", false)));
    };
    let done = Done::read(&asking.issuer, &here.session.id, asking.get("done"))?;
    here.said(done).await
}

async fn changed(asking: Asking, change: Change) -> Answer {
    let Some(here) = Here::find(&asking).await? else {
        return Ok(see_other(&address(&asking.issuer, "", false)));
    };
    asking.check(PAGE, here.session.id.as_str())?;
    match here.make(change).await? {
        Outcome::Done(done) => done.shown(&asking.issuer, &here.session.id),
        Outcome::Flawed(flaws) => {
            let changing = match change {
                Change::Email => Changing::Email(asking.get("email")),
                Change::Password => Changing::Password,
                _ => Changing::Nothing,
            };
            let tried = Tried {
                changing,
                flaws: &flaws,
            };
            here.page(judged(&flaws).1, tried).await
        }
        Outcome::Stale => {
            let notice = [Notice::ChangedMeanwhile];
            here.page(&notice, Tried::default()).await
        }
    }
}

impl<'a> Here<'a> {
    async fn find(asking: &'a Asking) -> Result<Option<Self>, Refusal> {
        let found = asking.signed_in().await?;
        Ok(found.map(|(session, account)| Self {
            asking,
            session,
            account,
        }))
    }

    /// The page, which says first what was done.
    async fn said(&self, done: Option<Done>) -> Answer {
        let pending = self.pending().await?;
        let client = match &done {
            Some(Done::Withdrawn(id)) => self.asking.issuer.client(id).await?,
            _ => None,
        };
        let notice = done.and_then(|done| {
            Some(match done {
                Done::Administrator => Notice::AdministratorMade,
                Done::Password => Notice::PasswordChanged,
                Done::Profile => Notice::ProfileSaved,
                Done::Address => Notice::AddressPending(pending.as_deref()?.into()),
                Done::Session => Notice::SessionEnded,
                Done::Sessions(count) => Notice::SessionsEnded(count),
                Done::Withdrawn(_) => {
                    Notice::Withdrawn(Application::of(&client.as_ref()?.record).name)
                }
            })
        });
        self.page(notice.as_slice(), Tried::default()).await
    }

    /// The address that is theirs once they follow the link in its mail.
    async fn pending(&self) -> Result<Option<String>, Refusal> {
        let (id, now) = (self.account.id.clone(), self.asking.issuer.now());
        let ticket = self
            .asking
            .issuer
            .ask(|store, reply| store.ticket_of(id, TicketPurpose::EmailVerification, now, reply))
            .await?;
        Ok(ticket.and_then(|ticket| ticket.subject))
    }

    async fn page(&self, notices: &[Notice<'_>], tried: Tried<'_>) -> Answer {
        let (issuer, account, now) = (&self.asking.issuer, &self.account, self.asking.issuer.now());
        let id = account.id.clone();
        let sessions = issuer
            .ask(|store, reply| store.sessions_of(id, now, reply))
            .await?;
        let mut rows: Vec<SessionRow<'_>> = sessions.iter().map(|one| self.row(one)).collect();
        rows.sort_by_key(|row| !row.is_this);
        let allowed = self.allowed().await?;
        let pending = self.pending().await?;
        let pending = pending.filter(|email| account.email.as_ref() != Some(email));
        let name = name_of(account);
        let typed = match tried.changing {
            Changing::Nothing if !tried.flaws.is_empty() => Some(self.asking.get("name")),
            _ => name.as_deref(),
        };
        let person = person(account, name.as_ref());
        let details: Vec<(Vec<Asked<'_>>, Vec<Foreign<'_>>)> = allowed
            .iter()
            .map(|(_, consent)| {
                let mut words: Vec<&str> = consent.scope.iter().collect();
                words.sort_by_key(|word| place(word));
                let words = words.into_iter();
                let apis = consent.resources.iter();
                (
                    words.map(|word| Asked::of(word, None, &person)).collect(),
                    apis.map(|one| one.as_str().into()).collect(),
                )
            })
            .collect();
        let connected: Vec<Connected<'_>> = allowed
            .iter()
            .zip(&details)
            .map(|((client, consent), (asked, apis))| Connected {
                client: Application::of(&client.record),
                asked,
                apis,
                since: consent.at.into(),
            })
            .collect();
        let base = issuer.path("");
        let view = AccountPage {
            page: Page::new(issuer.name(), &base).saying(notices),
            form_token: FormToken(&self.asking.token(PAGE, self.session.id.as_str())?),
            now,
            profile: Profile {
                username: Foreign::from(&account.username),
                name: typed.unwrap_or_default(),
                email: account.email.as_ref().map(Foreign::from),
                is_verified: account.email_verified,
                pending: pending.as_ref().map(Foreign::from),
            },
            changing: tried.changing,
            flaws: Flaws(tried.flaws),
            least: issuer.least(),
            sessions: &rows,
            connected: &connected,
        };
        let status = match notices {
            [Notice::ChangedMeanwhile] => StatusCode::CONFLICT,
            _ => judged(tried.flaws).0,
        };
        Ok(respond(status, &view))
    }

    /// What they allowed to applications that are still there.
    async fn allowed(&self) -> Result<Vec<(Arc<KnownClient>, Consent)>, Refusal> {
        let (issuer, id) = (&self.asking.issuer, self.account.id.clone());
        let consents = issuer
            .ask(|store, reply| store.consents_of(id, reply))
            .await?;
        let mut allowed = Vec::with_capacity(consents.len());
        for consent in consents {
            if let Some(client) = issuer.client(consent.client.as_str()).await? {
                allowed.push((client, consent));
            }
        }
        Ok(allowed)
    }

    fn row<'s>(&self, session: &'s Session) -> SessionRow<'s> {
        SessionRow {
            id: session.id.as_str(),
            device: Device::read(session.device.as_deref().unwrap_or_default()),
            place: session.address.as_ref().map(Foreign::from),
            signed_in: session.auth_time.into(),
            last_used: session.last_used_at.into(),
            is_this: session.id == self.session.id,
        }
    }
}
