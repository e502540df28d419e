use super::*;

#[tokio::test]
async fn a_fresh_set_answers_without_a_fetch() {
    let server = Server::start(serves(&["a", "b"])).await;
    let remote = remote(&server);
    assert_eq!(server.requests(), 0);
    let first = remote.keys_for(None, at(0)).await.unwrap();
    for second in 0..600 {
        for key_id in [None, Some("a"), Some("b")] {
            let keys = remote.keys_for(key_id, at(second)).await.unwrap();
            assert!(Arc::ptr_eq(&keys, &first));
        }
    }
    assert_eq!(server.requests(), 1);
    // What is fetched again and the same is not prepared again.
    let second = remote.keys_for(None, at(600)).await.unwrap();
    assert!(Arc::ptr_eq(&second, &first));
    assert_eq!(server.requests(), 2);
    assert_eq!(remote.status().fetched_at, Some(at(600)));
}

#[tokio::test]
async fn what_the_server_says_of_its_lifetime_counts_within_bounds() {
    for (said, seconds) in [
        ("max-age=120", 120),
        ("public, max-age=3", 30),
        ("no-store", 30),
        ("max-age=31536000", 3600),
        ("public", 600),
    ] {
        let text = answer(&format!("{OK}\r\nCache-Control: {said}"), &set(&["a"]));
        let server = Server::start(move |_| Reply::Text(text.clone())).await;
        let remote = remote(&server);
        remote.keys_for(None, at(0)).await.unwrap();
        remote.keys_for(None, at(seconds - 1)).await.unwrap();
        assert_eq!(server.requests(), 1, "{said}");
        remote.keys_for(None, at(seconds)).await.unwrap();
        assert_eq!(server.requests(), 2, "{said}");
    }
}

#[tokio::test]
async fn a_rotated_key_is_found_by_its_name() {
    let server = Server::start(serves(&["old"])).await;
    let remote = remote(&server);
    assert!(remote.has("old", at(0)).await.unwrap());
    server.answer(serves(&["old", "new"]));
    assert!(remote.has("new", at(45)).await.unwrap());
    assert!(remote.has("old", at(45)).await.unwrap());
    assert_eq!(server.requests(), 2);
    server.answer(serves(&["new"]));
    assert!(!remote.has("old", at(645)).await.unwrap());
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn a_key_that_was_replaced_without_a_new_name_is_found() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    let known = remote.keys_for(None, at(0)).await.unwrap();
    // Whoever brings tokens that nobody signed causes no more than an unknown name does.
    for second in 0..60 {
        assert!(remote.newer_than(&known, at(second)).await.is_none());
    }
    assert_eq!(server.requests(), 2);
    let other = jwk(Algorithm::ES384).with_key_id("a");
    let text = answer(OK, &JwkSet::from_iter([other]).to_public_json());
    server.answer(move |_| Reply::Text(text.clone()));
    let newer = remote.newer_than(&known, at(60)).await.unwrap();
    assert!(newer.candidates(Algorithm::ES384, Some("a")).is_ok());
    // Those who still hold the old set have the new one at once.
    assert!(remote.newer_than(&known, at(61)).await.is_some());
    assert!(remote.newer_than(&newer, at(61)).await.is_none());
    server.answer(fails());
    assert!(remote.newer_than(&newer, at(90)).await.is_none());
    assert_eq!(server.requests(), 4);
}

#[tokio::test]
async fn a_set_is_fetched_for_unknown_keys_once_per_cooldown() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    assert!(remote.has("a", at(0)).await.unwrap());
    // Just fetched, so not again.
    for number in 0..500 {
        let key_id = format!("b-{number}");
        assert!(!remote.has(&key_id, at(29)).await.unwrap());
    }
    assert_eq!(server.requests(), 1);
    for second in 30..90 {
        for number in 0..20 {
            let key_id = format!("c-{second}-{number}");
            assert!(!remote.has(&key_id, at(second)).await.unwrap());
        }
    }
    assert_eq!(server.requests(), 3);
    // One that comes within the cooldown is found after it.
    server.answer(serves(&["a", "new"]));
    assert!(!remote.has("new", at(89)).await.unwrap());
    assert!(remote.has("new", at(90)).await.unwrap());
    assert_eq!(server.requests(), 4);
}

#[tokio::test]
async fn the_same_unknown_key_is_fetched_for_less_and_less() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    let mut fetched_at = Vec::new();
    for second in 0..600 {
        remote.has("a", at(second)).await.unwrap();
        let before = server.requests();
        assert!(!remote.has("b", at(second)).await.unwrap());
        if server.requests() > before {
            fetched_at.push(second);
        }
    }
    assert_eq!(fetched_at, [30, 60, 120, 240, 480]);
}

#[tokio::test]
async fn names_that_are_none_cost_no_fetch() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    assert!(remote.has("a", at(0)).await.unwrap());
    assert!(!remote.has(&"b".repeat(257), at(60)).await.unwrap());
    assert_eq!(server.requests(), 1);
    // Keys without names serve every token, as the core chooses.
    let key = jwk(Algorithm::ES256).public().unwrap().to_json();
    let unnamed = key.as_str().replace(r#""kid":"es256","#, "");
    assert!(!unnamed.contains("kid"), "{unnamed}");
    let text = answer(OK, &format!(r#"{{"keys":[{unnamed}]}}"#));
    server.answer(move |_| Reply::Text(text.clone()));
    let remote = self::remote(&server);
    assert!(remote.has("any", at(0)).await.unwrap());
    assert!(remote.has("other", at(60)).await.unwrap());
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn the_last_good_set_counts_for_a_day_and_no_longer() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    assert!(remote.has("a", at(0)).await.unwrap());
    server.answer(fails());
    let day = 24 * 60 * 60;
    for second in [600, 700, 3600, day - 1] {
        assert!(remote.has("a", at(second)).await.unwrap());
    }
    let error = remote.keys_for(Some("a"), at(day)).await.unwrap_err();
    assert_eq!(code(&error), FetchCode::FetchStatus);
    // That is the failure of a second before, which is waited off.
    assert!(remote.keys_for(None, at(day)).await.is_err());
    let status = remote.status();
    assert_eq!(status.fetched_at, Some(at(0)));
    assert_eq!(status.failures, 4);
    server.answer(serves(&["b"]));
    assert!(remote.has("b", at(day + 30)).await.unwrap());
    assert!(remote.status().last_error.is_none());
}

#[tokio::test]
async fn a_server_that_fails_is_asked_less_and_less() {
    let server = Server::start(fails()).await;
    let remote = remote(&server);
    let mut asked_at = Vec::new();
    for second in 0..150 {
        let before = server.requests();
        for key_id in [None, Some("a"), Some("b")] {
            assert!(remote.keys_for(key_id, at(second)).await.is_err());
        }
        if server.requests() > before {
            asked_at.push(second);
        }
    }
    assert_eq!(asked_at, [0, 1, 3, 7, 15, 31, 61, 91, 121]);
    assert_eq!(server.requests(), asked_at.len());
}

#[tokio::test]
async fn a_failure_for_an_unknown_key_leaves_the_known() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    assert!(remote.has("a", at(0)).await.unwrap());
    server.answer(fails());
    assert!(!remote.has("b", at(60)).await.unwrap());
    assert!(!remote.has("b", at(61)).await.unwrap());
    assert!(remote.has("a", at(61)).await.unwrap());
    assert_eq!(server.requests(), 2);
    server.answer(serves(&["a", "b"]));
    assert!(remote.has("b", at(90)).await.unwrap());
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_nothing_fresh() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    assert!(remote.has("a", at(7200)).await.unwrap());
    // Those who ask at the same time need not agree to the second.
    assert!(remote.has("a", at(7199)).await.unwrap());
    assert_eq!(server.requests(), 1);
    server.answer(serves(&["b"]));
    assert!(remote.has("b", at(0)).await.unwrap());
    assert_eq!(server.requests(), 2);
    server.answer(fails());
    assert!(remote.has("b", at(7200)).await.unwrap());
    server.answer(serves(&["c"]));
    assert!(remote.has("c", at(0)).await.unwrap());
}

#[tokio::test]
async fn a_set_can_be_renewed_before_anybody_waits() {
    let server = Server::start(serves(&["a"])).await;
    let remote = remote(&server);
    remote.renew(at(0)).await.unwrap();
    remote.renew(at(449)).await.unwrap();
    assert_eq!(server.requests(), 1);
    remote.renew(at(450)).await.unwrap();
    assert_eq!(server.requests(), 2);
    assert!(remote.has("a", at(1049)).await.unwrap());
    assert_eq!(server.requests(), 2);
    server.answer(fails());
    assert!(remote.renew(at(1049)).await.is_err());
    // Not again while the failure is waited off.
    remote.renew(at(1049)).await.unwrap();
    assert_eq!(server.requests(), 3);
    assert!(remote.has("a", at(1049)).await.unwrap());
}
