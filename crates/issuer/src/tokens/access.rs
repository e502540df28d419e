use std::time::Duration;

use jeton_jose::jws::HeaderBuilder;
use jeton_jose::{UnixTime, jwt};
use jeton_oauth::claims::{
    ACCESS_TOKEN_TYP, AccessTokenClaims, Actor, Audience, Confirmation, Custom,
};
use jeton_oauth::revocation_log::Facts;
use jeton_oauth::{Credential, Resource, Scope};
use jeton_store::grant::{Grant, IssuedToken};

use crate::answer::Failure;
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
    /// The most it may live, if that is less than usual.
    pub(crate) at_most: Option<Duration>,
}

/// For whom an access token speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Speaker<'a> {
    /// The client itself.
    Client,
    /// A person, by a grant.
    Person(&'a Grant),
}

/// What the templates of APIs add.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) permissions: Option<Vec<String>>,
    pub(crate) custom: Custom,
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
        let (sub, grant) = match token.speaker {
            Speaker::Client => (token.client_id, None),
            Speaker::Person(grant) => (grant.account.as_str(), Some(grant)),
        };
        let sid = grant.and_then(|grant| grant.session.as_ref());
        let sid = sid.map(|session| session.as_str());
        let now = self.now();
        let holders = Facts {
            issuer: &self.url,
            subject: Some(sub),
            session: sid,
            client: Some(token.client_id),
            ..Facts::default()
        };
        let iat = self.issuable_at(&holders, now);
        let lifetime = self.access_token_lifetime(token.at_most)?;
        let exp = whole_second(iat.saturating_add(lifetime));
        let jti = self.random.id()?;
        let claims = AccessTokenClaims {
            iss: self.url.clone(),
            sub: sub.to_owned(),
            aud: self.audience(token.resources),
            exp,
            iat,
            jti: jti.clone(),
            client_id: token.client_id.to_owned(),
            scope: token.scope,
            sid: sid.map(str::to_owned),
            auth_time: grant.map(|grant| grant.auth_time),
            acr: grant.and_then(|grant| grant.acr.clone()),
            amr: grant.map(|grant| grant.amr.clone()).unwrap_or_default(),
            roles: token.told.roles,
            permissions: token.told.permissions,
            act: token.act,
            cnf: token.cnf,
            custom: token.told.custom,
        };
        let keys = self.keys();
        let key = keys.signer(self.config.keys.access_token.0, now)?;
        let header = HeaderBuilder::new().typ(ACCESS_TOKEN_TYP);
        let text = jwt::sign(key, &header, &claims).map_err(SigningError::from)?;
        Ok(Issued {
            text: Credential::new(text),
            lifetime: Duration::from_secs(
                u64::try_from(exp.seconds().saturating_sub(iat.seconds())).unwrap_or_default(),
            ),
            record: IssuedToken {
                iss: claims.iss,
                jti,
                expires_at: exp,
            },
        })
    }

    /// Where a token counts that names no API: here.
    fn audience(&self, resources: &[Resource]) -> Audience {
        if resources.is_empty() {
            return Audience::from([self.url.as_str()]);
        }
        Audience::from(resources.iter().map(Resource::as_str))
    }

    fn access_token_lifetime(&self, at_most: Option<Duration>) -> Result<Duration, Failure> {
        let whole = self.config.lifetimes.access_token.value();
        let whole = at_most.map_or(whole, |most| most.min(whole));
        let jitter = u32::try_from((whole / JITTER).as_secs()).unwrap_or(u32::MAX);
        let less = self.random.below(jitter.saturating_add(1))?;
        Ok(whole.saturating_sub(Duration::from_secs(u64::from(less))))
    }
}

/// Tokens carry whole seconds.
fn whole_second(time: UnixTime) -> UnixTime {
    UnixTime::from_seconds(time.seconds())
}
