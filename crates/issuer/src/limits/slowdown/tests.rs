use super::*;

const START: u64 = 1_800_000_000;

fn at(seconds: u64) -> UnixTime {
    UnixTime::from_seconds(i64::try_from(START + seconds).unwrap())
}

fn address(n: u32) -> IpAddr {
    IpAddr::from((n + (10 << 24)).to_be_bytes())
}

fn slowdown() -> Slowdown {
    Slowdown::new([3; 32])
}

fn go(admission: Admission) -> Attempt {
    match admission {
        Admission::Go(attempt) => attempt,
        Admission::Wait(wait) => panic!("has to wait {wait:?}"),
    }
}

fn wait(admission: &Admission) -> u64 {
    match admission {
        Admission::Go(_) => panic!("may go"),
        Admission::Wait(wait) => wait.as_secs() + u64::from(wait.subsec_nanos() > 0),
    }
}

#[test]
fn waits_grow_to_the_cap() {
    let slowdown = slowdown();
    let mut now = 0;
    let mut waits = Vec::new();
    for n in 0..20 {
        // Always from elsewhere, so that the address does not count.
        let attempt = go(slowdown.before("anna", None, address(n), at(now)));
        let seconds = slowdown.failed(attempt, at(now)).as_secs();
        waits.push(seconds);
        now += seconds;
    }
    let growing = [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
    assert_eq!(waits[..14], growing);
    assert!(waits[14..].iter().all(|wait| *wait == 900), "{waits:?}");
}

#[test]
fn failures_are_forgotten_in_time() {
    let slowdown = slowdown();
    for n in 0..6 {
        let now = at(u64::from(n));
        let _ = go(slowdown.before("anna", None, address(n), now));
    }
    // The sixth failure waits two seconds; then one is forgotten every five minutes.
    assert_eq!(wait(&slowdown.before("anna", None, address(9), at(5))), 2);
    let attempt = go(slowdown.before("anna", None, address(9), at(7 + 600)));
    assert_eq!(slowdown.failed(attempt, at(607)).as_secs(), 1);
    let attempt = go(slowdown.before("anna", None, address(10), at(608 + 3600)));
    assert_eq!(slowdown.failed(attempt, at(4208)).as_secs(), 0);
}

#[test]
fn an_address_that_tries_many_accounts_is_slowed_down() {
    let slowdown = slowdown();
    for n in 0..20 {
        let _ = go(slowdown.before(&format!("a{n}"), None, address(1), at(0)));
    }
    assert_eq!(wait(&slowdown.before("b", None, address(1), at(0))), 1);
    let _ = go(slowdown.before("b", None, address(2), at(0)));
    let _ = go(slowdown.before("b", None, address(1), at(1)));
    assert_eq!(wait(&slowdown.before("c", None, address(1), at(1))), 2);
}

#[test]
fn many_at_once_gain_nothing() {
    let slowdown = slowdown();
    let attempts = (0..1000)
        .map(|n| slowdown.before("anna", None, address(n), at(0)))
        .filter(|admission| matches!(admission, Admission::Go(_)))
        .count();
    assert_eq!(attempts, 5);
}

#[test]
fn who_succeeds_is_not_counted() {
    let slowdown = slowdown();
    for _ in 0..100 {
        let attempt = go(slowdown.before("anna", None, address(1), at(0)));
        slowdown.succeeded(attempt, at(0));
        let attempt = go(slowdown.before("anna", None, address(1), at(0)));
        slowdown.withdrawn(attempt, at(0));
    }
    assert_eq!(
        slowdown
            .accounts
            .wait(key(&[3; 32], &[b"account", b"anna"]), 0),
        0
    );
}

#[test]
fn success_of_one_does_not_end_the_wait_of_others() {
    let slowdown = slowdown();
    let first = go(slowdown.before("anna", None, address(100), at(0)));
    let mut now = 0;
    for n in 0..10 {
        let attempt = go(slowdown.before("anna", None, address(n), at(now)));
        now += slowdown.failed(attempt, at(now)).as_secs();
    }
    let attempt = go(slowdown.before("anna", None, address(50), at(now)));
    let caused = slowdown.failed(attempt, at(now)).as_secs();
    slowdown.succeeded(first, at(now));
    assert_eq!(
        wait(&slowdown.before("anna", None, address(60), at(now))),
        caused / 2
    );
}

#[test]
fn a_known_device_counts_for_itself() {
    let slowdown = slowdown();
    let (hers, other) = (DeviceId::new([1; 16]), DeviceId::new([2; 16]));
    for _ in 0..10 {
        let _ = go(slowdown.before("anna", Some(&hers), address(1), at(0)));
    }
    assert_eq!(
        wait(&slowdown.before("anna", Some(&hers), address(1), at(0))),
        1
    );
    let _ = go(slowdown.before("anna", Some(&other), address(1), at(0)));
    let _ = go(slowdown.before("anna", None, address(1), at(0)));
    let attempt = go(slowdown.before("anna", Some(&hers), address(1), at(1)));
    slowdown.succeeded(attempt, at(1));
    for _ in 0..10 {
        let _ = go(slowdown.before("anna", Some(&hers), address(1), at(1)));
    }
}

#[test]
fn a_clock_that_goes_back_keeps_nobody_out() {
    let slowdown = slowdown();
    let ahead = at(10 * 365 * 86_400);
    for n in 0..5 {
        let _ = go(slowdown.before("anna", None, address(n), ahead));
    }
    assert_eq!(wait(&slowdown.before("anna", None, address(8), at(0))), 1);
    // From elsewhere, so without an appointment.
    let _ = go(slowdown.before("anna", None, address(9), at(1)));
}

/// Ten thousand wrong passwords and more, from a thousand addresses that each come again as soon as
/// they may, and another device of somebody's own.
struct Attack {
    slowdown: Slowdown,
    due: Vec<u64>,
    failures: u32,
}

impl Attack {
    fn new() -> Self {
        Self {
            slowdown: slowdown(),
            due: vec![0; 1000],
            failures: 0,
        }
    }

    /// All that the attacker does in a second.
    fn second(&mut self, now: u64) {
        for (n, due) in (0..).zip(&mut self.due) {
            if *due > now {
                continue;
            }
            *due = now
                + match self.slowdown.before("anna", None, address(n), at(now)) {
                    Admission::Go(attempt) => {
                        self.failures += 1;
                        self.slowdown.failed(attempt, at(now)).as_secs().max(1)
                    }
                    Admission::Wait(wait) => wait.as_secs() + 1,
                };
        }
    }
}

#[test]
fn an_attacker_never_keeps_a_known_device_out() {
    let mut attack = Attack::new();
    let hers = DeviceId::new([1; 16]);
    let mut now = 0;
    while attack.failures < 10_000 {
        attack.second(now);
        if now % 60 == 0 {
            let address = address(u32::try_from(now / 60 % 1000).unwrap());
            let attempt = go(attack
                .slowdown
                .before("anna", Some(&hers), address, at(now)));
            attack.slowdown.succeeded(attempt, at(now));
        }
        now += 1;
    }
    // A thousand addresses are good for a guess each in a quarter of an hour, no more.
    let most = u32::try_from(1000 * (now / 900 + 1) + 20).unwrap();
    assert!(attack.failures <= most, "{} in {now} s", attack.failures);
}

#[test]
fn an_attacker_keeps_a_new_device_waiting_for_the_cap_at_most() {
    let mut attack = Attack::new();
    let elsewhere: IpAddr = "2001:db8::1".parse().unwrap();
    let (mut now, mut comes_at, mut was_told, mut visits) = (0, 0, false, 0);
    while attack.failures < 10_000 {
        attack.second(now);
        // She comes when she was told to, which is once.
        if now == comes_at {
            match attack.slowdown.before("anna", None, elsewhere, at(now)) {
                Admission::Go(attempt) => {
                    attack.slowdown.succeeded(attempt, at(now));
                    visits += 1;
                    (comes_at, was_told) = (now + 60, false);
                }
                admission @ Admission::Wait(_) => {
                    assert!(!was_told, "told to wait twice");
                    let seconds = wait(&admission);
                    assert!(seconds <= Slowdown::CAP.as_secs(), "{seconds}");
                    (comes_at, was_told) = (now + seconds, true);
                }
            }
        }
        now += 1;
    }
    assert!(visits >= now / 961, "{visits} in {now} s");
}
