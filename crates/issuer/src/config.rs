use core::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration as Span;

use axum::Router;
use jeton_jose::{Algorithm, Secret, UnixTime};
use jeton_keys::{Resolve, TrustError};
use jeton_oauth::OAuthError;
use jeton_oauth::metadata::check_issuer;
use jeton_settings::{Duration, HostName, Network};
use jeton_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::issuer::Issuer;
use crate::limits::Limits;
use crate::mail::{Mail, MailError};
use crate::metrics::Metrics;
use crate::password::{ParametersError, Passwords};
use crate::random::{NoRandomness, Random};
use crate::sealing::MasterKeyError;
use crate::signing::SigningError;

/// The token service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = IssuerConfig)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Leave the service out.
    pub disabled: bool,
    /// The issuer: the URL under which everybody knows the service. It stays what it is when it was
    /// chosen. Without it, `localhost` with the port that is listened on.
    #[schema(example = "https://id.example")]
    pub url: Option<String>,
    /// Further names under which programs reach it, such as that of a container.
    pub hosts: Vec<HostName>,
    /// What people know the service by, on its pages and in its mails.
    pub name: Option<String>,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// The keys that tokens are signed with.
    pub keys: Keys,
    /// Whether people may make accounts of their own.
    pub registration: Registration,
    /// How passwords are hashed, and what new ones have to be.
    pub passwords: Passwords,
    /// How often things may be asked for.
    pub limits: Limits,
    /// Who mails are from, and how they leave; without it they land as files in the data folder.
    pub mail: Option<Mail>,
    /// Origins of the house's own applications, such as `https://app.example`, whose pages may sign
    /// people in without a redirect.
    pub origins: Vec<String>,
    /// Networks beside this machine that may read the metrics.
    pub metrics_for: Vec<Network>,
    /// From where the keys of clients are fetched that are registered with a `jwks_uri`.
    pub client_keys: jeton_keys::Config,
    /// Networks of proxies in front, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
}

/// Whether people may make accounts of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Nobody: an administrator makes accounts.
    #[default]
    Closed,
    /// Everybody, once an administrator approved the account.
    Approval,
    /// Everybody.
    Open,
}

/// How long things live.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    /// Access tokens; each lives up to 5 % less, so that renewals spread.
    pub access_token: Duration,
    /// Id tokens.
    pub id_token: Duration,
    /// Authorization codes.
    pub code: Duration,
    /// How long after its use a refresh token gets the same answer again: `0` is written as `off`.
    pub refresh_grace: Grace,
    /// A refresh token that is not used.
    pub refresh_idle: Duration,
    /// A refresh token in any case.
    pub refresh: Duration,
    /// A session in a browser that is not used.
    pub session_idle: Duration,
    /// A session in a browser in any case.
    pub session: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Self {
            access_token: Duration::from_seconds(300),
            id_token: Duration::from_seconds(3600),
            code: Duration::from_seconds(60),
            refresh_grace: Grace::default(),
            refresh_idle: Duration::from_seconds(30 * DAY),
            refresh: Duration::from_seconds(90 * DAY),
            session_idle: Duration::from_seconds(DAY),
            session: Duration::from_seconds(14 * DAY),
        }
    }
}

/// A grace of at most five minutes, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace(Span);

impl Grace {
    /// The time itself.
    pub const fn value(self) -> Span {
        self.0
    }
}

impl Default for Grace {
    fn default() -> Self {
        Self(Span::from_secs(30))
    }
}

impl<'de> Deserialize<'de> for Grace {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        let text = String::deserialize(deserializer)?;
        if text == "off" {
            return Ok(Self(Span::ZERO));
        }
        let grace: Duration = text.parse().map_err(D::Error::custom)?;
        if grace.value() > jeton_store::grant::Rotate::MOST_GRACE {
            return Err(D::Error::custom("expected at most `5m`, or `off`"));
        }
        Ok(Self(grace.value()))
    }
}

impl Serialize for Grace {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_zero() {
            return serializer.serialize_str("off");
        }
        serializer.collect_str(&format_args!("{}ms", self.0.as_millis()))
    }
}

impl utoipa::PartialSchema for Grace {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("A duration of at most five minutes, or `off`."))
            .examples(["30s", "off"])
            .into()
    }
}

impl ToSchema for Grace {}

/// The keys that tokens are signed with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = SigningKeysConfig)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// What access tokens are signed with.
    pub access_token: SigningAlgorithm,
    /// What id tokens are signed with where the client asks for nothing else (OpenID Connect
    /// Registration §2 wants RS256).
    pub id_token: SigningAlgorithm,
    /// Further algorithms that clients may ask for.
    pub offered: Vec<SigningAlgorithm>,
    /// How long a key signs.
    pub rotate_every: Duration,
    /// How long before that its public half is shown, so that everybody knows it in time.
    pub publish_ahead: Duration,
}

impl Default for Keys {
    fn default() -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Self {
            access_token: SigningAlgorithm(Algorithm::ES256),
            id_token: SigningAlgorithm(Algorithm::RS256),
            offered: vec![SigningAlgorithm(Algorithm::Ed25519)],
            rotate_every: Duration::from_seconds(30 * DAY),
            publish_ahead: Duration::from_seconds(2 * DAY),
        }
    }
}

impl Keys {
    /// All algorithms that there has to be a key of, each once.
    pub(crate) fn algorithms(&self) -> Vec<Algorithm> {
        let mut algorithms = vec![self.access_token.0, self.id_token.0];
        algorithms.extend(self.offered.iter().map(|one| one.0));
        let mut once = Vec::new();
        for algorithm in algorithms {
            if !once.contains(&algorithm) {
                once.push(algorithm);
            }
        }
        once
    }
}

/// An algorithm with a public key, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningAlgorithm(pub Algorithm);

impl<'de> Deserialize<'de> for SigningAlgorithm {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        let name = String::deserialize(deserializer)?;
        Algorithm::from_name(&name)
            .filter(|algorithm| jeton_jose::AlgorithmSet::asymmetric().contains(*algorithm))
            .map(Self)
            .ok_or_else(|| D::Error::custom("expected a public-key algorithm such as `ES256`"))
    }
}

impl Serialize for SigningAlgorithm {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl utoipa::PartialSchema for SigningAlgorithm {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("A public-key signature algorithm."))
            .examples(["ES256", "RS256", "Ed25519"])
            .into()
    }
}

impl ToSchema for SigningAlgorithm {}

/// Where the present comes from.
pub type Clock = Arc<dyn Fn() -> UnixTime + Send + Sync>;

/// What the service is given from outside.
#[derive(Clone)]
pub struct Place {
    /// The issuer: the URL under which everybody knows the service.
    pub url: String,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// What it remembers.
    pub store: Arc<dyn Store>,
    /// What everything else that is secret is derived from.
    pub master_key: Secret,
    /// Where mails land that have nowhere to go.
    pub mails: PathBuf,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Addresses of hosts that keys of clients are fetched from.
    pub resolver: Arc<dyn Resolve>,
}

/// The service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The issuer is no URL that one can have.
    #[error("the issuer's URL cannot be used")]
    Url(#[source] OAuthError),
    /// The master key.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The signing keys.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// What passwords are hashed with.
    #[error(transparent)]
    Passwords(#[from] ParametersError),
    /// The thread that hashes passwords.
    #[error("the thread that hashes passwords cannot be started")]
    Hasher(#[from] std::io::Error),
    /// Randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// How mails leave.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// An origin of an application.
    #[error("`{0}` of `origins` is no origin, as `https://app.example`")]
    Origin(String),
    /// The authorities that are trusted where keys of clients are fetched.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

impl Config {
    /// Reads what the store holds, makes the keys that are missing, and answers the service with
    /// the router that serves it.
    ///
    /// # Errors
    /// The URL or the master key cannot be used, or the store cannot answer.
    pub async fn build(self, place: Place) -> Result<(Router, Arc<Issuer>), BuildError> {
        check_issuer(&place.url).map_err(BuildError::Url)?;
        let issuer = Arc::new(Issuer::start(self, place).await?);
        Ok((crate::endpoints::router(&issuer)?, issuer))
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("url", &self.url)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
