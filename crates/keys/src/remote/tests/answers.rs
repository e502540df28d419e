use jeton_jose::Code;
use jeton_jose::key::{KeyError, NoKey};

use super::*;

fn text(body: &str) -> impl FnMut(&str) -> Reply + Send + 'static {
    let text = answer(OK, body);
    move |_| Reply::Text(text.clone())
}

/// The text of one key with a name, as it is with its private half or without.
fn key(algorithm: Algorithm, key_id: &str, is_private: bool) -> String {
    let key = jwk(algorithm).with_key_id(key_id);
    let key = if is_private {
        key
    } else {
        key.public().unwrap()
    };
    key.to_json().as_str().to_owned()
}

fn keys(keys: &[String]) -> String {
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

#[tokio::test]
async fn a_hostile_answer_leaves_the_last_good_set() {
    let server = Server::start(serves(&["a"])).await;
    let many: Vec<String> = (0..101)
        .map(|number| key(Algorithm::ES256, &format!("key-{number}"), false))
        .collect();
    let mut second = 0;
    for (reply, is_refused) in [
        (Reply::Text(answer(OK, &" ".repeat(600 << 10))), true),
        (Reply::Text(answer(OK, "<html>")), true),
        (Reply::Text(answer(OK, r#"{"keys":[],"keys":[]}"#)), true),
        (Reply::Text(answer(OK, r#"{"keys":{}}"#)), true),
        (Reply::Text(answer(OK, &"[".repeat(100_000))), true),
        (Reply::Text(answer(OK, &keys(&many))), true),
        (
            Reply::Text(answer("302 Found\r\nLocation: /other", "")),
            true,
        ),
        (Reply::Text("HTTP/1.1 200 OK\r\nX: ".to_owned()), true),
        (Reply::Text(answer(OK, &keys(&many[..100]))), false),
    ] {
        let remote = remote(&server);
        server.answer(serves(&["a"]));
        assert!(remote.has("a", at(second)).await.unwrap());
        second += 600;
        server.answer(move |_| reply.clone());
        assert_eq!(remote.has("a", at(second)).await.unwrap(), is_refused);
        assert_eq!(remote.status().last_error.is_some(), is_refused);
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_left() {
    let server = Server::start(|_| Reply::Never).await;
    let config = crate::Config {
        timeout: "300ms".parse().unwrap(),
        ..server.config.clone()
    };
    let fetcher = config
        .build(Arc::new(crate::test_server::Loopback))
        .unwrap();
    let remote = RemoteKeySet::new(&server.url("/jwks"), retrieval(fetcher)).unwrap();
    let error = remote.keys_for(None, at(0)).await.unwrap_err();
    assert_eq!(code(&error), FetchCode::FetchTimedOut);
    assert!(!remote.board().is_flying());
}

#[tokio::test]
async fn a_key_whose_private_half_is_published_verifies_nothing() {
    let published = [
        key(Algorithm::ES256, "exposed", true),
        // Its public half under another name is no better.
        key(Algorithm::ES256, "alias", false),
        key(Algorithm::HS256, "secret", true),
        key(Algorithm::Ed25519, "good", false),
        key(Algorithm::RS256, "exposed-rsa", true),
    ];
    let server = Server::start(text(&keys(&published))).await;
    let remote = remote(&server);
    let keys = remote.keys_for(None, at(0)).await.unwrap();
    assert!(keys.candidates(Algorithm::Ed25519, Some("good")).is_ok());
    for (algorithm, key_id) in [
        (Algorithm::ES256, "exposed"),
        (Algorithm::ES256, "alias"),
        (Algorithm::HS256, "secret"),
        (Algorithm::RS256, "exposed-rsa"),
    ] {
        for key_id in [None, Some(key_id)] {
            let refusal = keys.candidates(algorithm, key_id).unwrap_err();
            assert_eq!(refusal.code(), Code::KeyNotFound);
        }
    }
    let unusable = remote.status().unusable;
    assert_eq!(unusable.len(), 4);
    for key in unusable {
        assert!(matches!(key.reason, KeyError::Invalid { .. }), "{key:?}");
    }
    // They are known to be no good, so nothing is fetched for them.
    remote.keys_for(Some("exposed"), at(60)).await.unwrap();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn one_bad_key_leaves_the_others() {
    let published = [
        r#"{"kty":"NEW","kid":"unknown-type"}"#.to_owned(),
        r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"broken"}"#.to_owned(),
        r#"{"kty":"EC","kid":7}"#.to_owned(),
        key(Algorithm::ES256, "enc", false).replacen('{', r#"{"use":"enc","#, 1),
        key(Algorithm::ES256, "good", false),
    ];
    let server = Server::start(text(&keys(&published))).await;
    let remote = remote(&server);
    assert!(remote.has("good", at(0)).await.unwrap());
    for bad in ["unknown-type", "broken", "enc"] {
        assert!(!remote.has(bad, at(60)).await.unwrap(), "{bad}");
    }
    assert_eq!(server.requests(), 1);
    let status = remote.status();
    assert_eq!((status.keys, status.unusable.len()), (1, 4));
}

#[tokio::test]
async fn a_name_that_two_keys_have_is_none() {
    let other = r#"{"kty":"EC","crv":"P-256","kid":"twice","alg":"ES256",
        "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
    let published = [
        key(Algorithm::ES256, "twice", false),
        other.to_owned(),
        key(Algorithm::ES384, "once", false),
    ];
    let server = Server::start(text(&keys(&published))).await;
    let set = remote(&server)
        .keys_for(Some("twice"), at(0))
        .await
        .unwrap();
    assert!(matches!(
        set.candidates(Algorithm::ES256, Some("twice")),
        Err(NoKey::Ambiguous { count: 2, .. })
    ));
    assert!(set.candidates(Algorithm::ES384, Some("once")).is_ok());
}

#[tokio::test]
async fn a_set_without_keys_is_what_its_server_says() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    assert!(remote.has("a", at(0)).await.unwrap());
    server.answer(text(r#"{"keys":[]}"#));
    assert!(!remote.has("a", at(600)).await.unwrap());
    server.answer(serves(&["a"]));
    assert!(remote.has("a", at(630)).await.unwrap());
}
