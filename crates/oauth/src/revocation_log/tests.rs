use jeton_jose::json::{self, Document, Options};

use super::*;

const ISSUER: &str = "https://issuer.example";

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

fn entry(sequence: u64, revoked: Revoked, expires_at: i64) -> Entry {
    Entry {
        sequence,
        revoked,
        expires_at: at(expires_at),
    }
}

fn token(jti: &str) -> Revoked {
    Revoked::Token {
        iss: ISSUER.to_owned(),
        jti: jti.to_owned(),
    }
}

fn facts(jti: &'static str, issued_at: i64) -> Facts<'static> {
    Facts {
        issuer: ISSUER,
        jwt_id: Some(jti),
        subject: Some("ada"),
        session: Some("s1"),
        client: Some("app"),
        tenant: None,
        issued_at: Some(at(issued_at)),
    }
}

#[test]
fn a_token_is_revoked_by_issuer_and_id() {
    let mut set = RevocationSet::default();
    set.apply(entry(1, token("a"), 100));
    assert!(set.revokes(&facts("a", 10)));
    assert!(!set.revokes(&facts("b", 10)));
    let foreign = Facts {
        issuer: "https://other.example",
        ..facts("a", 10)
    };
    assert!(!set.revokes(&foreign));
}

#[test]
fn a_watermark_covers_its_own_second_and_all_before() {
    for holder in [
        Holder::Subject("ada".to_owned()),
        Holder::Session("s1".to_owned()),
        Holder::Client("app".to_owned()),
    ] {
        let mut set = RevocationSet::default();
        set.apply(entry(1, Revoked::until(holder, at(50)), 100));
        assert!(set.revokes(&facts("a", 49)));
        assert!(set.revokes(&facts("a", 50)));
        assert!(!set.revokes(&facts("a", 51)));
        assert_eq!(set.not_before(&facts("a", 0)), Some(at(51)));
        let undated = Facts {
            issued_at: None,
            ..facts("a", 0)
        };
        assert!(set.revokes(&undated));
    }
    let mut set = RevocationSet::default();
    set.apply(entry(
        1,
        Revoked::until(Holder::Subject("eve".to_owned()), at(50)),
        100,
    ));
    assert!(!set.revokes(&facts("a", 49)));
}

#[test]
fn a_watermark_never_goes_back() {
    let ada = || Holder::Subject("ada".to_owned());
    let mut set = RevocationSet::default();
    set.apply(entry(1, Revoked::until(ada(), at(50)), 100));
    set.apply(entry(2, Revoked::until(ada(), at(40)), 90));
    assert!(set.revokes(&facts("a", 50)));
    set.prune(at(95));
    assert!(set.revokes(&facts("a", 50)));
    set.prune(at(100));
    assert!(set.is_empty());
}

#[test]
fn what_came_before_changes_nothing() {
    let mut set = RevocationSet::default();
    set.apply(entry(7, token("a"), 100));
    set.apply(entry(7, token("b"), 100));
    set.apply(entry(3, token("c"), 100));
    assert_eq!((set.len(), set.last()), (1, 7));
    set.prune(at(99));
    assert_eq!(set.len(), 1);
    set.prune(at(100));
    assert_eq!((set.len(), set.last()), (0, 7));
}

#[test]
fn entries_travel_as_json() {
    for entry in [
        entry(1, token("a"), 100),
        entry(
            2,
            Revoked::until(Holder::Session("s".to_owned()), at(9)),
            100,
        ),
    ] {
        let text = json::to_string(&entry).unwrap();
        let document = Document::parse(text.as_bytes(), &Options::strict()).unwrap();
        assert_eq!(json::from_value::<Entry>(document.root()).unwrap(), entry);
    }
    let text = json::to_string(&entry(
        2,
        Revoked::until(Holder::Subject("s".to_owned()), at(9)),
        100,
    ));
    assert_eq!(
        text.unwrap(),
        r#"{"sequence":2,"kind":"before","holder":"subject","id":"s","not_before":10,"expires_at":100}"#
    );
}
