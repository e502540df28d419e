//! A service that is up, and what tests ask of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use jeton_issuer::metrics::Metrics;
use jeton_issuer::{Config, Issuer, Place, Random};
use jeton_jose::backend::AwsLc;
use jeton_jose::json::{Document, Options};
use jeton_jose::{Secret, UnixTime};
use jeton_oauth::client::{AuthMethod, ClientMetadata, GrantType};
use jeton_oauth::{Resource, Scope};
use jeton_store::client::{Client, ClientSecret};
use jeton_store::{Act, Actor, ClientId, Clients as _, Sha256, Store, wait};
use jeton_store_sqlite::{Options as StoreOptions, SqliteStore};
use jeton_testkit::NOW;
use tower::ServiceExt as _;

pub(crate) const URL: &str = "https://id.example";
/// The secret of every client that has one.
pub(crate) const SECRET: &str = "a-secret-of-a-test-that-protects-nothing";

pub(crate) struct House {
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) store: Arc<SqliteStore>,
    router: Router,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

/// Knows no host.
#[derive(Debug)]
struct Offline;

impl jeton_keys::Resolve for Offline {
    fn resolve<'a>(&'a self, _host: &'a str) -> jeton_keys::Answer<'a> {
        Box::pin(async { Err(std::io::Error::other("offline")) })
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jeton.db");
        let store = Arc::new(SqliteStore::open(&path, StoreOptions::default()).unwrap());
        let clock = Arc::new(AtomicI64::new(NOW.seconds()));
        let present = Arc::clone(&clock);
        let place = Place {
            url: URL.to_owned(),
            clock: Arc::new(move || UnixTime::from_seconds(present.load(Ordering::SeqCst))),
            random: Random::new(AwsLc),
            store: Arc::clone(&store) as Arc<dyn Store>,
            master_key: Secret::new(vec![7; 32]),
            mails: folder.path().join("mails"),
            metrics: Arc::new(Metrics::new("0", NOW)),
            resolver: Arc::new(Offline),
        };
        let (router, issuer) = config.build(place).await.unwrap();
        Self {
            issuer,
            store,
            router,
            clock,
            folder,
        }
    }

    pub(crate) fn now(&self) -> UnixTime {
        UnixTime::from_seconds(self.clock.load(Ordering::SeqCst))
    }

    pub(crate) fn mail_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("mails")
    }

    /// Lets time pass.
    pub(crate) fn later(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap();
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Has the clock jump back.
    pub(crate) fn earlier(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap();
        self.clock.fetch_sub(seconds, Ordering::SeqCst);
    }

    pub(crate) fn act(&self) -> Act {
        Act {
            at: self.now(),
            actor: Actor::CommandLine,
            address: None,
            access_tokens_end: self.now().saturating_add(Duration::from_mins(5)),
        }
    }

    /// Registers a client; with a secret, unless it authenticates otherwise.
    pub(crate) fn client(&self, id: &str, metadata: ClientMetadata) {
        metadata.check().unwrap();
        let has_secret = matches!(
            metadata.token_endpoint_auth_method,
            AuthMethod::Basic | AuthMethod::Post
        );
        let secret = ClientSecret {
            hash: Sha256::of(SECRET.as_bytes()),
            expires_at: None,
        };
        let client = Client {
            id: ClientId::new(id),
            metadata,
            secrets: has_secret.then_some(secret).into_iter().collect(),
            enabled: true,
            created_at: self.now(),
            revision: 0,
        };
        wait(|reply| self.store.create_client(client, self.act(), reply)).unwrap();
    }

    /// The answer with its body still to be read.
    pub(crate) async fn open(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        Answer::of(self.open(request).await).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.ask(request).await
    }

    /// Posts a form as a client with a secret in the `Authorization` header.
    pub(crate) async fn post(&self, path: &str, client: &str, form: &[(&str, &str)]) -> Answer {
        let basic = base64(&format!("{client}:{SECRET}"));
        let request = posted(path, form)
            .header(header::AUTHORIZATION, format!("Basic {basic}"))
            .body(body(form))
            .unwrap();
        self.ask(request).await
    }

    /// Posts a form as nobody in particular.
    pub(crate) async fn post_plain(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = posted(path, form).body(body(form)).unwrap();
        self.ask(request).await
    }
}

fn posted(path: &str, _form: &[(&str, &str)]) -> http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn body(form: &[(&str, &str)]) -> Body {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(form);
    Body::from(text.finish())
}

pub(crate) fn base64(text: &str) -> String {
    use base64ct::Encoding as _;
    base64ct::Base64::encode_string(text.as_bytes())
}

impl Answer {
    pub(crate) async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn nothing() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            text: String::new(),
        }
    }

    /// A member of the JSON object that came back; `None` if it is not there.
    pub(crate) fn member(&self, name: &str) -> Option<String> {
        member(&self.text, name)
    }

    pub(crate) fn string(&self, name: &str) -> String {
        self.member(name)
            .unwrap_or_else(|| panic!("no {name} in {}", self.text))
    }

    /// The refusal's code.
    pub(crate) fn error(&self) -> String {
        self.string("error")
    }
}

/// A member of a JSON object: strings as what they say, all else as its text.
pub(crate) fn member(text: &str, name: &str) -> Option<String> {
    let document = Document::parse(text.as_bytes(), &Options::strict()).unwrap();
    let value = document.root().as_object().unwrap().get(name)?;
    Some(value.as_str().unwrap_or(value.source()).to_owned())
}

/// A machine that may do these things.
pub(crate) fn machine(scope: &str, resources: &[&str]) -> ClientMetadata {
    ClientMetadata {
        grant_types: vec![GrantType::ClientCredentials],
        scope: Scope::parse(scope).unwrap(),
        resources: resources
            .iter()
            .map(|one| Resource::parse(one).unwrap())
            .collect(),
        ..ClientMetadata::default()
    }
}
