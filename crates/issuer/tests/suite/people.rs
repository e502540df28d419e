//! People in tests, and the codes that they would have got by signing in.

use std::time::Duration;

use jeton_issuer::Config;
use jeton_jose::backend::AwsLc;
use jeton_jose::json::{Document, Options, RawJson};
use jeton_oauth::client::{AuthMethod, ClientMetadata, GrantType};
use jeton_oauth::pkce::Verifier;
use jeton_oauth::{Resource, Scope};
use jeton_store::access::{Api, Role, Template};
use jeton_store::account::{Account, AccountState};
use jeton_store::grant::{AuthorizationCode, ClaimsRequest, Grant};
use jeton_store::session::Session;
use jeton_store::{
    Access as _, AccountId, Accounts as _, ClientId, Grants as _, SessionId, Sessions as _, Sha256,
    wait,
};

use crate::house::{Answer, House};

/// The API that people have roles for.
pub(crate) const API: &str = "https://orders.example";
pub(crate) const CALLBACK: &str = "https://app.example/callback";
/// 43 unreserved characters.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// An application that people sign in to.
pub(crate) fn app() -> ClientMetadata {
    ClientMetadata {
        redirect_uris: vec![CALLBACK.to_owned()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scope: scope("openid profile email offline_access orders:read orders:write"),
        resources: vec![Resource::parse(API).unwrap()],
        id_token_signed_response_alg: Some("ES256".to_owned()),
        ..ClientMetadata::default()
    }
}

/// The same in a browser, without a secret.
pub(crate) fn browser_app() -> ClientMetadata {
    ClientMetadata {
        token_endpoint_auth_method: AuthMethod::None,
        ..app()
    }
}

pub(crate) fn scope(words: &str) -> Scope {
    Scope::parse(words).unwrap()
}

pub(crate) fn raw(text: &str) -> RawJson {
    let document = Document::parse(text.as_bytes(), &Options::strict()).unwrap();
    RawJson::from(document.root())
}

/// A grant of ada's to a client, in her session.
pub(crate) fn grant(house: &House, client: &str, words: &str) -> Grant {
    Grant {
        client: ClientId::new(client),
        account: AccountId::new("ada-id"),
        session: Some(SessionId::new("ada-session")),
        offline: words.contains("offline_access"),
        scope: scope(words),
        resources: Vec::new(),
        nonce: Some("n-1".to_owned()),
        auth_time: house.now(),
        acr: Some("1".to_owned()),
        amr: vec!["pwd".to_owned()],
        claims: ClaimsRequest::default(),
        confirmation: None,
    }
}

impl House {
    /// A service with the application `app`, an API, and ada, who may read orders.
    pub(crate) async fn inhabited() -> Self {
        let mut config = Config::default();
        // An RSA key takes long to make.
        config.keys.id_token = config.keys.access_token;
        Self::inhabited_with(config).await
    }

    pub(crate) async fn inhabited_with(config: Config) -> Self {
        let house = Self::with(config).await;
        house.client("app", app());
        house.permit(&["orders:read"]);
        house.ada(&["clerk"]);
        let api = Api {
            resource: Resource::parse(API).unwrap(),
            name: "Orders".to_owned(),
            scopes: ["orders:read", "orders:write"]
                .map(|word| (word.to_owned(), String::new()))
                .into(),
            open: false,
            template: Template {
                roles: true,
                permissions: false,
                claims: [("tenant".to_owned(), "company".to_owned())].into(),
            },
        };
        wait(|reply| house.store.save_api(api, house.act(), reply)).unwrap();
        house.issuer.access_changed().await.unwrap();
        house
    }

    /// What the role `clerk` permits from now on.
    pub(crate) fn permit(&self, permissions: &[&str]) {
        let clerk = Role {
            name: "clerk".to_owned(),
            description: String::new(),
            permissions: permissions.iter().map(|&one| one.to_owned()).collect(),
        };
        wait(|reply| self.store.save_role(clerk, self.act(), reply)).unwrap();
    }

    fn ada(&self, roles: &[&str]) {
        let ada = Account {
            id: AccountId::new("ada-id"),
            username: "ada".to_owned(),
            email: Some("ada@mail.example".to_owned()),
            email_verified: true,
            password: None,
            state: AccountState::Active,
            roles: roles.iter().map(|&one| one.to_owned()).collect(),
            groups: [].into(),
            attributes: [
                ("name".to_owned(), raw("\"Ada Lovelace\"")),
                ("company".to_owned(), raw("\"engines\"")),
                ("email".to_owned(), raw("\"not@mail.example\"")),
            ]
            .into(),
            created_at: self.now(),
            revision: 0,
        };
        wait(|reply| self.store.create_account(ada, self.act(), reply)).unwrap();
        let session = Session {
            id: SessionId::new("ada-session"),
            cookie: Sha256::of(b"cookie"),
            account: AccountId::new("ada-id"),
            auth_time: self.now(),
            acr: None,
            amr: vec![],
            device: None,
            address: None,
            last_used_at: self.now(),
            idle_expires_at: self.now().saturating_add(Duration::from_hours(24)),
            expires_at: self.now().saturating_add(Duration::from_hours(24)),
        };
        wait(|reply| self.store.start_session(session, None, self.act(), reply)).unwrap();
    }

    /// A code as it is after ada signed in and agreed.
    pub(crate) fn code(&self, code: &str, grant: Grant) {
        let code = AuthorizationCode {
            hash: Sha256::of(code.as_bytes()),
            grant,
            redirect_uri: Some(CALLBACK.to_owned()),
            challenge: Some(Verifier::parse(VERIFIER).unwrap().challenge(&AwsLc)),
            expires_at: self.now().saturating_add(Duration::from_mins(1)),
        };
        wait(|reply| self.store.save_code(code, reply)).unwrap();
    }

    /// Redeems a code as `app`.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.post("/token", "app", &redemption(code)).await
    }

    /// Tokens for `app` with this scope.
    pub(crate) async fn tokens(&self, words: &str) -> Answer {
        let code = format!("code of {words}");
        self.code(&code, grant(self, "app", words));
        let answer = self.redeem(&code).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    /// Refreshes as `app`.
    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post("/token", "app", &refreshing(token)).await
    }

    /// What introspection by `app` says: whether the token is active.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        let answer = self.post("/introspect", "app", &[("token", token)]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.string("active") == "true"
    }
}

pub(crate) fn redemption(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]
}

pub(crate) fn refreshing(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

/// The claims of a token, unread by anybody.
pub(crate) fn claims(token: &str) -> String {
    let payload = token.split('.').nth(1).unwrap();
    String::from_utf8(jeton_jose::base64url::decode(payload).unwrap()).unwrap()
}
