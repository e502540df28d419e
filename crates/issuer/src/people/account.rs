//! One's own account.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use jeton_jose::json::{Document, Options, RawJson, write_string};
use jeton_store::account::{Account, PasswordChange};
use jeton_store::session::Session;
use jeton_store::{ClientId, SessionId, StoreError};

use crate::caller::Caller;
use crate::device::Device;
use crate::issuer::Issuer;
use crate::pages::{
    AccountPage, Application, Asked, Changing, Connected, Flaw, Flaws, Foreign, FormToken, Notice,
    Page, Profile, SessionRow, respond,
};
use crate::password::Password;
use crate::people::Refusal;
use crate::people::authentication::{Denied, Given};
use crate::people::new_password::{Chosen, judge, own};
use crate::people::page::{Fields, answer, name_of, owner, person, see_other};
use crate::people::sign_in::{address, parameters};
use crate::username::email;
use crate::visit::Visit;

/// What its forms are for; they concern the session that shows them.
pub(super) const PAGE: &str = "account";
/// Longest name in characters.
const MOST_NAME: usize = 120;

pub(super) fn routes() -> Router<Arc<Issuer>> {
    Router::new()
        .route("/account", get(show))
        .route("/account/{what}", post(change))
        .route("/account/{what}/{how}", post(change))
}

/// Who is signed in, from where, with what they sent.
struct Here<'a> {
    issuer: &'a Issuer,
    caller: &'a Caller,
    headers: &'a HeaderMap,
    session: Session,
    account: Account,
}

/// What became of a form.
enum Done {
    /// It was done: this is said on the page.
    Said(&'static str),
    /// It was not: what is wrong with it.
    Flawed(Vec<Flaw>),
    /// It was not, for another reason.
    Not(Notice<'static>),
}

/// What was tried to be changed, and what is wrong with it.
#[derive(Clone, Copy, Default)]
struct Tried<'a> {
    changing: Changing<'a>,
    flaws: &'a [Flaw],
}

async fn show(
    State(issuer): State<Arc<Issuer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let visit = match Visit::of(&issuer, &headers) {
        Ok(visit) => visit,
        Err(failure) => return Refusal::from(failure).respond(&issuer),
    };
    let shown = async {
        let query = parameters(query.as_deref())?;
        let Some((session, account)) = issuer.signed_in(&headers, &caller).await? else {
            return Ok(see_other(&address(
                &issuer,
                &issuer.path("/account"),
                false,
            )));
        };
        let here = Here {
            issuer: &issuer,
            caller: &caller,
            headers: &headers,
            session,
            account,
        };
        let notices = said(query.get("done").unwrap_or_default());
        here.page(&visit, &notices, Tried::default()).await
    };
    let shown = shown.await;
    answer(&issuer, &visit, shown)
}

/// What a page says after something was done; the address says only which.
fn said(done: &str) -> Vec<Notice<'static>> {
    let notice = match done {
        "administrator" => Notice::AdministratorMade,
        "password" => Notice::PasswordChanged,
        "profile" => Notice::ProfileSaved,
        "session" => Notice::SessionEnded,
        _ => return Vec::new(),
    };
    vec![notice]
}

async fn change(
    State(issuer): State<Arc<Issuer>>,
    uri: http::Uri,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let fields = match Fields::read(&issuer, &headers, body).await {
        Ok(fields) => fields,
        Err(refusal) => return refusal.respond(&issuer),
    };
    let shown = async {
        let Some((session, account)) = issuer.signed_in(&headers, &caller).await? else {
            return Ok(see_other(&address(
                &issuer,
                &issuer.path("/account"),
                false,
            )));
        };
        fields.check(&issuer, PAGE, session.id.as_str())?;
        let here = Here {
            issuer: &issuer,
            caller: &caller,
            headers: &headers,
            session,
            account,
        };
        let what = uri
            .path()
            .rsplit_once("/account/")
            .map_or("", |(_, what)| what);
        let done = match what {
            "profile" => here.rename(&fields).await?,
            "email" => here.change_email(&fields).await?,
            "email/verify" => here.verify_email().await?,
            "password" => here.change_password(&fields).await?,
            "sessions/end" => here.end_session(&fields).await?,
            "sessions/end-others" => here.end_others().await?,
            "applications/withdraw" => here.withdraw(&fields).await?,
            _ => return Err(Refusal::FormMalformed),
        };
        match done {
            Done::Said(what) => Ok(see_other(&issuer.path(&format!("/account?done={what}")))),
            Done::Flawed(flaws) => {
                let changing = match what {
                    "email" => Changing::Email(fields.get("email")),
                    "password" => Changing::Password,
                    _ => Changing::Nothing,
                };
                let tried = Tried {
                    changing,
                    flaws: &flaws,
                };
                here.page(&fields.visit, &[Notice::Flawed], tried).await
            }
            Done::Not(notice) => here.page(&fields.visit, &[notice], Tried::default()).await,
        }
    };
    let shown = shown.await;
    answer(&issuer, &fields.visit, shown)
}

impl Here<'_> {
    async fn rename(&self, fields: &Fields) -> Result<Done, Refusal> {
        let name = fields.get("name").trim();
        if name.chars().count() > MOST_NAME {
            return Ok(Done::Flawed(vec![Flaw::NameTooLong]));
        }
        let mut account = self.account.clone();
        if name.is_empty() {
            account.attributes.remove("name");
        } else {
            account.attributes.insert("name".to_owned(), text(name)?);
        }
        self.save(account, "profile").await
    }

    async fn save(&self, account: Account, done: &'static str) -> Result<Done, Refusal> {
        let act = self.caller.act(self.issuer, owner(&account));
        let updated = self
            .issuer
            .change(|store, reply| store.update_account(account, act, reply))
            .await;
        match updated {
            Ok(_) => Ok(Done::Said(done)),
            Err(StoreError::Stale { .. }) => Ok(Done::Not(Notice::ChangedMeanwhile)),
            Err(error) => Err(error.into()),
        }
    }

    /// The new address counts when its mail was answered; until then the old one does.
    async fn change_email(&self, fields: &Fields) -> Result<Done, Refusal> {
        let Some(email) = email(fields.get("email")) else {
            return Ok(Done::Flawed(vec![Flaw::EmailMalformed]));
        };
        if let Some(done) = self.prove(fields.get("current_password")).await? {
            return Ok(done);
        }
        let to = Account {
            email: Some(email),
            ..self.account.clone()
        };
        self.issuer
            .may_have_mail(self.caller, &self.account.username)?;
        self.issuer.send_verification(&to).await?;
        Ok(Done::Said("address"))
    }

    async fn verify_email(&self) -> Result<Done, Refusal> {
        self.issuer
            .may_have_mail(self.caller, &self.account.username)?;
        self.issuer.send_verification(&self.account).await?;
        Ok(Done::Said("address"))
    }

    async fn change_password(&self, fields: &Fields) -> Result<Done, Refusal> {
        let chosen = Chosen {
            password: fields.get("password"),
            again: fields.get("password_again"),
        };
        let password = match judge(self.issuer, chosen, &own(&self.account)) {
            Ok(password) => password,
            Err(flaws) => return Ok(Done::Flawed(flaws)),
        };
        if let Some(done) = self.prove(fields.get("current_password")).await? {
            return Ok(done);
        }
        if chosen.password == fields.get("current_password") {
            return Ok(Done::Flawed(vec![Flaw::PasswordUnchanged]));
        }
        let change = PasswordChange {
            account: self.account.id.clone(),
            password: self.issuer.hash(password).await?,
            keep: Some(self.session.id.clone()),
        };
        let act = self.caller.act(self.issuer, owner(&self.account));
        self.issuer
            .change(|store, reply| store.change_password(change, act, reply))
            .await?;
        self.issuer.send_changed(&self.account, self.caller);
        Ok(Done::Said("password"))
    }

    /// Has the person prove once more who they are; `None`: they did.
    async fn prove(&self, password: &str) -> Result<Option<Done>, Refusal> {
        if Password::new(password).is_err() {
            return Ok(Some(Done::Flawed(vec![Flaw::CurrentPasswordWrong])));
        }
        let given = Given {
            login: &self.account.username,
            password,
        };
        match self.issuer.admit(self.caller, self.headers, given).await {
            Ok(_) => Ok(None),
            Err(Denied::Wrong) => Ok(Some(Done::Flawed(vec![Flaw::CurrentPasswordWrong]))),
            Err(Denied::Wait(wait)) => Err(Refusal::TooMany(wait)),
            Err(Denied::Busy(wait)) => Err(Refusal::Busy(wait)),
            Err(Denied::Failed(failure)) => Err(failure.into()),
            Err(Denied::Pending | Denied::Disabled) => Err(Refusal::AccountDisabled),
        }
    }

    async fn end_session(&self, fields: &Fields) -> Result<Done, Refusal> {
        let id = SessionId::new(fields.get("session"));
        let (account, now) = (self.account.id.clone(), self.issuer.now());
        let own = self
            .issuer
            .ask(|store, reply| store.sessions_of(account, now, reply))
            .await?;
        if !own.iter().any(|session| session.id == id) {
            return Ok(Done::Said("session"));
        }
        let act = self.caller.act(self.issuer, owner(&self.account));
        self.issuer
            .change(|store, reply| store.end_session(id, act, reply))
            .await?;
        Ok(Done::Said("session"))
    }

    async fn end_others(&self) -> Result<Done, Refusal> {
        let (account, keep) = (self.account.id.clone(), Some(self.session.id.clone()));
        let act = self.caller.act(self.issuer, owner(&self.account));
        self.issuer
            .change(|store, reply| store.end_sessions(account, keep, act, reply))
            .await?;
        Ok(Done::Said("session"))
    }

    async fn withdraw(&self, fields: &Fields) -> Result<Done, Refusal> {
        let (account, client) = (self.account.id.clone(), ClientId::new(fields.get("client")));
        let act = self.caller.act(self.issuer, owner(&self.account));
        self.issuer
            .change(|store, reply| store.withdraw_consent(account, client, act, reply))
            .await?;
        Ok(Done::Said("withdrawn"))
    }

    async fn page(
        &self,
        visit: &Visit,
        notices: &[Notice<'_>],
        tried: Tried<'_>,
    ) -> Result<Response, Refusal> {
        let (issuer, account, now) = (self.issuer, &self.account, self.issuer.now());
        let (id, own) = (account.id.clone(), account.id.clone());
        let sessions = issuer
            .ask(|store, reply| store.sessions_of(id, now, reply))
            .await?;
        let consents = issuer
            .ask(|store, reply| store.consents_of(own, reply))
            .await?;
        let name = name_of(account);
        let person = person(account, name.as_ref());
        let mut rows: Vec<SessionRow<'_>> = sessions.iter().map(|one| self.row(one)).collect();
        rows.sort_by_key(|row| !row.is_this);
        let mut clients = Vec::with_capacity(consents.len());
        for consent in &consents {
            if let Some(client) = issuer.client(consent.client.as_str()).await? {
                clients.push((client, consent));
            }
        }
        let asked: Vec<Vec<Asked<'_>>> = clients
            .iter()
            .map(|(_, consent)| {
                let words = consent.scope.iter();
                words.map(|word| Asked::of(word, None, &person)).collect()
            })
            .collect();
        let apis: Vec<Vec<Foreign<'_>>> = clients
            .iter()
            .map(|(_, consent)| {
                consent
                    .resources
                    .iter()
                    .map(|one| one.as_str().into())
                    .collect()
            })
            .collect();
        let connected: Vec<Connected<'_>> = clients
            .iter()
            .zip(asked.iter().zip(&apis))
            .map(|((client, consent), (asked, apis))| Connected {
                client: Application::of(&client.record),
                asked,
                apis,
                since: consent.at.into(),
            })
            .collect();
        let base = issuer.path("");
        let token = visit.form_token(issuer, PAGE, self.session.id.as_str())?;
        let view = AccountPage {
            page: Page::new(issuer.name(), &base).saying(notices),
            form_token: FormToken(&token),
            now,
            profile: Profile {
                username: Foreign::from(&account.username),
                name: name.as_deref().unwrap_or_default(),
                email: account.email.as_ref().map(Foreign::from),
                is_verified: account.email_verified,
                pending: None,
            },
            changing: tried.changing,
            flaws: Flaws(tried.flaws),
            least: issuer.least(),
            sessions: &rows,
            connected: &connected,
        };
        let status = if tried.flaws.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        Ok(respond(status, &view))
    }

    fn row<'a>(&self, session: &'a Session) -> SessionRow<'a> {
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

/// A text as an attribute.
fn text(value: &str) -> Result<RawJson, Refusal> {
    let mut json = String::with_capacity(value.len() + 2);
    write_string(&mut json, value);
    let document = Document::parse(json.as_bytes(), &Options::strict());
    let document = document.map_err(|_| Refusal::Unexpected)?;
    Ok(RawJson::from(document.root()))
}
