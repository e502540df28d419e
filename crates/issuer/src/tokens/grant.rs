//! What is issued for what a person granted, at first and again.
//!
//! [`start`] is for an application's own sign-in, [`prepare`] for a code that is yet to be
//! redeemed, [`refresh`] for a refresh token. All of them judge what the grant is worth now: a role
//! that was taken away, or a scope that the client is not registered for any more, is missing from
//! the next token.

use jeton_jose::UnixTime;
use jeton_jose::json::{self, Document, Options};
use jeton_oauth::client::{ClientMetadata, GrantType};
use jeton_oauth::token::{PresentedAs, Response};
use jeton_oauth::{Credential, ErrorCode, OAuthError};
use jeton_store::grant::{Family, Grant, IssuedToken, NewFamily, Refusal, Rotate, Rotation};
use jeton_store::refresh_token::RefreshToken;
use jeton_store::{Act, FamilyId, Sha256, StoreError};

use crate::answer::Failure;
use crate::caller::Caller;
use crate::clients::KnownClient;
use crate::issuer::Issuer;
use crate::limits::Use;
use crate::metrics;
use crate::tokens::id::IdToken;
use crate::tokens::person::{about, tellable};
use crate::tokens::worth::{Asked, Worth, judge};
use crate::tokens::{AccessToken, Speaker};

/// What answers of refreshes are sealed for.
const SEALED_FOR: &str = "refresh-answer";

/// Signed tokens, and the refresh family that has to be kept before they are given away.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) response: Response,
    pub(crate) access_token: IssuedToken,
    pub(crate) family: Option<NewFamily>,
}

/// Issues tokens for a new grant and keeps its refresh family. The grant's scope is what
/// [`Issuer::grantable`] answered.
pub(crate) async fn start(
    issuer: &Issuer,
    client: &KnownClient,
    grant: Grant,
    act: Act,
) -> Result<Response, Failure> {
    let prepared = prepare(issuer, client, grant, Asked::default()).await?;
    if let Some(family) = prepared.family {
        issuer
            .ask(|store, reply| store.start_family(family, act, reply))
            .await
            .map_err(ended)?;
    }
    Ok(prepared.response)
}

/// Signs what a new grant is worth. Nothing is kept yet.
pub(crate) async fn prepare(
    issuer: &Issuer,
    client: &KnownClient,
    grant: Grant,
    asked: Asked<'_>,
) -> Result<Prepared, Failure> {
    let worth = judge(issuer, client, &grant, asked).await?;
    let (mut response, access_token) = sign(issuer, client, &grant, (worth, grant.nonce.clone()))?;
    let family = if may_refresh(&client.record.metadata, &grant) {
        let family = new_family(issuer, grant)?;
        let first = RefreshToken::new(family.id.clone(), 0);
        response.refresh_token = Some(first.issue(&issuer.secrets.refresh.signing)?);
        Some(family)
    } else {
        None
    };
    Ok(Prepared {
        response,
        access_token,
        family,
    })
}

/// Answers a refresh token of a client that authenticated. The same question within grace gets the
/// very same answer; an older token ends its family.
pub(crate) async fn refresh(
    issuer: &Issuer,
    client: &KnownClient,
    (presented, asked): (Presented, Asked<'_>),
    act: Act,
) -> Result<Response, Failure> {
    let Presented { generation, family } = presented;
    if family.grant.client != client.record.id {
        return Err(refused(issuer, &family.id, Refusal::OtherClient).into());
    }
    if generation > family.generation {
        return Err(refused(issuer, &family.id, Refusal::AheadOfStore).into());
    }
    // A token of an older generation gets no new answer, so that none has to be signed.
    let answer = if family.is_live(act.at) && generation == family.generation {
        Some(next_answer(issuer, client, &family, asked).await?)
    } else {
        None
    };
    let sealed_answer = match &answer {
        Some(answer) => seal(issuer, answer)?,
        None => Vec::new(),
    };
    let rotate = Rotate {
        sealed_answer,
        ..rotate(issuer, client, &family, (generation, asked))
    };
    let rotation = issuer
        .ask(|store, reply| store.rotate(rotate, act, reply))
        .await?;
    if !matches!(rotation, Rotation::Refused(_)) {
        issuer.metrics.refreshed((&rotation).into());
    }
    match (rotation, answer) {
        (Rotation::Rotated { .. }, Some(answer)) => {
            issuer.count_token(metrics::Origin::RefreshToken);
            Ok(answer)
        }
        (Rotation::Replayed { sealed_answer }, _) => open(issuer, &sealed_answer),
        (Rotation::Reused, _) => {
            issuer.read_revocations().await?;
            tracing::warn!(family = %family.id, "a refresh token was used again, and its family ended");
            Err(ErrorCode::InvalidGrant.into())
        }
        (Rotation::Refused(refusal), _) => Err(refused(issuer, &family.id, refusal).into()),
        (Rotation::Rotated { .. }, None) => Err(Failure::Internal),
    }
}

/// A refresh token that this service issued, and its family.
#[derive(Debug)]
pub(crate) struct Presented {
    generation: u64,
    pub(crate) family: Family,
}

impl Presented {
    /// Reads a token that somebody wants to refresh.
    pub(crate) async fn read(
        issuer: &Issuer,
        caller: &Caller,
        token: &Credential,
    ) -> Result<Self, Failure> {
        let Some(token) = RefreshToken::authentic(token, &issuer.secrets.refresh.verifying) else {
            caller.presented_wrong(issuer);
            issuer.metrics.refreshed(metrics::Refresh::Forged);
            return Err(ErrorCode::InvalidGrant.into());
        };
        let id = token.family().clone();
        caller.spend(issuer, &[Use::RefreshByFamily(id.as_str())])?;
        let family = issuer
            .ask(|store, reply| store.family(id, reply))
            .await?
            .ok_or_else(|| refused(issuer, token.family(), Refusal::Unknown))?;
        Ok(Self {
            generation: token.generation(),
            family,
        })
    }
}

fn sign(
    issuer: &Issuer,
    client: &KnownClient,
    grant: &Grant,
    (worth, nonce): (Worth, Option<String>),
) -> Result<(Response, IssuedToken), Failure> {
    let metadata = &client.record.metadata;
    let issued = issuer.issue_access_token(AccessToken {
        speaker: Speaker::Person(grant),
        client_id: client.record.id.as_str(),
        scope: worth.scope.clone(),
        resources: &worth.resources,
        act: None,
        cnf: grant.confirmation.clone(),
        told: worth.told,
        until: None,
    })?;
    let id_token = if worth.scope.contains("openid") {
        let asked = tellable(grant.claims.id_token.keys(), &metadata.scope);
        let custom = worth.account.as_ref().map(|account| about(account, asked));
        Some(issuer.issue_id_token(IdToken {
            grant,
            client: metadata,
            access_token: &issued.text,
            nonce,
            custom: custom.unwrap_or_default(),
        })?)
    } else {
        None
    };
    let response = Response {
        access_token: issued.text,
        token_type: PresentedAs::Bearer,
        expires_in: issued.lifetime.as_secs(),
        refresh_token: None,
        id_token,
        scope: Some(worth.scope),
        issued_token_type: None,
    };
    Ok((response, issued.record))
}

/// A refresh token is for what outlives the session, or ends with one.
fn may_refresh(metadata: &ClientMetadata, grant: &Grant) -> bool {
    metadata.grant_types.contains(&GrantType::RefreshToken)
        && (grant.offline || grant.session.is_some())
}

fn new_family(issuer: &Issuer, grant: Grant) -> Result<NewFamily, Failure> {
    let now = issuer.now();
    let lifetimes = &issuer.config.lifetimes;
    let longest = now.saturating_add(lifetimes.refresh.value());
    let expires_at = if grant.offline {
        longest
    } else {
        // It lives no longer than the session of that sign-in may.
        longest.min(grant.auth_time.saturating_add(lifetimes.session.value()))
    };
    Ok(NewFamily {
        id: FamilyId::new(issuer.random.id()?),
        grant,
        idle_expires_at: idle_end(issuer, now).min(expires_at),
        expires_at,
    })
}

fn idle_end(issuer: &Issuer, now: UnixTime) -> UnixTime {
    now.saturating_add(issuer.config.lifetimes.refresh_idle.value())
}

async fn next_answer(
    issuer: &Issuer,
    client: &KnownClient,
    family: &Family,
    asked: Asked<'_>,
) -> Result<Response, Failure> {
    let worth = judge(issuer, client, &family.grant, asked).await?;
    let (mut response, _) = sign(issuer, client, &family.grant, (worth, None))?;
    let next = RefreshToken::new(family.id.clone(), family.generation.saturating_add(1));
    response.refresh_token = Some(next.issue(&issuer.secrets.refresh.signing)?);
    Ok(response)
}

fn rotate(
    issuer: &Issuer,
    client: &KnownClient,
    family: &Family,
    (generation, asked): (u64, Asked<'_>),
) -> Rotate {
    let inherits = is_browser_app(&client.record.metadata);
    Rotate {
        family: family.id.clone(),
        generation,
        client: client.record.id.clone(),
        confirmation: None,
        question: question(asked),
        sealed_answer: Vec::new(),
        grace: issuer.config.lifetimes.refresh_grace.value(),
        idle_expires_at: (!inherits).then(|| idle_end(issuer, issuer.now())),
    }
}

/// Whether a client lives in a page, where what it keeps is easily stolen: a successor of its
/// refresh token lives no longer than the first would have.
fn is_browser_app(metadata: &ClientMetadata) -> bool {
    let mut uris = metadata.redirect_uris.iter();
    metadata.is_public()
        && !metadata.rules.refresh_in_body
        && uris.any(|uri| uri.starts_with("https:") || uri.starts_with("http://localhost"))
}

/// The same question has the same hash, in whatever order its words came.
fn question(asked: Asked<'_>) -> Sha256 {
    let mut text = String::new();
    if let Some(scope) = asked.scope {
        text = format!("scope {scope}");
    }
    for resource in asked.resources {
        text.push('\n');
        text.push_str(resource.as_str());
    }
    Sha256::of(text.as_bytes())
}

fn seal(issuer: &Issuer, answer: &Response) -> Result<Vec<u8>, Failure> {
    let text = json::to_string(answer).map_err(|_| Failure::Internal)?;
    let text = zeroize::Zeroizing::new(text);
    issuer
        .secrets
        .seal(SEALED_FOR, text.as_bytes(), issuer.random.source())
        .map_err(|error| {
            tracing::error!(%error, "an answer cannot be sealed");
            Failure::Internal
        })
}

fn open(issuer: &Issuer, sealed: &[u8]) -> Result<Response, Failure> {
    let opened = issuer.secrets.open(SEALED_FOR, sealed);
    let opened = opened.map_err(|error| {
        tracing::error!(%error, "an answer cannot be given again");
        Failure::Internal
    })?;
    let document = Document::parse(opened.expose(), &Options::strict());
    let document = document.map_err(|_| Failure::Internal)?;
    json::from_value(document.root()).map_err(|_| Failure::Internal)
}

fn refused(issuer: &Issuer, family: &FamilyId, refusal: Refusal) -> OAuthError {
    issuer
        .metrics
        .refreshed((&Rotation::Refused(refusal)).into());
    match refusal {
        Refusal::OtherQuestion => OAuthError::new(
            ErrorCode::InvalidGrant,
            "the refresh token was used a moment ago with another scope or resource",
        ),
        Refusal::AheadOfStore => {
            tracing::warn!(%family, "a refresh token is newer than what is stored; was an older copy restored?");
            ErrorCode::InvalidGrant.into()
        }
        _ => ErrorCode::InvalidGrant.into(),
    }
}

/// The account or the client ended while its tokens were signed.
pub(crate) fn ended(error: StoreError) -> Failure {
    match error {
        StoreError::Missing { .. } => OAuthError::new(
            ErrorCode::InvalidGrant,
            "the account or the client is not active any more",
        )
        .into(),
        error => error.into(),
    }
}
