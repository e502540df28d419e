use super::*;
use crate::error::StoreError;
use crate::grant::{AuthorizationCode, Consent, IssuedToken, Redeem, Redemption};

pub(super) const CASES: &[Case] = &[
    ("a code is redeemed once", once),
    (
        "a code that comes again revokes what it was redeemed for",
        replay,
    ),
    (
        "a code of another client, or too old, is not redeemed",
        refusals,
    ),
    ("what ends a sign-in voids its codes", voiding),
    (
        "nothing starts for who may not sign in or is not served",
        starting,
    ),
    (
        "consent grows, and is taken back with its families",
        consent,
    ),
    ("a name is admitted once until it lapses", names),
];

fn code(secret: &str) -> AuthorizationCode {
    AuthorizationCode {
        hash: Sha256::of(secret.as_bytes()),
        grant: grant(Some("s")),
        redirect_uri: Some("https://app.example/cb".to_owned()),
        challenge: None,
        expires_at: at(60),
    }
}

fn redeem(secret: &str, number: u32) -> Redeem {
    Redeem {
        code: Sha256::of(secret.as_bytes()),
        client: ClientId::new("app"),
        access_token: IssuedToken {
            iss: "https://issuer.example".to_owned(),
            jti: format!("jti-{number}"),
            expires_at: at(360),
        },
        family: Some(family(&format!("family-{number}"), grant(Some("s")))),
    }
}

fn save(store: &dyn Store, secret: &str) {
    furnish(store);
    wait(|reply| store.save_code(code(secret), reply)).unwrap();
}

fn once(store: &dyn Store) {
    save(store, "c");
    let read = wait(|reply| store.code(Sha256::of(b"c"), reply)).unwrap();
    assert_eq!(read, Some(code("c")));
    let answer = wait(|reply| store.redeem_code(redeem("c", 1), act(1), reply));
    assert_eq!(answer, Ok(Redemption::First));
    assert!(is_live(store, "family-1", 1));
    assert_eq!(revocations(store), []);
    let none = wait(|reply| store.code(Sha256::of(b"d"), reply)).unwrap();
    assert_eq!(none, None);
    let answer = wait(|reply| store.redeem_code(redeem("d", 2), act(1), reply));
    assert_eq!(answer, Ok(Redemption::Unknown));
    assert!(!is_live(store, "family-2", 1));
}

fn replay(store: &dyn Store) {
    save(store, "c");
    wait(|reply| store.redeem_code(redeem("c", 1), act(1), reply)).unwrap();
    // After its time as well: what it was redeemed for still lives.
    let answer = wait(|reply| store.redeem_code(redeem("c", 2), act(90), reply));
    assert_eq!(answer, Ok(Redemption::Replayed));
    assert!(!is_live(store, "family-1", 90));
    assert!(!is_live(store, "family-2", 90), "nothing starts");
    let log = revocations(store);
    let token = Revoked::Token {
        iss: "https://issuer.example".to_owned(),
        jti: "jti-1".to_owned(),
    };
    assert_eq!(log.len(), 1);
    assert_eq!((&log[0].revoked, log[0].expires_at), (&token, at(360)));
    assert!(actions(store).contains(&"code.replayed".to_owned()));
    let answer = wait(|reply| store.redeem_code(redeem("c", 3), act(91), reply));
    assert_eq!(answer, Ok(Redemption::Replayed));
    assert_eq!(revocations(store).len(), 1, "it was revoked before");
}

fn refusals(store: &dyn Store) {
    save(store, "c");
    let mut stranger = redeem("c", 1);
    stranger.client = ClientId::new("other");
    let answer = wait(|reply| store.redeem_code(stranger, act(1), reply));
    assert_eq!(answer, Ok(Redemption::Unknown));
    let answer = wait(|reply| store.redeem_code(redeem("c", 2), act(60), reply));
    assert_eq!(answer, Ok(Redemption::Expired));
    let answer = wait(|reply| store.redeem_code(redeem("c", 3), act(59), reply));
    assert_eq!(answer, Ok(Redemption::First), "refusals do not use it up");
}

fn voiding(store: &dyn Store) {
    save(store, "c");
    wait(|reply| store.start_session(session("s", "ada"), None, act(0), reply)).unwrap();
    wait(|reply| store.end_session(SessionId::new("s"), act(1), reply)).unwrap();
    let answer = wait(|reply| store.redeem_code(redeem("c", 1), act(1), reply));
    assert_eq!(answer, Ok(Redemption::Expired), "its session ended");
    wait(|reply| store.save_code(code("d"), reply)).unwrap();
    wait(|reply| store.end_sessions(AccountId::new("id-ada"), None, act(2), reply)).unwrap();
    let answer = wait(|reply| store.redeem_code(redeem("d", 2), act(2), reply));
    assert_eq!(
        answer,
        Ok(Redemption::Expired),
        "all of its account's sessions ended"
    );
    wait(|reply| store.save_code(code("e"), reply)).unwrap();
    let (ada, app) = (AccountId::new("id-ada"), ClientId::new("app"));
    wait(|reply| store.withdraw_consent(ada, app, act(3), reply)).unwrap();
    let answer = wait(|reply| store.redeem_code(redeem("e", 3), act(3), reply));
    assert_eq!(answer, Ok(Redemption::Expired), "consent was taken back");
    wait(|reply| store.save_code(code("f"), reply)).unwrap();
    let mut app = client("app");
    app.enabled = false;
    wait(|reply| store.update_client(app, act(4), reply)).unwrap();
    let answer = wait(|reply| store.redeem_code(redeem("f", 4), act(4), reply));
    assert_eq!(answer, Ok(Redemption::Expired), "its client is not served");
}

fn starting(store: &dyn Store) {
    furnish(store);
    let mut app = client("app");
    app.enabled = false;
    wait(|reply| store.update_client(app, act(1), reply)).unwrap();
    let unserved = StoreError::Missing {
        record: "enabled client",
    };
    let start = |name: &str| {
        let family = family(name, grant(None));
        wait(|reply| store.start_family(family, act(2), reply))
    };
    assert_eq!(start("f"), Err(unserved.clone()));
    assert_eq!(
        wait(|reply| store.save_code(code("c"), reply)),
        Err(unserved)
    );
    let mut app = client("app");
    app.revision = 1;
    wait(|reply| store.update_client(app, act(3), reply)).unwrap();
    start("f").unwrap();
    let mut ada = account("ada");
    ada.state = AccountState::Pending;
    wait(|reply| store.update_account(ada, act(4), reply)).unwrap();
    let inactive = StoreError::Missing {
        record: "active account",
    };
    assert_eq!(start("g"), Err(inactive.clone()));
    assert_eq!(
        wait(|reply| store.save_code(code("c"), reply)),
        Err(inactive.clone())
    );
    let session = session("s", "ada");
    let answer = wait(|reply| store.start_session(session, None, act(5), reply));
    assert_eq!(answer, Err(inactive));
}

fn consent(store: &dyn Store) {
    furnish(store);
    let (ada, app) = (|| AccountId::new("id-ada"), || ClientId::new("app"));
    let widen = |scope: &str, seconds| {
        let consent = Consent {
            account: ada(),
            client: app(),
            scope: Scope::parse(scope).unwrap(),
            resources: Vec::new(),
            at: at(seconds),
        };
        wait(|reply| store.widen_consent(consent, act(seconds), reply)).unwrap();
    };
    widen("openid", 1);
    widen("orders:read", 2);
    let kept = wait(|reply| store.consent(ada(), app(), reply))
        .unwrap()
        .unwrap();
    assert_eq!(kept.scope, Scope::parse("openid orders:read").unwrap());
    assert_eq!(kept.at, at(2));
    let all = wait(|reply| store.consents_of(ada(), reply)).unwrap();
    assert_eq!(all, [kept]);
    wait(|reply| store.start_family(family("f", grant(None)), act(2), reply)).unwrap();
    let withdraw = || wait(|reply| store.withdraw_consent(ada(), app(), act(3), reply)).unwrap();
    let subject = Holder::Subject("id-ada".to_owned());
    assert!(!is_marked(store, &subject, 2));
    assert!(withdraw());
    assert!(is_marked(store, &subject, 2));
    assert!(!withdraw());
    assert!(!is_live(store, "f", 3));
    assert_eq!(
        wait(|reply| store.consent(ada(), app(), reply)).unwrap(),
        None
    );
}

fn names(store: &dyn Store) {
    let admit = |name: &str, now: i64| {
        let name = name.to_owned();
        wait(|reply| store.admit_once(name, at(now + 10), at(now), reply)).unwrap()
    };
    assert!(admit("a", 0));
    assert!(!admit("a", 9));
    assert!(admit("b", 9));
    assert!(admit("a", 10), "it lapsed");
    assert!(!admit("a", 19));
}
