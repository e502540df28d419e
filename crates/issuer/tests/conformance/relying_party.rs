//! A relying party as the plans register one, and what it holds every answer to.

use std::collections::BTreeSet;

use axum::body::Body;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use http::{Method, Request, StatusCode, header};
use jeton_jose::backend::AwsLc;
use jeton_jose::json::{Document, Kind, Number, Options, RawJson, Value};
use jeton_jose::jwt::Claims;
use jeton_jose::key::VerifyingKeySet;
use jeton_jose::{Algorithm, AlgorithmSet, JwkSet, Policy, jwt};
use jeton_oauth::Scope;
use jeton_oauth::client::{AuthMethod, ClientMetadata, GrantType, Rules};
use jeton_store::{Accounts as _, Sha256, wait};

use crate::browser::Browser;
use crate::house::{Answer, House, SECRET, URL};

/// The client of the plans, which authenticates with `client_secret_basic`.
pub(crate) const CLIENT: &str = "basic-op";
/// Another one of the same kind.
pub(crate) const OTHER: &str = "basic-op-2";
/// The one that authenticates with `client_secret_post`.
pub(crate) const POSTING: &str = "basic-op-post";
pub(crate) const CALLBACK: &str = "https://suite.example/test/callback";
pub(crate) const SIGNED_OUT: &str = "https://suite.example/test/post_logout_redirect";
const NONCE: &str = "hQ2-nonce.1";
const STATE: &str = "a state/with=odd&characters";
const PASSWORD: &str = "an otter in the harbour";
/// Every claim of OpenID Connect Core §5.1 that the account has no field for.
const PERSON: &str = r#"{
    "name": "Ada King, Countess of Lovelace", "given_name": "Ada", "family_name": "King",
    "middle_name": "Augusta", "nickname": "Ada", "profile": "https://people.example/ada",
    "picture": "https://people.example/ada.jpg", "website": "https://ada.example/",
    "gender": "female", "birthdate": "1815-12-10", "zoneinfo": "Europe/London",
    "locale": "en-GB", "updated_at": 1767139200, "phone_number": "+44 20 7946 0000",
    "phone_number_verified": true,
    "address": {"formatted": "12 St James's Square\nLondon", "street_address": "12 St James's Square",
        "locality": "London", "region": "London", "postal_code": "SW1Y 4LE", "country": "GB"}
}"#;

/// A service with somebody of whom everything is known, and the clients of the plans.
pub(crate) async fn house() -> House {
    let house = House::new().await;
    house.client(CLIENT, registered(AuthMethod::Basic));
    house.client(OTHER, registered(AuthMethod::Basic));
    house.client(POSTING, registered(AuthMethod::Post));
    let link = house.issuer.setup_link().await.unwrap().unwrap();
    let mut browser = Browser::open(&house, link.strip_prefix(URL).unwrap()).await;
    let fields = [
        ("username", "ada"),
        ("email", "ada@example.org"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    browser.submit("/setup", &fields).await;
    assert_eq!(browser.page.status, StatusCode::OK, "{}", browser.page.text);
    let account = wait(|reply| house.store.account_by_login("ada".to_owned(), reply));
    let mut account = account.unwrap().unwrap();
    let person = Document::parse(PERSON.as_bytes(), &Options::strict()).unwrap();
    let claims = person.root().as_object().unwrap();
    account.attributes = claims
        .iter()
        .map(|claim| (claim.name.to_owned(), RawJson::from(claim.value)))
        .collect();
    wait(|reply| house.store.update_account(account, house.act(), reply)).unwrap();
    house
}

/// As OpenID Basic asks for it: neither PKCE nor a nonce is needed, and everything has its default.
fn registered(method: AuthMethod) -> ClientMetadata {
    ClientMetadata {
        client_name: Some("Conformance".to_owned()),
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: vec![SIGNED_OUT.to_owned()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        token_endpoint_auth_method: method,
        scope: Scope::parse("openid profile email address phone offline_access").unwrap(),
        rules: Rules {
            require_pkce: false,
            ..Rules::default()
        },
        ..ClientMetadata::default()
    }
}

pub(crate) struct RelyingParty<'h> {
    pub(crate) house: &'h House,
    pub(crate) id: &'static str,
    pub(crate) browser: Browser<'h>,
}

/// What came back for a code, found to be as it has to be.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) id: String,
    pub(crate) claims: Claims,
}

impl<'h> RelyingParty<'h> {
    /// With a browser of its own, in which nobody is signed in.
    pub(crate) fn new(house: &'h House, id: &'static str) -> Self {
        Self {
            house,
            id,
            browser: Browser::new(house),
        }
    }

    /// The parameters of an authorization request: the usual ones, changed; an empty one is left
    /// out.
    pub(crate) fn parameters(&self, changed: &[(&str, &str)]) -> Vec<(String, String)> {
        let usual = [
            ("response_type", "code"),
            ("client_id", self.id),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
            ("state", STATE),
            ("nonce", NONCE),
        ];
        let kept = usual
            .iter()
            .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        kept.chain(changed)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    /// Sends the browser to the authorization endpoint, where the person does whatever the pages
    /// ask for. Answers which pages those were.
    pub(crate) async fn ask(&mut self, changed: &[(&str, &str)]) -> Vec<&'static str> {
        let parameters = self.parameters(changed);
        self.send(&parameters).await;
        self.obey().await
    }

    /// Sends the browser to the authorization endpoint with exactly these parameters.
    pub(crate) async fn send(&mut self, parameters: &[(String, String)]) {
        let mut query = form_urlencoded::Serializer::new(String::from("/authorize?"));
        query.extend_pairs(parameters);
        self.browser.go(&query.finish()).await;
    }

    /// Fills in and sends what is shown, until the browser is sent away or no form is left.
    pub(crate) async fn obey(&mut self) -> Vec<&'static str> {
        let mut seen = Vec::new();
        while self.browser.left_to().is_none() && self.browser.page.status == StatusCode::OK {
            assert!(seen.len() < 5, "the pages go round: {seen:?}");
            let html = &self.browser.page.text;
            let page = ["/sign-in", "/select-account", "/consent"]
                .into_iter()
                .find(|page| html.contains(&format!("action=\"{page}\"")));
            let Some(page) = page else { break };
            let fields: &[(&str, &str)] = match page {
                "/sign-in" if html.contains("name=\"login\"") => {
                    &[("login", "ada"), ("password", PASSWORD)]
                }
                "/sign-in" => &[("password", PASSWORD)],
                "/consent" => &[("answer", "allow")],
                _ => &[("choice", "continue")],
            };
            self.browser.submit(page, fields).await;
            seen.push(page);
        }
        seen
    }

    /// A parameter of the answer that the browser was sent back with, which always carries what the
    /// request had as `state`, and who answers (RFC 9207).
    pub(crate) fn back(&self, name: &str) -> Option<String> {
        let location = self.browser.left_to();
        let location = location.unwrap_or_else(|| panic!("{}", self.browser.page.text));
        let query = location.strip_prefix(&format!("{CALLBACK}?")).unwrap();
        let one = |name: &str| {
            let mut values = form_urlencoded::parse(query.as_bytes())
                .filter(|(known, _)| known == name)
                .map(|(_, value)| value.into_owned());
            let value = values.next();
            assert_eq!(values.next(), None, "{name} stands twice in {query}");
            value
        };
        assert_eq!(one("state").as_deref(), Some(STATE));
        assert_eq!(one("iss").as_deref(), Some(URL));
        one(name)
    }

    /// The error that the browser was sent back with, and nothing else.
    pub(crate) fn refused(&self) -> String {
        assert_eq!(self.back("code"), None);
        self.back("error").unwrap()
    }

    /// The code that the browser was sent back with.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.back("error"), None, "{:?}", self.browser.left_to());
        self.back("code").unwrap()
    }

    /// Shows a code at the token endpoint.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
        ];
        self.token(&form).await
    }

    /// Asks the token endpoint, by the method that the client is registered for.
    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Answer {
        if self.id == POSTING {
            let secret = [("client_id", self.id), ("client_secret", SECRET)];
            let form = [form, &secret].concat();
            return self.house.post_plain("/token", &form).await;
        }
        self.house.post("/token", self.id, form).await
    }

    /// The whole way: pages, code, tokens, each of them checked.
    pub(crate) async fn tokens(&mut self, changed: &[(&str, &str)]) -> Tokens {
        self.ask(changed).await;
        self.tokens_of_code(changed).await
    }

    /// The tokens for the code that the browser was sent back with after this request.
    pub(crate) async fn tokens_of_code(&self, changed: &[(&str, &str)]) -> Tokens {
        let answer = self.redeem(&self.code()).await;
        let tokens = self.checked(&answer).await;
        let nonce = changed.iter().find(|(name, _)| *name == "nonce");
        let nonce = nonce.map_or(Some(NONCE), |(_, value)| {
            Some(*value).filter(|value| !value.is_empty())
        });
        let told = tokens.claims.get("nonce");
        assert_eq!(told.and_then(Value::as_str), nonce);
        tokens
    }

    /// Holds an answer of the token endpoint to RFC 6749 §5.1 and OpenID Connect Core §3.1.3.3.
    pub(crate) async fn checked(&self, answer: &Answer) -> Tokens {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.string("token_type"), "Bearer");
        assert!(answer.string("expires_in").parse::<u32>().unwrap() > 0);
        let access = answer.string("access_token");
        let visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        assert!(visible(&access) && access.len() >= 22);
        let refresh = answer.member("refresh_token");
        assert!(
            refresh
                .as_deref()
                .is_none_or(|token| visible(token) && token.len() >= 22)
        );
        let id = answer.string("id_token");
        Tokens {
            claims: self.checked_id_token(&id, &access).await,
            access,
            refresh,
            id,
        }
    }

    /// Judges an id token as a relying party has to (OpenID Connect Core §3.1.3.7).
    async fn checked_id_token(&self, token: &str, access: &str) -> Claims {
        let set = key_set(self.house).await;
        let only = AlgorithmSet::from_iter([Algorithm::RS256]);
        let keys = VerifyingKeySet::new(&set.keys, only, &AwsLc).unwrap();
        let policy = Policy::new(only).issuer(URL).audience(self.id).typ("JWT");
        let verified = jwt::verify(token, &keys, &policy, self.house.now()).unwrap();
        let key = verified.header().key_id().unwrap();
        assert!(set.keys.iter().any(|known| known.key_id() == Some(key)));
        let claims = verified.into_claims();
        let now = self.house.now();
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        assert_eq!(claims.audiences().collect::<Vec<_>>(), [self.id]);
        assert!(text("azp").is_none_or(|party| party == self.id));
        let subject = claims.subject().unwrap();
        assert!(!subject.is_empty() && subject.len() <= 255 && subject.is_ascii());
        assert!(claims.issued_at().is_some_and(|at| at <= now));
        assert!(claims.expires_at().is_some_and(|at| at > now));
        let hash = Sha256::of(access.as_bytes());
        let half = hash.as_bytes().get(..16).unwrap();
        let half = Base64UrlUnpadded::encode_string(half);
        assert_eq!(text("at_hash"), Some(half.as_str()));
        assert!(auth_time(&claims) <= now.seconds());
        assert!(text("acr").is_some());
        let methods = claims.get("amr").and_then(Value::as_array).unwrap();
        assert!(methods.iter().all(|method| method.as_str().is_some()));
        claims
    }

    /// Asks the userinfo endpoint with the token in the header.
    pub(crate) async fn userinfo(&self, access: &str) -> Answer {
        let request = Request::get("/userinfo")
            .header(header::AUTHORIZATION, format!("Bearer {access}"))
            .body(Body::empty())
            .unwrap();
        self.house.ask(request).await
    }

    /// What the userinfo endpoint tells, of the person whom the id token is about.
    pub(crate) async fn person(&self, tokens: &Tokens) -> Told {
        let answer = self.userinfo(&tokens.access).await;
        Told::checked(&answer, tokens)
    }
}

/// What the userinfo endpoint told.
pub(crate) struct Told {
    document: Document<'static>,
}

impl Told {
    /// Holds an answer of the userinfo endpoint to OpenID Connect Core §5.1 and §5.3.
    pub(crate) fn checked(answer: &Answer, tokens: &Tokens) -> Self {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/json");
        let text = answer.text.clone().into_bytes();
        let told = Self {
            document: Document::from_vec(text, &Options::strict()).unwrap(),
        };
        assert_eq!(answer.member("sub").as_deref(), tokens.claims.subject());
        let claims = told.document.root().as_object().unwrap();
        for claim in claims {
            let kind = match claim.name {
                "email_verified" | "phone_number_verified" => Kind::Bool,
                "updated_at" => Kind::Number,
                "address" => Kind::Object,
                _ => Kind::String,
            };
            assert_eq!(claim.value.kind(), kind, "{}", claim.name);
        }
        told
    }

    /// The names of all claims but `sub`.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let claims = self.document.root().as_object().unwrap();
        let names = claims.iter().map(|claim| claim.name.to_owned());
        names.filter(|name| name != "sub").collect()
    }
}

/// When the person signed in, by an id token.
pub(crate) fn auth_time(claims: &Claims) -> i64 {
    let time = claims.get("auth_time").and_then(Value::as_number);
    time.and_then(Number::to_i64).unwrap()
}

/// The key set as everybody sees it: each key public, usable and with a name of its own.
pub(crate) async fn key_set(house: &House) -> JwkSet {
    let answer = house.get("/jwks").await;
    assert_eq!(answer.status, StatusCode::OK);
    let set = JwkSet::parse(answer.text.as_bytes()).unwrap();
    assert!(set.skipped.is_empty() && !set.keys.is_empty());
    let names: BTreeSet<_> = set.keys.iter().map(|key| key.key_id().unwrap()).collect();
    assert_eq!(names.len(), set.keys.len());
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    let document = Document::parse(answer.text.as_bytes(), &Options::strict()).unwrap();
    let keys = document.root().as_object().unwrap().get("keys").unwrap();
    for key in keys.as_array().unwrap() {
        let key = key.as_object().unwrap();
        assert!(private.iter().all(|name| key.get(name).is_none()));
    }
    set
}

/// A request with a token, and with a body if there is a form.
pub(crate) fn with_bearer(method: Method, path: &str, access: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {access}"))
}
