//! What is counted: each thing that happened once, under names of the program's own.

use std::collections::BTreeMap;
use std::time::Duration;

use http::StatusCode;
use jeton_issuer::Config;
use jeton_store::{AuditLog as _, wait};

use crate::browser::Browser;
use crate::first_party;
use crate::house::{Answer, House, machine};
use crate::sign_in::{PASSWORD, with_ada};

const KIND: (&str, &str) = ("grant_type", "client_credentials");

/// A house with ada and a machine, whose clients may ask for two tokens at once and no more.
async fn house() -> House {
    let config: Config = toml::from_str(
        "[keys]\nid_token = 'ES256'\noffered = []\n\
         [limits]\ntoken_by_client = { requests = 2, per = '1h' }",
    )
    .unwrap();
    let house = House::with(config).await;
    house.client("stock", machine("orders:read", &[]));
    house
}

/// The samples of a scrape.
struct Scrape(BTreeMap<String, f64>);

impl House {
    async fn scrape(&self) -> Scrape {
        let answer = self.get("/metrics").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text.ends_with("# EOF\n"));
        let lines = answer.text.lines().filter(|line| !line.starts_with('#'));
        let samples = lines.map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        });
        Scrape(samples.collect())
    }
}

impl Scrape {
    #[track_caller]
    fn assert(&self, series: &str, value: f64) {
        let found = self.0.get(series).copied();
        assert!(found == Some(value), "{series}: {found:?}\n{:#?}", self.0);
    }

    /// The values of all labels, but those of buckets.
    fn label_values(&self) -> Vec<(&str, &str)> {
        let labels = self.0.keys().filter_map(|name| {
            let (_, labels) = name.split_once('{')?;
            Some(labels.strip_suffix('}').unwrap())
        });
        let pairs = labels.flat_map(|labels| labels.split("\","));
        let pairs = pairs.map(|pair| pair.trim_end_matches('"').split_once("=\"").unwrap());
        pairs.filter(|(label, _)| *label != "le").collect()
    }
}

async fn refresh(house: &House, cookie: &str) -> Answer {
    first_party::post(house, "/refresh", "", &[("cookie", cookie)]).await
}

/// Ada signs in in a browser, after a wrong password, and forgets it.
async fn browse(house: &House) {
    with_ada(house).await;
    let mut browser = Browser::open(house, "/sign-in").await;
    let wrong = [("login", "ada"), ("password", "a wrong one")];
    browser.submit("/sign-in", &wrong).await;
    let right = [("login", "ada"), ("password", PASSWORD)];
    browser.submit("/sign-in", &right).await;
    assert_eq!(browser.page.status, StatusCode::OK);
    let mut browser = Browser::open(house, "/forgot").await;
    browser.submit("/forgot", &[("login", "ada")]).await;
    house.issuer.drain(Duration::from_mins(1)).await;
}

/// An application of the house's own refreshes; somebody uses a token again, and makes one up.
async fn refreshes(house: &House) {
    let signed = first_party::login(house).await;
    let first = first_party::cookie(&signed);
    let second = first_party::cookie(&refresh(house, &first).await);
    assert_eq!(first_party::cookie(&refresh(house, &first).await), second);
    let third = first_party::cookie(&refresh(house, &second).await);
    assert_eq!(refresh(house, &first).await.error(), "invalid_grant");
    assert_eq!(refresh(house, &third).await.error(), "invalid_grant");
    let forged = format!("{third}AAAA");
    assert_eq!(refresh(house, &forged).await.error(), "invalid_grant");
}

/// A machine gets two tokens, is refused a third, asks about one and gives it back.
async fn machines(house: &House) {
    let token = house.post("/token", "stock", &[KIND]).await;
    let token = token.string("access_token");
    house.post("/token", "stock", &[KIND]).await;
    let third = house.post("/token", "stock", &[KIND]).await;
    assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS);
    let form = [("token", token.as_str())];
    let active = house.post("/introspect", "stock", &form).await;
    assert_eq!(active.string("active"), "true");
    let revoked = house.post("/revoke", "stock", &form).await;
    assert_eq!(revoked.status, StatusCode::OK);
    let active = house.post("/introspect", "stock", &form).await;
    assert_eq!(active.string("active"), "false");
}

#[tokio::test]
async fn after_a_day_each_thing_that_happened_is_counted() {
    let house = house().await;
    let before = house.scrape().await;
    browse(&house).await;
    refreshes(&house).await;
    machines(&house).await;
    let scrape = house.scrape().await;
    for (series, value) in [
        (r#"jeton_logins_total{outcome="ok"}"#, 2.0),
        (r#"jeton_logins_total{outcome="wrong"}"#, 1.0),
        (r#"jeton_logins_total{outcome="slowed"}"#, 0.0),
        (
            r#"jeton_tokens_issued_total{grant="sign_in",alg="ES256"}"#,
            1.0,
        ),
        (
            r#"jeton_tokens_issued_total{grant="refresh_token",alg="ES256"}"#,
            2.0,
        ),
        (
            r#"jeton_tokens_issued_total{grant="client_credentials",alg="ES256"}"#,
            2.0,
        ),
        (r#"jeton_refreshes_total{outcome="rotated"}"#, 2.0),
        (r#"jeton_refreshes_total{outcome="replayed"}"#, 1.0),
        (r#"jeton_refreshes_total{outcome="reused"}"#, 1.0),
        (r#"jeton_refreshes_total{outcome="revoked"}"#, 1.0),
        (r#"jeton_refreshes_total{outcome="forged"}"#, 1.0),
        (r#"jeton_refreshes_total{outcome="unknown"}"#, 0.0),
        (r#"jeton_introspections_total{result="active"}"#, 1.0),
        (r#"jeton_introspections_total{result="inactive"}"#, 1.0),
        (r#"jeton_mails_total{outcome="kept"}"#, 1.0),
        (r#"jeton_mails_total{outcome="failed"}"#, 0.0),
        (
            r#"jeton_requests_limited_total{policy="token-client"}"#,
            1.0,
        ),
        (
            r#"jeton_requests_limited_total{policy="token-address"}"#,
            0.0,
        ),
        // That of the setup, and three sign-ins.
        ("jeton_password_hashing_seconds_count", 4.0),
        ("jeton_passwords_waiting", 0.0),
        // The scrape itself asks for the end of the audit log after this was read.
        ("jeton_store_waiting", 0.0),
        (r#"jeton_signing_keys{state="active",alg="ES256"}"#, 1.0),
    ] {
        scrape.assert(series, value);
    }
    let head = wait(|reply| house.store.audit_head(reply)).unwrap();
    scrape.assert(
        "jeton_audit_sequence",
        f64::from(u32::try_from(head.sequence).unwrap()),
    );
    // The family that was used again and its session, and the machine's token.
    let length = scrape.0["jeton_revocation_log_length"];
    let sequence = scrape.0["jeton_revocation_log_sequence"];
    assert!(length >= 2.0 && sequence >= length, "{length} {sequence}");
    before.assert("jeton_revocation_log_length", 0.0);
    let answers = r#"jeton_store_answer_seconds_count{outcome="ok"}"#;
    assert!(scrape.0[answers] > before.0[answers] + 20.0);
}

#[tokio::test]
async fn no_label_says_anything_that_was_sent() {
    let house = house().await;
    with_ada(&house).await;
    let before = house.scrape().await;
    let hostile = "hunter2\"} 1\njeton_hunter2_total";
    let form = [
        ("grant_type", hostile),
        ("client_id", hostile),
        ("client_secret", hostile),
        ("token", hostile),
        ("refresh_token", hostile),
        ("scope", hostile),
    ];
    for path in ["/token", "/introspect", "/revoke"] {
        house.post(path, "stock", &form).await;
        house.post_plain(path, &form).await;
    }
    let body = r#"{"username":"hunter2","password":"hunter2 hunter2"}"#;
    first_party::post(&house, "/login", body, &[("user-agent", "hunter2")]).await;
    let body = r#"{"refresh_token":"hunter2"}"#;
    first_party::post(&house, "/refresh", body, &[]).await;
    first_party::post(&house, "/hunter2", body, &[]).await;
    machines(&house).await;
    let after = house.scrape().await;
    after.assert(r#"jeton_logins_total{outcome="wrong"}"#, 1.0);
    after.assert(r#"jeton_refreshes_total{outcome="forged"}"#, 1.0);
    assert!(!after.0.keys().any(|series| series.contains("hunter2")));
    // What is new since is what the machine did.
    let known = before.label_values();
    let mut new = after.label_values();
    new.retain(|pair| !known.contains(pair));
    new.sort_unstable();
    new.dedup();
    assert_eq!(new, [("grant", "client_credentials")]);
}
