use std::time::Duration;

use jeton_jose::jws::HeaderBuilder;
use jeton_jose::{UnixTime, jwt};
use jeton_oauth::claims::{
    ACCESS_TOKEN_TYP, AccessTokenClaims, Actor, Audience, Confirmation, Custom,
};
use jeton_oauth::revocation_log::Facts;
use jeton_oauth::{Credential, Resource, Scope};
use jeton_store::SessionId;
use jeton_store::grant::{Grant, IssuedToken};

use crate::answer::Failure;
use crate::bearer::Bearer;
use crate::issuer::Issuer;
use crate::signing::SigningError;

/// One part in this many of a lifetime may be missing, so that renewals spread.
const JITTER: u32 = 20;

/// What an access token is to say.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken<'a> {
    /// For whom it speaks.
    pub(crate) speaker: Speaker<'a>,
    /// The client it is issued to.
    pub(crate) client_id: &'a str,
    /// What it allows.
    pub(crate) scope: Scope,
    /// Where; nowhere but at the issuer itself if there is none.
    pub(crate) resources: &'a [Resource],
    /// Who acts, if it is not the subject.
    pub(crate) act: Option<Actor>,
    /// The key it is bound to.
    pub(crate) cnf: Option<Confirmation>,
    /// Roles, permissions and further claims, as the APIs' templates ask for.
    pub(crate) told: Told,
    /// When it ends in any case.
    pub(crate) until: Option<UnixTime>,
}

/// For whom an access token speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Speaker<'a> {
    /// The client itself.
    Client,
    /// A person, by a grant.
    Person(&'a Grant),
    /// Whoever another token speaks for.
    Subject(&'a Bearer),
}

/// Who speaks, in the claims' own terms.
struct Subject<'a> {
    sub: &'a str,
    sid: Option<&'a str>,
    auth_time: Option<UnixTime>,
    acr: Option<&'a str>,
    amr: &'a [String],
}

impl<'a> Speaker<'a> {
    fn subject(self, client_id: &'a str) -> Subject<'a> {
        match self {
            Self::Client => Subject {
                sub: client_id,
                sid: None,
                auth_time: None,
                acr: None,
                amr: &[],
            },
            Self::Person(grant) => Subject {
                sub: grant.account.as_str(),
                sid: grant.session.as_ref().map(SessionId::as_str),
                auth_time: Some(grant.auth_time),
                acr: grant.acr.as_deref(),
                amr: &grant.amr,
            },
            Self::Subject(bearer) => Subject {
                sub: &bearer.sub,
                sid: bearer.sid.as_deref(),
                auth_time: bearer.auth_time,
                acr: bearer.acr.as_deref(),
                amr: &bearer.amr,
            },
        }
    }
}

/// What the templates of APIs and the grant add.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) permissions: Option<Vec<String>>,
    pub(crate) custom: Custom,
    /// Single claims that the userinfo endpoint is to tell.
    pub(crate) userinfo: Vec<String>,
}

/// A signed access token, with what has to be known of it.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) text: Credential,
    pub(crate) lifetime: Duration,
    pub(crate) record: IssuedToken,
}

impl Issuer {
    /// Signs an access token.
    pub(crate) fn issue_access_token(&self, token: AccessToken<'_>) -> Result<Issued, Failure> {
        let subject = token.speaker.subject(token.client_id);
        let now = self.now();
        let holders = Facts {
            issuer: &self.url,
            subject: Some(subject.sub),
            session: subject.sid,
            client: Some(token.client_id),
            ..Facts::default()
        };
        let iat = self.issuable_at(&holders, now);
        // From now on: a watermark that a wrong clock left in the future makes no longer life.
        let exp = whole_second(now.saturating_add(self.access_token_lifetime()?));
        let exp = token.until.map_or(exp, |until| until.min(exp));
        let jti = self.random.id()?;
        let claims = AccessTokenClaims {
            iss: self.url.clone(),
            sub: subject.sub.to_owned(),
            aud: self.audience(token.resources, &token.scope),
            exp,
            iat,
            jti: jti.clone(),
            client_id: token.client_id.to_owned(),
            scope: token.scope,
            sid: subject.sid.map(str::to_owned),
            auth_time: subject.auth_time,
            acr: subject.acr.map(str::to_owned),
            amr: subject.amr.to_vec(),
            roles: token.told.roles,
            permissions: token.told.permissions,
            act: token.act,
            cnf: token.cnf,
            userinfo_claims: token.told.userinfo,
            custom: token.told.custom,
        };
        let keys = self.keys();
        let key = keys.signer(self.config.keys.access_token.0, now)?;
        let header = HeaderBuilder::new().typ(ACCESS_TOKEN_TYP);
        let text = jwt::sign(key, &header, &claims).map_err(SigningError::from)?;
        Ok(Issued {
            text: Credential::new(text),
            lifetime: Duration::from_secs(
                u64::try_from(exp.seconds().saturating_sub(now.seconds())).unwrap_or_default(),
            ),
            record: IssuedToken {
                iss: claims.iss,
                jti,
                expires_at: exp,
            },
        })
    }

    /// Where a token counts: at the APIs, and here if it names none or opens the userinfo endpoint.
    fn audience(&self, resources: &[Resource], scope: &Scope) -> Audience {
        let is_here = resources.is_empty() || scope.contains("openid");
        let here = is_here.then_some(self.url.as_str());
        let elsewhere = resources.iter().map(Resource::as_str);
        Audience::from(elsewhere.filter(|one| Some(*one) != here).chain(here))
    }

    fn access_token_lifetime(&self) -> Result<Duration, Failure> {
        let whole = self.config.lifetimes.access_token.value();
        let jitter = u32::try_from((whole / JITTER).as_secs()).unwrap_or(u32::MAX);
        let less = self.random.below(jitter.saturating_add(1))?;
        Ok(whole.saturating_sub(Duration::from_secs(u64::from(less))))
    }
}

/// Tokens carry whole seconds.
pub(crate) fn whole_second(time: UnixTime) -> UnixTime {
    UnixTime::from_seconds(time.seconds())
}
