use std::sync::atomic::{AtomicU32, Ordering};

use http::{Method, StatusCode};
use jeton_store::grant::{Refusal, Rotation};

use super::*;

fn metrics() -> Metrics {
    let ticks = AtomicU32::new(0);
    // Every look at the clock is 30 ms later.
    let stopwatch = move || Duration::from_millis(30) * ticks.fetch_add(1, Ordering::Relaxed);
    Metrics::new("1.2.3", UnixTime::from_seconds(1_767_225_600)).timed_by(stopwatch)
}

#[track_caller]
fn assert_has(text: &str, line: &str) {
    assert!(text.lines().any(|its| its == line), "{line}\n{text}");
}

#[test]
fn it_begins_with_every_outcome_at_zero() {
    let text = metrics().render();
    for line in [
        r#"jeton_build_info{version="1.2.3"} 1"#,
        "process_start_time_seconds 1767225600",
        r#"jeton_logins_total{outcome="slowed"} 0"#,
        r#"jeton_refreshes_total{outcome="reused"} 0"#,
        r#"jeton_introspections_total{result="inactive"} 0"#,
        r#"jeton_mails_total{outcome="failed"} 0"#,
        "jeton_store_waiting 0",
    ] {
        assert_has(&text, line);
    }
    assert!(text.ends_with("# EOF\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn the_process_is_measured() {
    let text = metrics().render();
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name}\n{text}"))
            .trim()
            .parse()
            .unwrap()
    };
    assert!(value("process_resident_memory_bytes ") > 100_000.0);
    assert!(value("process_cpu_seconds_total ") >= 0.0);
}

#[test]
fn what_happened_is_counted() {
    let metrics = metrics();
    metrics.token_issued(Origin::ClientCredentials, Algorithm::ES256);
    metrics.token_issued(Origin::ClientCredentials, Algorithm::ES256);
    metrics.refreshed(Refresh::from(&Rotation::Refused(Refusal::AheadOfStore)));
    metrics.refreshed(Refresh::from(&Rotation::Rotated { generation: 3 }));
    metrics.introspected(true);
    metrics.introspected(false);
    metrics.introspected(false);
    metrics.logged_in(Login::Wrong);
    metrics.passwords_waiting(7);
    metrics.hashing(|| ());
    metrics.revocation_log_length(11);
    metrics.audit_sequence(12);
    metrics.mailed(Mail::Kept);
    metrics.limited("login-address");
    let text = metrics.render();
    for line in [
        r#"jeton_tokens_issued_total{grant="client_credentials",alg="ES256"} 2"#,
        r#"jeton_refreshes_total{outcome="ahead_of_store"} 1"#,
        r#"jeton_refreshes_total{outcome="rotated"} 1"#,
        r#"jeton_introspections_total{result="active"} 1"#,
        r#"jeton_introspections_total{result="inactive"} 2"#,
        r#"jeton_logins_total{outcome="wrong"} 1"#,
        "jeton_passwords_waiting 7",
        r#"jeton_password_hashing_seconds_bucket{le="0.025"} 0"#,
        r#"jeton_password_hashing_seconds_bucket{le="0.05"} 1"#,
        "jeton_revocation_log_length 11",
        "jeton_audit_sequence 12",
        r#"jeton_mails_total{outcome="kept"} 1"#,
        r#"jeton_requests_limited_total{policy="login-address"} 1"#,
    ] {
        assert_has(&text, line);
    }
}

#[test]
fn the_store_is_waited_for_until_it_answers_or_nobody_waits() {
    let metrics = metrics();
    let (one, other) = (metrics.asking(), metrics.asking());
    assert_has(&metrics.render(), "jeton_store_waiting 2");
    one.answered(true);
    drop(other);
    let text = metrics.render();
    assert_has(&text, "jeton_store_waiting 0");
    let series = r#"{outcome="ok"} 1"#;
    assert_has(&text, &format!("jeton_store_answer_seconds_count{series}"));
    let sum = r#"jeton_store_answer_seconds_sum{outcome="ok"} 0.06"#;
    assert_has(&text, sum);
}

#[test]
fn a_key_that_is_gone_counts_no_more() {
    let metrics = metrics();
    metrics.keys_counted(&[
        (KeyState::Active, Algorithm::ES256, 1),
        (KeyState::Retired, Algorithm::RS256, 2),
    ]);
    let text = metrics.render();
    assert_has(&text, r#"jeton_signing_keys{state="active",alg="ES256"} 1"#);
    assert_has(
        &text,
        r#"jeton_signing_keys{state="retired",alg="RS256"} 2"#,
    );
    metrics.keys_counted(&[(KeyState::Active, Algorithm::ES256, 1)]);
    let text = metrics.render();
    assert_has(
        &text,
        r#"jeton_signing_keys{state="retired",alg="RS256"} 0"#,
    );
    assert!(!text.contains("planned"), "{text}");
}

#[test]
fn requests_are_counted_by_route_method_and_class() {
    let metrics = metrics();
    let end = |template: &str, method: &Method, status| {
        let route = metrics.requests.route(template);
        route.began();
        route.ended(Verb::from(method), status, Duration::from_micros(80));
    };
    end("/token", &Method::POST, Some(StatusCode::OK));
    end("/token", &Method::POST, Some(StatusCode::CREATED));
    end("/token", &Method::POST, Some(StatusCode::UNAUTHORIZED));
    end("/token", &Method::from_bytes(b"HUNTER2").unwrap(), None);
    let text = metrics.render();
    let count =
        |rest: &str| format!(r#"jeton_request_duration_seconds_count{{endpoint="/token",{rest}"#);
    assert_has(&text, &count(r#"method="POST",status="2xx"} 2"#));
    assert_has(&text, &count(r#"method="POST",status="4xx"} 1"#));
    assert_has(&text, &count(r#"method="_OTHER",status="none"} 1"#));
    assert_has(&text, "jeton_requests_under_way 0");
    assert_has(&text, "# UNIT jeton_request_duration_seconds seconds");
    assert!(!text.contains("HUNTER2"));
}

#[test]
fn every_state_of_a_key_has_a_name() {
    for state in [
        KeyState::Planned,
        KeyState::Published,
        KeyState::Active,
        KeyState::Retired,
        KeyState::Removed,
    ] {
        assert_eq!(
            labels::KEY_STATES
                .iter()
                .filter(|(its, _)| *its == state)
                .count(),
            1
        );
    }
}
