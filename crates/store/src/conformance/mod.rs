//! What every backend has to do, as a suite that any of them can run.
//!
//! Each case gets an empty store and the mock time of its acts. It panics, with the case's name
//! before it, where the store does something else.

#![expect(
    clippy::unwrap_used,
    reason = "a suite of tests panics where a test fails"
)]
#![expect(clippy::assigning_clones, reason = "cases read best plainly")]
#![cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "each file of cases uses most of what they share"
    )
)]

mod access;
mod accounts;
mod audit;
mod codes;
mod families;
mod keys;
mod sessions;

use core::time::Duration;

use jeton_jose::UnixTime;
use jeton_oauth::Scope;
use jeton_oauth::client::ClientMetadata;

use crate::account::{Account, AccountState, PasswordHash};
use crate::act::{Act, Actor};
use crate::client::Client;
use crate::grant::{Grant, NewFamily, Rotate};
use crate::hash::Sha256;
use crate::id::{AccountId, ClientId, FamilyId, SessionId};
use crate::reply::wait;
use crate::revocation::{Entry, Holder, Revoked};
use crate::session::Session;
use crate::{Store, audit as log};

/// A case: its name, and what it does with an empty store.
pub type Case = (&'static str, fn(&dyn Store));

/// All cases.
pub fn cases() -> Vec<Case> {
    [
        accounts::CASES,
        sessions::CASES,
        codes::CASES,
        families::CASES,
        keys::CASES,
        access::CASES,
        audit::CASES,
    ]
    .concat()
}

/// Runs all cases, each on a fresh store. After each, the audit chain has to hold.
///
/// # Panics
/// The store does something else than it should.
pub fn run(fresh: &mut dyn FnMut() -> Box<dyn Store>) {
    for (name, case) in cases() {
        println!("{name}");
        let store = fresh();
        case(store.as_ref());
        check_chain(store.as_ref());
    }
}

/// Walks the whole audit log; answers its entries.
///
/// # Panics
/// The chain does not hold.
pub fn check_chain(store: &dyn Store) -> Vec<log::Entry> {
    let mut head = log::Head::empty();
    let mut entries: Vec<log::Entry> = Vec::new();
    loop {
        let after = head.sequence;
        let page = wait(|reply| store.audit_after(after, 100, reply)).unwrap();
        if page.is_empty() {
            break;
        }
        for entry in page {
            assert_eq!(head.check(&entry), Ok(()), "the chain holds");
            entries.push(entry);
        }
    }
    assert_eq!(wait(|reply| store.audit_head(reply)).unwrap(), head);
    entries
}

/// When a case begins.
const START: i64 = 1_767_225_600;

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(START + seconds)
}

fn act(seconds: i64) -> Act {
    Act {
        at: at(seconds),
        actor: Actor::CommandLine,
        address: Some("192.0.2.1".to_owned()),
        access_tokens_end: at(seconds + 300),
    }
}

fn account(name: &str) -> Account {
    Account {
        id: AccountId::new(format!("id-{name}")),
        username: name.to_owned(),
        email: Some(format!("{name}@example.com")),
        email_verified: false,
        password: Some(PasswordHash::new(format!("$hash${name}"))),
        state: AccountState::Active,
        roles: [].into(),
        groups: [].into(),
        attributes: [].into(),
        created_at: at(0),
        revision: 0,
    }
}

fn client(name: &str) -> Client {
    Client {
        id: ClientId::new(name),
        metadata: ClientMetadata::default(),
        secrets: Vec::new(),
        enabled: true,
        created_at: at(0),
        revision: 0,
    }
}

fn session(name: &str, account: &str) -> Session {
    Session {
        id: SessionId::new(name),
        cookie: Sha256::of(name.as_bytes()),
        account: AccountId::new(format!("id-{account}")),
        auth_time: at(0),
        acr: None,
        amr: vec!["pwd".to_owned()],
        device: Some("Firefox".to_owned()),
        address: None,
        last_used_at: at(0),
        idle_expires_at: at(600),
        expires_at: at(3600),
    }
}

fn grant(session: Option<&str>) -> Grant {
    Grant {
        client: ClientId::new("app"),
        account: AccountId::new("id-ada"),
        session: session.map(SessionId::new),
        offline: false,
        scope: Scope::parse("openid orders:read").unwrap(),
        resources: Vec::new(),
        nonce: Some("n".to_owned()),
        auth_time: at(0),
        acr: None,
        amr: vec!["pwd".to_owned()],
        claims: jeton_oauth::authorize::ClaimsRequest::default(),
        confirmation: None,
    }
}

fn family(name: &str, grant: Grant) -> NewFamily {
    NewFamily {
        id: FamilyId::new(name),
        grant,
        idle_expires_at: at(1000),
        expires_at: at(5000),
    }
}

fn rotate(name: &str, generation: u64) -> Rotate {
    Rotate {
        family: FamilyId::new(name),
        generation,
        client: ClientId::new("app"),
        confirmation: None,
        question: Sha256::of(b"everything"),
        sealed_answer: format!("answer to {generation}").into_bytes(),
        grace: Duration::from_secs(30),
        idle_expires_at: None,
    }
}

/// A store with the account ada and the client app.
fn furnish(store: &dyn Store) {
    wait(|reply| store.create_account(account("ada"), act(0), reply)).unwrap();
    wait(|reply| store.create_client(client("app"), act(0), reply)).unwrap();
}

fn revocations(store: &dyn Store) -> Vec<Entry> {
    wait(|reply| store.revocations_after(0, 1000, reply)).unwrap()
}

/// Whether the log has a watermark of this holder that covers `seconds`.
fn is_marked(store: &dyn Store, holder: &Holder, seconds: i64) -> bool {
    revocations(store).iter().any(|entry| {
        matches!(&entry.revoked, Revoked::Before { holder: marked, not_before }
            if marked == holder && at(seconds) < *not_before)
    })
}

fn is_live(store: &dyn Store, name: &str, seconds: i64) -> bool {
    let family = wait(|reply| store.family(FamilyId::new(name), reply)).unwrap();
    family.is_some_and(|family| family.is_live(at(seconds)))
}

fn actions(store: &dyn Store) -> Vec<String> {
    let entries = check_chain(store).into_iter();
    entries.map(|entry| entry.event.action).collect()
}
