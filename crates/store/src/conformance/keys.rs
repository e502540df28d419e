use jeton_jose::json::{Document, Options, RawJson};

use super::*;
use crate::error::StoreError;
use crate::grant::IssuedToken;
use crate::revocation::Revocation;
use crate::signing_key::{KeyState, Schedule, SigningKey};

pub(super) const CASES: &[Case] = &[
    ("signing keys are kept in the order of their time", keeping),
    (
        "a retired key loses its private half, a revoked one at once",
        erasing,
    ),
    ("the revocation log is read from any place on", log),
];

fn key(name: &str, published: i64) -> SigningKey {
    let document = Document::parse(br#"{"kty":"OKP"}"#, &Options::strict()).unwrap();
    SigningKey {
        key_id: name.to_owned(),
        algorithm: "ES256".to_owned(),
        public: RawJson::from(document.root()),
        sealed_private: Some(vec![0, 1, 254, 255]),
        schedule: schedule(published),
        revoked_at: None,
    }
}

fn schedule(published: i64) -> Schedule {
    Schedule {
        published_at: at(published),
        active_from: at(published + 10),
        retires_at: at(published + 20),
        removed_at: at(published + 30),
    }
}

fn all(store: &dyn Store) -> Vec<SigningKey> {
    wait(|reply| store.signing_keys(reply)).unwrap()
}

fn keeping(store: &dyn Store) {
    for (name, published) in [("b", 10), ("a", 20), ("c", 0)] {
        wait(|reply| store.add_signing_key(key(name, published), act(0), reply)).unwrap();
    }
    assert_eq!(all(store), [key("c", 0), key("b", 10), key("a", 20)]);
    let again = wait(|reply| store.add_signing_key(key("a", 0), act(0), reply));
    let taken = StoreError::Taken {
        record: "signing key",
        field: "kid",
    };
    assert_eq!(again, Err(taken));
    let reschedule = |name: &str| {
        let name = name.to_owned();
        wait(|reply| store.reschedule_signing_key(name, schedule(40), act(1), reply))
    };
    reschedule("c").unwrap();
    assert_eq!(all(store).last(), Some(&key("c", 40)));
    let missing = StoreError::Missing {
        record: "signing key",
    };
    assert_eq!(reschedule("x"), Err(missing));
}

fn erasing(store: &dyn Store) {
    for (name, published) in [("a", 0), ("b", 10)] {
        wait(|reply| store.add_signing_key(key(name, published), act(0), reply)).unwrap();
    }
    let erase = |seconds| wait(|reply| store.erase_retired_keys(act(seconds), reply)).unwrap();
    assert_eq!(erase(19), 0);
    assert_eq!(erase(20), 1);
    assert_eq!(erase(20), 0);
    let keys = all(store);
    assert_eq!(keys[0].sealed_private, None);
    assert!(keys[1].sealed_private.is_some());
    wait(|reply| store.revoke_signing_key("b".to_owned(), act(21), reply)).unwrap();
    let revoked = &all(store)[1];
    assert_eq!(
        (&revoked.sealed_private, revoked.revoked_at),
        (&None, Some(at(21)))
    );
    assert_eq!(revoked.state(at(21)), KeyState::Removed);
    let missing = wait(|reply| store.revoke_signing_key("x".to_owned(), act(21), reply));
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
}

fn log(store: &dyn Store) {
    let token = IssuedToken {
        iss: "https://issuer.example".to_owned(),
        jti: "j".to_owned(),
        expires_at: at(77),
    };
    let mut sequences = Vec::new();
    for revocation in [
        Revocation::Token(token),
        Revocation::Until(Holder::Client("app".to_owned())),
        Revocation::Until(Holder::Tenant("acme".to_owned())),
    ] {
        sequences.push(wait(|reply| store.revoke(revocation, act(5), reply)).unwrap());
    }
    assert!(sequences.is_sorted_by(|before, after| before < after));
    let after = |sequence, limit| {
        let page = wait(|reply| store.revocations_after(sequence, limit, reply)).unwrap();
        page.into_iter()
            .map(|entry| entry.sequence)
            .collect::<Vec<_>>()
    };
    assert_eq!(after(0, 10), sequences);
    assert_eq!(after(0, 2), sequences[..2]);
    assert_eq!(after(sequences[1], 10), sequences[2..]);
    assert_eq!(after(sequences[2], 10), []);
    let entries = revocations(store);
    assert_eq!(entries[0].expires_at, at(77));
    assert_eq!(entries[1].expires_at, at(305));
    assert_eq!(
        entries[2].revoked,
        Revoked::until(Holder::Tenant("acme".to_owned()), at(5))
    );
}
