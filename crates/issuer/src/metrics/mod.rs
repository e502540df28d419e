//! What is counted and measured, as Prometheus reads it (`OpenMetrics` 1.0, text).
//!
//! A label's value is always one of `labels`, the name of an algorithm, or the name of a route or
//! an operation in this program's own source: nothing of a request becomes a series. To add a
//! metric, add a field, register it in `new`, and give it a method that says what happened.

mod labels;
mod process;
mod requests;

use core::fmt;
use std::time::Duration;

use jeton_jose::{Algorithm, UnixTime};
use jeton_store::signing_key::KeyState;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub use labels::{Class, Login, Mail, Origin, Refresh, Verb};
pub(crate) use requests::{Requests, Route};

use crate::limits::Limiter;

type Labels<const N: usize> = [(&'static str, &'static str); N];
type Counters<const N: usize> = Family<Labels<N>, Counter>;
type Gauges<const N: usize> = Family<Labels<N>, Gauge>;
type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// Everything that is counted and measured.
pub struct Metrics {
    registry: Registry,
    stopwatch: Box<dyn Fn() -> Duration + Send + Sync>,
    pub(crate) requests: Requests,
    tokens: Counters<2>,
    refreshes: Counters<1>,
    introspections: Counters<1>,
    logins: Counters<1>,
    passwords_waiting: Gauge,
    password_hashing: Histogram,
    store_waiting: Gauge,
    store_answers: Histograms<1>,
    keys: Gauges<2>,
    revocation_log_length: Gauge,
    revocation_log_sequence: Gauge,
    audit_sequence: Gauge,
    mails: Counters<1>,
    limited: Counters<1>,
}

/// The `Content-Type` of what [`Metrics::render`] writes.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

impl Metrics {
    /// Nothing has happened yet in this version of the program, begun at this time.
    pub fn new(version: &'static str, started_at: UnixTime) -> Self {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(process::Process { started_at }));
        let own = registry.sub_registry_with_prefix("jeton");
        own.register(
            "build",
            "The running version",
            Info::new([("version", version)]),
        );
        Self {
            requests: Requests::register(own),
            tokens: counters(own, "tokens_issued", "Access tokens by grant and algorithm"),
            refreshes: counters_of(
                own,
                "refreshes",
                "Refreshes by outcome",
                "outcome",
                Refresh::ALL.iter().map(|one| one.as_str()),
            ),
            introspections: counters_of(
                own,
                "introspections",
                "Introspections by result",
                "result",
                ACTIVITY.into_iter(),
            ),
            logins: counters_of(
                own,
                "logins",
                "Logins by outcome",
                "outcome",
                Login::ALL.iter().map(|one| one.as_str()),
            ),
            passwords_waiting: gauge(own, "passwords_waiting", "Passwords that wait to be hashed"),
            password_hashing: password_hashing(own),
            store_waiting: gauge(
                own,
                "store_waiting",
                "Operations that the store has not answered",
            ),
            store_answers: store_answers(own),
            keys: keys(own),
            revocation_log_length: gauge(
                own,
                "revocation_log_length",
                "Entries of the revocation log that still count",
            ),
            revocation_log_sequence: gauge(
                own,
                "revocation_log_sequence",
                "Number of the last entry of the revocation log that counts here",
            ),
            audit_sequence: gauge(
                own,
                "audit_sequence",
                "Number of the last entry of the audit log",
            ),
            mails: counters_of(
                own,
                "mails",
                "Mails by outcome",
                "outcome",
                Mail::ALL.iter().map(|one| one.as_str()),
            ),
            limited: counters_of(
                own,
                "requests_limited",
                "Requests refused by a limit, by its name",
                "policy",
                Limiter::policies(),
            ),
            registry,
            stopwatch: Box::new(|| Duration::ZERO),
        }
    }

    /// Measures by a clock that never goes back: the time since some instant. Without one,
    /// everything takes no time.
    #[must_use]
    pub fn timed_by(self, stopwatch: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self {
            stopwatch: Box::new(stopwatch),
            ..self
        }
    }

    /// All of it as text.
    pub fn render(&self) -> String {
        let mut text = String::with_capacity(16 << 10);
        // A string takes everything.
        text::encode(&mut text, &self.registry).ok();
        text
    }

    /// An access token was issued.
    pub fn token_issued(&self, origin: Origin, algorithm: Algorithm) {
        let labels = [("grant", origin.as_str()), ("alg", algorithm.name())];
        self.tokens.get_or_create(&labels).inc();
    }

    /// A refresh token was judged.
    pub fn refreshed(&self, outcome: Refresh) {
        self.refreshes
            .get_or_create(&[("outcome", outcome.as_str())])
            .inc();
    }

    /// Somebody was told whether a token is active.
    pub fn introspected(&self, active: bool) {
        let [yes, no] = ACTIVITY;
        let result = if active { yes } else { no };
        self.introspections
            .get_or_create(&[("result", result)])
            .inc();
    }

    /// Somebody tried to log in.
    pub fn logged_in(&self, outcome: Login) {
        self.logins
            .get_or_create(&[("outcome", outcome.as_str())])
            .inc();
    }

    /// So many passwords wait to be hashed now.
    pub fn passwords_waiting(&self, count: usize) {
        self.passwords_waiting.set(number(count));
    }

    /// A password is hashed: measures it.
    pub fn hashing<T>(&self, hash: impl FnOnce() -> T) -> T {
        let began = (self.stopwatch)();
        let hashed = hash();
        let took = (self.stopwatch)().saturating_sub(began);
        self.password_hashing.observe(took.as_secs_f64());
        hashed
    }

    /// The store is asked something, and not answering yet. Say so with [`Asking::answered`];
    /// dropped before, it only ends the waiting.
    pub fn asking(&self) -> Asking<'_> {
        self.store_waiting.inc();
        Asking {
            metrics: self,
            began: (self.stopwatch)(),
        }
    }

    /// All signing keys there are: how many in a state, for an algorithm. What is not named is 0.
    pub fn keys_counted(&self, counted: &[(KeyState, Algorithm, usize)]) {
        for (state, name) in labels::KEY_STATES {
            for algorithm in Algorithm::ALL {
                let count = counted
                    .iter()
                    .filter(|(its, alg, _)| (its, alg) == (&state, algorithm))
                    .map(|(_, _, count)| *count)
                    .sum();
                let labels = [("state", name), ("alg", algorithm.name())];
                if count > 0 || self.keys.get(&labels).is_some() {
                    self.keys.get_or_create(&labels).set(number(count));
                }
            }
        }
    }

    /// So many entries of the revocation log still count.
    pub fn revocation_log_length(&self, length: u64) {
        self.revocation_log_length
            .set(i64::try_from(length).unwrap_or(i64::MAX));
    }

    /// The number of the revocation log's last entry.
    pub fn revocation_log_sequence(&self, sequence: u64) {
        self.revocation_log_sequence
            .set(i64::try_from(sequence).unwrap_or(i64::MAX));
    }

    /// The number of the audit log's last entry.
    pub fn audit_sequence(&self, sequence: u64) {
        self.audit_sequence
            .set(i64::try_from(sequence).unwrap_or(i64::MAX));
    }

    /// A mail was sent, or was not.
    pub fn mailed(&self, outcome: Mail) {
        self.mails
            .get_or_create(&[("outcome", outcome.as_str())])
            .inc();
    }

    /// A limit refused a request: the policy of this name.
    pub fn limited(&self, policy: &'static str) {
        self.limited.get_or_create(&[("policy", policy)]).inc();
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics(..)")
    }
}

/// A question to the store that waits for its answer.
#[derive(Debug)]
pub struct Asking<'m> {
    metrics: &'m Metrics,
    began: Duration,
}

impl Asking<'_> {
    /// It was answered, or failed to.
    pub fn answered(self, well: bool) {
        let outcome = if well { "ok" } else { "failed" };
        let took = (self.metrics.stopwatch)().saturating_sub(self.began);
        self.metrics
            .store_answers
            .get_or_create(&[("outcome", outcome)])
            .observe(took.as_secs_f64());
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.metrics.store_waiting.dec();
    }
}

const ACTIVITY: [&str; 2] = ["active", "inactive"];

/// In seconds: a hash of a password takes about 30 ms, and waits for those before it.
const HASHING: [f64; 8] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

fn counters<const N: usize>(registry: &mut Registry, name: &str, help: &str) -> Counters<N> {
    let family = Counters::default();
    registry.register(name, help, family.clone());
    family
}

/// Every series is there from the start, so that the first event is seen as an increase.
fn counters_of(
    registry: &mut Registry,
    name: &str,
    help: &str,
    label: &'static str,
    values: impl Iterator<Item = &'static str>,
) -> Counters<1> {
    let family = counters(registry, name, help);
    for value in values {
        drop(family.get_or_create(&[(label, value)]));
    }
    family
}

fn gauge(registry: &mut Registry, name: &str, help: &str) -> Gauge {
    let gauge = Gauge::default();
    registry.register(name, help, gauge.clone());
    gauge
}

fn keys(registry: &mut Registry) -> Gauges<2> {
    let family = Gauges::default();
    registry.register(
        "signing_keys",
        "Signing keys by state and algorithm",
        family.clone(),
    );
    family
}

fn password_hashing(registry: &mut Registry) -> Histogram {
    let histogram = Histogram::new(HASHING);
    registry.register_with_unit(
        "password_hashing",
        "Hashing of passwords",
        Unit::Seconds,
        histogram.clone(),
    );
    histogram
}

fn store_answers(registry: &mut Registry) -> Histograms<1> {
    let family = Histograms::new_with_constructor(requests::durations);
    registry.register_with_unit(
        "store_answer",
        "From asking the store to its answer, by outcome",
        Unit::Seconds,
        family.clone(),
    );
    family
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
