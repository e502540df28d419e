//! Records that several tests start from.

use std::time::Duration;

use jeton_store::account::{Account, AccountState};
use jeton_store::audit::Event;
use jeton_store::client::{Client, ClientMetadata};
use jeton_store::grant::ClaimsRequest;
use jeton_store::grant::{Grant, IssuedToken, NewFamily, Rotate};
use jeton_store::revocation::Revocation;
use jeton_store::{
    AccountId, Accounts as _, Act, Actor, AuditLog as _, ClientId, Clients as _, FamilyId,
    Grants as _, Scope, SessionId, Sha256, StoreError, UnixTime, wait,
};
use jeton_store_sqlite::SqliteStore;

pub(crate) fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(1_767_225_600 + seconds)
}

pub(crate) fn act(seconds: i64) -> Act {
    Act {
        at: at(seconds),
        actor: Actor::Service,
        address: None,
        access_tokens_end: at(seconds + 300),
    }
}

pub(crate) fn grant() -> Grant {
    Grant {
        client: ClientId::new("app"),
        account: AccountId::new("ada"),
        session: Some(SessionId::new("s")),
        offline: false,
        scope: Scope::parse("openid orders:read").unwrap(),
        resources: Vec::new(),
        nonce: None,
        auth_time: at(0),
        acr: None,
        amr: vec!["pwd".to_owned()],
        claims: ClaimsRequest::default(),
        confirmation: None,
    }
}

pub(crate) fn family(name: &str) -> NewFamily {
    NewFamily {
        id: FamilyId::new(name),
        grant: grant(),
        idle_expires_at: at(1_000_000),
        expires_at: at(1_000_000),
    }
}

/// A refresh whose answer names family and generation.
pub(crate) fn rotate(name: &str, generation: u64) -> Rotate {
    Rotate {
        family: FamilyId::new(name),
        generation,
        client: ClientId::new("app"),
        confirmation: None,
        question: Sha256::of(b"everything"),
        sealed_answer: answer(name, generation),
        grace: Duration::from_secs(30),
        idle_expires_at: None,
    }
}

/// About as long as a sealed answer with a JWT and a refresh token is.
pub(crate) fn answer(name: &str, generation: u64) -> Vec<u8> {
    let mut answer = format!("answer to {name} {generation} ").into_bytes();
    answer.resize(900, b'x');
    answer
}

pub(crate) fn token(name: &str) -> Revocation {
    Revocation::Token(IssuedToken {
        iss: "https://issuer.example".to_owned(),
        jti: name.to_owned(),
        expires_at: at(1_000_000),
    })
}

/// The account and the client of all families, unless they are there.
pub(crate) fn furnish(store: &SqliteStore) {
    let account = Account {
        id: AccountId::new("ada"),
        username: "ada".to_owned(),
        email: None,
        email_verified: false,
        password: None,
        state: AccountState::Active,
        roles: [].into(),
        groups: [].into(),
        attributes: [].into(),
        created_at: at(0),
        revision: 0,
    };
    let client = Client {
        id: ClientId::new("app"),
        metadata: ClientMetadata::default(),
        secrets: Vec::new(),
        enabled: true,
        created_at: at(0),
        revision: 0,
    };
    let account = wait(|reply| store.create_account(account, act(0), reply));
    let client = wait(|reply| store.create_client(client, act(0), reply));
    for answer in [account, client] {
        let is_there = matches!(answer, Ok(()) | Err(StoreError::Taken { .. }));
        assert!(is_there, "{answer:?}");
    }
}

pub(crate) fn start(store: &SqliteStore, name: &str) {
    furnish(store);
    wait(|reply| store.start_family(family(name), act(0), reply)).unwrap();
}

/// Appends a long event.
pub(crate) fn fill(store: &SqliteStore) -> Result<u64, StoreError> {
    let event = Event::new(&act(0), "disk.filled", "x").with("text", &"x".repeat(2000));
    wait(|reply| store.append_audit(event, reply)).map(|head| head.sequence)
}
