use super::*;
use crate::session::SessionUse;

pub(super) const CASES: &[Case] = &[
    ("a session is found by its cookie while it lives", living),
    ("a sign-in replaces the session before it", replacing),
    (
        "a session that replaces itself goes on with its families under a new cookie",
        renewing,
    ),
    ("a use prolongs a session, never beyond its end", using),
    (
        "signing out ends the session's families but not offline ones",
        ending,
    ),
    ("signing out everywhere ends everything", ending_all),
    ("what cannot matter any more is forgotten", pruning),
];

fn start(store: &dyn Store, name: &str) {
    wait(|reply| store.start_session(session(name, "ada"), None, act(0), reply)).unwrap();
}

fn find(store: &dyn Store, name: &str, seconds: i64) -> Option<Session> {
    let cookie = Sha256::of(name.as_bytes());
    wait(|reply| store.session_by_cookie(cookie, at(seconds), reply)).unwrap()
}

fn living(store: &dyn Store) {
    furnish(store);
    start(store, "s");
    assert_eq!(find(store, "s", 599), Some(session("s", "ada")));
    assert_eq!(find(store, "s", 600), None);
    assert_eq!(find(store, "t", 1), None);
}

fn replacing(store: &dyn Store) {
    furnish(store);
    start(store, "before");
    let replaced = Some(SessionId::new("before"));
    wait(|reply| store.start_session(session("after", "ada"), replaced, act(1), reply)).unwrap();
    assert_eq!(find(store, "before", 1), None);
    assert!(find(store, "after", 1).is_some());
}

fn renewing(store: &dyn Store) {
    furnish(store);
    wait(|reply| store.create_account(account("bob"), act(0), reply)).unwrap();
    start(store, "s");
    wait(|reply| store.start_family(family("f", grant(Some("s"))), act(1), reply)).unwrap();
    let renewed = Session {
        cookie: Sha256::of(b"new"),
        auth_time: at(5),
        ..session("s", "ada")
    };
    let itself = Some(SessionId::new("s"));
    wait(|reply| store.start_session(renewed.clone(), itself.clone(), act(5), reply)).unwrap();
    assert_eq!(find(store, "s", 6), None);
    assert_eq!(find(store, "new", 6), Some(renewed));
    let id = crate::FamilyId::new("f");
    let family = wait(|reply| store.family(id, reply)).unwrap().unwrap();
    assert!(family.is_live(at(6)));
    // Nobody takes the session of somebody else over.
    let taken = wait(|reply| store.start_session(session("s", "bob"), itself, act(7), reply));
    assert!(taken.is_ok());
    assert_eq!(find(store, "new", 8), None);
    let id = crate::FamilyId::new("f");
    let family = wait(|reply| store.family(id, reply)).unwrap().unwrap();
    assert!(!family.is_live(at(8)));
}

fn using(store: &dyn Store) {
    furnish(store);
    start(store, "s");
    let touch = |seconds: i64, idle: i64| {
        let usage = SessionUse {
            id: SessionId::new("s"),
            at: at(seconds),
            address: Some("192.0.2.7".to_owned()),
            idle_expires_at: at(idle),
        };
        wait(|reply| store.touch_session(usage, reply)).unwrap()
    };
    assert!(touch(10, 700));
    let used = find(store, "s", 650).unwrap();
    assert_eq!(used.last_used_at, at(10));
    assert_eq!(used.address.as_deref(), Some("192.0.2.7"));
    // Notes may arrive late.
    assert!(touch(5, 500));
    let used = find(store, "s", 650).unwrap();
    assert_eq!((used.last_used_at, used.idle_expires_at), (at(10), at(700)));
    assert!(touch(20, 9999));
    assert_eq!(find(store, "s", 20).unwrap().idle_expires_at, at(3600));
    wait(|reply| store.end_session(SessionId::new("s"), act(30), reply)).unwrap();
    assert!(!touch(31, 9999));
    assert_eq!(find(store, "s", 31), None);
}

fn ending(store: &dyn Store) {
    furnish(store);
    start(store, "s");
    start(store, "t");
    let offline = Grant {
        offline: true,
        ..grant(Some("s"))
    };
    wait(|reply| store.start_family(family("online", grant(Some("s"))), act(0), reply)).unwrap();
    wait(|reply| store.start_family(family("offline", offline), act(0), reply)).unwrap();
    wait(|reply| store.start_family(family("other", grant(Some("t"))), act(0), reply)).unwrap();
    let end = || wait(|reply| store.end_session(SessionId::new("s"), act(5), reply)).unwrap();
    assert!(end());
    assert!(!end(), "it ended before");
    assert_eq!(find(store, "s", 5), None);
    assert!(find(store, "t", 5).is_some());
    assert!(!is_live(store, "online", 5));
    assert!(is_live(store, "offline", 5));
    assert!(is_live(store, "other", 5));
    let log = revocations(store);
    assert_eq!(log.len(), 1);
    assert_eq!(
        log[0].revoked,
        Revoked::until(Holder::Session("s".to_owned()), at(5))
    );
    assert_eq!(log[0].expires_at, at(305));
}

fn ending_all(store: &dyn Store) {
    furnish(store);
    for name in ["s", "t", "u"] {
        start(store, name);
    }
    let offline = Grant {
        offline: true,
        ..grant(Some("s"))
    };
    wait(|reply| store.start_family(family("offline", offline), act(0), reply)).unwrap();
    let ada = || AccountId::new("id-ada");
    let keep = Some(SessionId::new("t"));
    let ended = wait(|reply| store.end_sessions(ada(), keep, act(5), reply));
    assert_eq!(ended, Ok(2));
    let left = wait(|reply| store.sessions_of(ada(), at(5), reply)).unwrap();
    assert_eq!(left, [session("t", "ada")]);
    assert!(!is_marked(store, &Holder::Subject("id-ada".to_owned()), 5));
    assert!(is_live(store, "offline", 5));
    let ended = wait(|reply| store.end_sessions(ada(), None, act(6), reply));
    assert_eq!(ended, Ok(1));
    assert!(!is_live(store, "offline", 6));
    assert!(is_marked(store, &Holder::Subject("id-ada".to_owned()), 6));
}

fn pruning(store: &dyn Store) {
    furnish(store);
    start(store, "s");
    start(store, "left open");
    wait(|reply| store.start_family(family("f", grant(Some("s"))), act(0), reply)).unwrap();
    wait(|reply| store.admit_once("jti".to_owned(), at(10), at(0), reply)).unwrap();
    wait(|reply| store.end_session(SessionId::new("s"), act(5), reply)).unwrap();
    let last = revocations(store).last().unwrap().sequence;
    let mut gone = 0;
    // Long after everything ended, calls end as well.
    for _ in 0..100 {
        match wait(|reply| store.prune(at(10_000_000), reply)).unwrap() {
            0 => break,
            some => gone += some,
        }
    }
    assert!(gone >= 4, "session, family, name, revocation: {gone}");
    assert_eq!(revocations(store), []);
    assert!(!is_live(store, "f", 5));
    let holder = Holder::Client("app".to_owned());
    let revocation = crate::revocation::Revocation::Until(holder);
    let next = wait(|reply| store.revoke(revocation, act(9), reply)).unwrap();
    assert!(next > last, "sequence numbers never come again");
}
