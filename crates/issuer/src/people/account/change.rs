//! What people change about their account.

use jeton_jose::json::{Document, Options, RawJson, write_string};
use jeton_store::account::PasswordChange;
use jeton_store::{Act, ClientId, SessionId, StoreError};

use super::Here;
use crate::pages::Flaw;
use crate::people::Refusal;
use crate::people::authentication::{Denied, Given};
use crate::people::done::Done;
use crate::people::new_password::{judge, own};
use crate::people::page::owner;
use crate::username::email;

/// Longest name in characters.
const MOST_NAME: usize = 120;

/// What can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Name,
    Email,
    /// Another mail to the address that is not proved yet.
    MailAgain,
    Password,
    EndSession,
    EndOthers,
    Withdraw,
}

impl Change {
    pub(super) const ALL: [Self; 7] = [
        Self::Name,
        Self::Email,
        Self::MailAgain,
        Self::Password,
        Self::EndSession,
        Self::EndOthers,
        Self::Withdraw,
    ];

    /// Where its form goes.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Name => "/account/profile",
            Self::Email => "/account/email",
            Self::MailAgain => "/account/email/verify",
            Self::Password => "/account/password",
            Self::EndSession => "/account/sessions/end",
            Self::EndOthers => "/account/sessions/end-others",
            Self::Withdraw => "/account/applications/withdraw",
        }
    }
}

/// What became of a form.
pub(super) enum Outcome {
    Done(Done),
    /// It was not done; what is wrong with it.
    Flawed(Vec<Flaw>),
    /// It was not done: something else changed the account meanwhile.
    Stale,
}

impl From<Done> for Outcome {
    fn from(done: Done) -> Self {
        Self::Done(done)
    }
}

impl From<Flaw> for Outcome {
    fn from(flaw: Flaw) -> Self {
        Self::Flawed(vec![flaw])
    }
}

impl Here<'_> {
    pub(super) async fn make(&self, change: Change) -> Result<Outcome, Refusal> {
        match change {
            Change::Name => self.rename().await,
            Change::Email => self.change_email().await,
            Change::MailAgain => self.mail_again().await,
            Change::Password => self.change_password().await,
            Change::EndSession => self.end_session().await,
            Change::EndOthers => self.end_others().await,
            Change::Withdraw => self.withdraw().await,
        }
    }

    async fn rename(&self) -> Result<Outcome, Refusal> {
        let name = self.asking.get("name").trim();
        if name.chars().count() > MOST_NAME {
            return Ok(Flaw::NameTooLong.into());
        }
        let mut account = self.account.clone();
        if name.is_empty() {
            account.attributes.remove("name");
        } else {
            account.attributes.insert("name".to_owned(), text(name)?);
        }
        let act = self.act();
        let updated = self
            .asking
            .issuer
            .change(|store, reply| store.update_account(account, act, reply))
            .await;
        match updated {
            Ok(_) => Ok(Done::Profile.into()),
            Err(StoreError::Stale { .. }) => Ok(Outcome::Stale),
            Err(error) => Err(error.into()),
        }
    }

    /// The new address counts when its mail was answered; until then the old one does.
    async fn change_email(&self) -> Result<Outcome, Refusal> {
        let Some(email) = email(self.asking.get("email")) else {
            return Ok(Flaw::EmailMalformed.into());
        };
        if let Some(flawed) = self.prove().await? {
            return Ok(flawed);
        }
        self.send_mail(&email).await
    }

    async fn mail_again(&self) -> Result<Outcome, Refusal> {
        let unproved = (!self.account.email_verified).then(|| self.account.email.clone());
        match self.pending().await?.or(unproved.flatten()) {
            Some(email) => self.send_mail(&email).await,
            None => Err(Refusal::FormExpired),
        }
    }

    async fn send_mail(&self, email: &str) -> Result<Outcome, Refusal> {
        let issuer = &self.asking.issuer;
        issuer.may_have_mail(&self.asking.caller, &self.account.username)?;
        issuer.send_verification(&self.account, email).await?;
        Ok(Done::Address.into())
    }

    async fn change_password(&self) -> Result<Outcome, Refusal> {
        let password = match judge(self.asking, &own(&self.account)) {
            Ok(password) => password,
            Err(flaws) => return Ok(Outcome::Flawed(flaws)),
        };
        if let Some(flawed) = self.prove().await? {
            return Ok(flawed);
        }
        if self.asking.get("password") == self.asking.get("current_password") {
            return Ok(Flaw::PasswordUnchanged.into());
        }
        let issuer = &self.asking.issuer;
        let change = PasswordChange {
            account: self.account.id.clone(),
            password: issuer.hash(password).await?,
            keep: Some(self.session.id.clone()),
        };
        let act = self.act();
        issuer
            .change(|store, reply| store.change_password(change, act, reply))
            .await?;
        issuer.send_changed(&self.account, &self.asking.caller);
        Ok(Done::Password.into())
    }

    /// Has the person prove once more who they are; `None`: they did.
    async fn prove(&self) -> Result<Option<Outcome>, Refusal> {
        let given = Given {
            login: &self.account.username,
            password: self.asking.get("current_password"),
        };
        let (caller, headers) = (&self.asking.caller, &self.asking.headers);
        match self.asking.issuer.admit(caller, headers, given).await {
            Ok(_) => Ok(None),
            Err(Denied::Wrong) => Ok(Some(Flaw::CurrentPasswordWrong.into())),
            Err(denied) => Err(denied.into()),
        }
    }

    /// Ends a session of one's own. One that is not there, or not theirs, has ended for them.
    async fn end_session(&self) -> Result<Outcome, Refusal> {
        let issuer = &self.asking.issuer;
        let id = SessionId::new(self.asking.get("session"));
        let (account, now) = (self.account.id.clone(), issuer.now());
        let own = issuer
            .ask(|store, reply| store.sessions_of(account, now, reply))
            .await?;
        if own.iter().any(|session| session.id == id) {
            let act = self.act();
            issuer
                .change(|store, reply| store.end_session(id, act, reply))
                .await?;
        }
        Ok(Done::Session.into())
    }

    async fn end_others(&self) -> Result<Outcome, Refusal> {
        let (account, keep) = (self.account.id.clone(), Some(self.session.id.clone()));
        let act = self.act();
        let ended = self
            .asking
            .issuer
            .change(|store, reply| store.end_sessions(account, keep, act, reply))
            .await?;
        Ok(Done::Sessions(ended).into())
    }

    async fn withdraw(&self) -> Result<Outcome, Refusal> {
        let client = self.asking.get("client");
        let (account, id) = (self.account.id.clone(), ClientId::new(client));
        let act = self.act();
        self.asking
            .issuer
            .change(|store, reply| store.withdraw_consent(account, id, act, reply))
            .await?;
        Ok(Done::Withdrawn(client.to_owned()).into())
    }

    fn act(&self) -> Act {
        self.asking.act(owner(&self.account))
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
