use super::*;

const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);

fn limiter(toml: &str) -> Limiter {
    Limiter::new(&toml::from_str(toml).unwrap(), [7; 32])
}

fn address(last: u8) -> IpAddr {
    [192, 0, 2, last].into()
}

fn later(milliseconds: u64) -> UnixTime {
    NOW.saturating_add(Duration::from_millis(milliseconds))
}

#[test]
fn all_may_come_at_once_and_then_one_by_one() {
    let limiter = limiter("login_by_address = { requests = 3, per = '30s' }");
    let usage = Use::LoginByAddress(address(1));
    for remaining in [2, 1, 0] {
        let decision = limiter.check(usage, NOW);
        assert!(decision.is_allowed());
        assert_eq!((decision.limit, decision.remaining), (3, remaining));
    }
    let refused = limiter.check(usage, later(4000));
    assert_eq!(refused.retry_after, Some(Duration::from_secs(6)));
    assert_eq!(refused.remaining, 0);
    assert_eq!(refused.reset_after, Duration::from_secs(26));
    assert!(!limiter.check(usage, later(9999)).is_allowed());
    assert!(limiter.check(usage, later(10_000)).is_allowed());
    assert!(!limiter.check(usage, later(10_000)).is_allowed());
    assert!(
        limiter
            .check(Use::LoginByAddress(address(2)), NOW)
            .is_allowed()
    );
    assert_eq!(limiter.check(usage, later(90_000)).remaining, 2);
}

#[test]
fn looking_counts_nothing() {
    let limiter = limiter("failure_by_address = { requests = 1, per = '10s' }");
    let usage = Use::FailureByAddress(address(1));
    assert!(limiter.look(usage, NOW).is_allowed());
    assert!(limiter.check(usage, NOW).is_allowed());
    assert!(!limiter.look(usage, NOW).is_allowed());
    assert!(limiter.look(usage, later(10_000)).is_allowed());
}

#[test]
fn kinds_and_names_count_apart() {
    let limiter = limiter(
        "token_by_client = { requests = 1, per = '1h' }\n\
         refresh_by_family = { requests = 1, per = '1h' }\n\
         login_by_account = { requests = 1, per = '1h' }",
    );
    let by = |account, last| Use::LoginByAccount {
        account,
        address: address(last),
    };
    for usage in [
        Use::TokenByClient("a"),
        Use::TokenByClient("b"),
        Use::RefreshByFamily("a"),
        by("a", 1),
        by("a", 2),
        by("b", 1),
    ] {
        assert!(limiter.check(usage, NOW).is_allowed(), "{usage:?}");
        assert!(!limiter.check(usage, NOW).is_allowed(), "{usage:?}");
    }
}

#[test]
fn a_service_fetches_thousands_of_tokens_a_second() {
    let limiter = limiter("");
    let allowed = |microseconds: u64| {
        let now = NOW.saturating_add(Duration::from_micros(microseconds));
        limiter
            .check(Use::TokenByClient("service"), now)
            .is_allowed()
            && limiter
                .check(Use::TokenByAddress(address(1)), now)
                .is_allowed()
    };
    // Ten seconds of twenty thousand a second, then a burst.
    assert!((0..200_000).all(|n| allowed(n * 50)));
    assert!((0..300_000).all(|_| allowed(10_000_000)));
    assert!(!allowed(10_000_000));
}

#[test]
fn a_clock_that_jumps_locks_nobody_out() {
    let limiter = limiter("login_by_address = { requests = 2, per = '20s' }");
    let usage = Use::LoginByAddress(address(1));
    let ahead = later(86_400_000);
    for _ in 0..3 {
        limiter.check(usage, ahead);
    }
    // A correction is nobody's gain, and a clock that is set nobody's loss.
    let refused = limiter.check(usage, later(86_399_000));
    assert_eq!(refused.retry_after, Some(Duration::from_secs(10)));
    assert_eq!(refused.reset_after, Duration::from_secs(20));
    let allowed = limiter.check(usage, later(86_397_000));
    assert_eq!((allowed.is_allowed(), allowed.remaining), (true, 1));
    assert!(limiter.check(usage, NOW).is_allowed());
    let fresh = Use::LoginByAddress(address(2));
    assert!(
        limiter
            .check(fresh, UnixTime::from_seconds(-1))
            .is_allowed()
    );
}

#[test]
fn fields_are_structured() {
    let limiter = limiter(
        "login_by_address = { requests = 2, per = '1m' }\n\
         login_by_account = { requests = 1, per = '10s' }",
    );
    let uses = [
        Use::LoginByAccount {
            account: "a",
            address: address(1),
        },
        Use::LoginByAddress(address(1)),
    ];
    let mut headers = HeaderMap::new();
    write_fields(
        &uses.map(|usage| limiter.check(usage, NOW)),
        None,
        &mut headers,
    );
    assert_eq!(
        headers["ratelimit-policy"],
        r#""login-account";q=1;w=10, "login-address";q=2;w=60"#
    );
    assert_eq!(
        headers["ratelimit"],
        r#""login-account";r=0;t=10, "login-address";r=1;t=30"#
    );
    assert!(!headers.contains_key("retry-after"));
    let decisions = uses.map(|usage| limiter.check(usage, later(500)));
    write_fields(&decisions, None, &mut headers);
    assert_eq!(headers["retry-after"], "10");
    let mut none = HeaderMap::new();
    write_fields(&[], None, &mut none);
    assert!(none.is_empty());
    write_fields(&[], Some(Duration::from_millis(1500)), &mut none);
    assert_eq!(none["retry-after"], "2");
}

#[test]
fn a_flood_of_names_does_not_free_who_asked_too_much() {
    let limiter = limiter("registration_by_address = { requests = 10, per = '1h' }");
    let usage = Use::RegistrationByAddress(address(1));
    while limiter.check(usage, NOW).is_allowed() {}
    for n in 0..200_000_u32 {
        let other = Use::RegistrationByAddress(IpAddr::from((n + (10 << 24)).to_be_bytes()));
        limiter.check(other, later(1));
    }
    assert!(!limiter.check(usage, later(2)).is_allowed());
}

#[test]
fn a_policy_of_nothing_is_refused() {
    for toml in [
        "login_by_address = { requests = 0, per = '1m' }",
        "login_by_address = { requests = 1, per = '0s' }",
        "login_by_name = { requests = 1, per = '1s' }",
    ] {
        assert!(toml::from_str::<Limits>(toml).is_err(), "{toml}");
    }
}
