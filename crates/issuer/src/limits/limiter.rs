use core::fmt::{self, Write as _};
use std::net::IpAddr;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use jeton_jose::UnixTime;

use super::policy::{Kind, Limits};
use super::table::{Key, Table};
use super::{ENTRIES, Seed, key, nanoseconds, nanoseconds_of, network};

/// Counts requests by the generic cell rate algorithm: of each key is known when its bucket will be
/// full again, and nothing else.
pub struct Limiter {
    seed: Seed,
    rows: Vec<Row>,
}

struct Row {
    kind: Kind,
    requests: u32,
    /// Nanoseconds that one request costs, and that all cost together.
    interval: u64,
    window: u64,
    table: Table,
}

/// What a request counts as.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Use<'a> {
    /// A sign-in, by the account as [`super::Slowdown`] names it. Other addresses do not use it up.
    LoginByAccount { account: &'a str, address: IpAddr },
    /// A sign-in.
    LoginByAddress(IpAddr),
    /// A request for a token of an authenticated client.
    TokenByClient(&'a str),
    /// A request for a token.
    TokenByAddress(IpAddr),
    /// A request whose client secret, code or refresh token was wrong.
    FailureByAddress(IpAddr),
    /// A refresh.
    RefreshByFamily(&'a str),
    /// A mail that somebody asked for.
    ResetByAccount(&'a str),
    /// A request for a mail.
    ResetByAddress(IpAddr),
    /// A registration.
    RegistrationByAddress(IpAddr),
}

/// What became of a request, and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The name of the policy.
    pub policy: &'static str,
    /// How many requests it admits.
    pub limit: u32,
    /// In how long.
    pub window: Duration,
    /// How many are left now.
    pub remaining: u32,
    /// When all are there again.
    pub reset_after: Duration,
    /// When to come again, if this one was one too many.
    pub retry_after: Option<Duration>,
}

/// How far a clock may step back that is only corrected.
const MOMENT: u64 = 1_000_000_000;

/// Which policies a request counted for.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of them.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

impl Limiter {
    /// With a secret seed from the caller's randomness.
    pub fn new(limits: &Limits, seed: [u8; 32]) -> Self {
        let row = |kind: &Kind| {
            let policy = kind.policy(limits);
            let requests = policy.requests.get();
            let window = nanoseconds_of(policy.per.value());
            let interval = (window / u64::from(requests)).max(1);
            Row {
                kind: *kind,
                requests,
                interval,
                window: interval.saturating_mul(u64::from(requests)),
                table: Table::new(ENTRIES),
            }
        };
        let rows = Kind::ALL.iter().map(row).collect();
        Self { seed, rows }
    }

    /// Counts a request, unless it is one too many.
    pub fn check(&self, usage: Use<'_>, now: UnixTime) -> Decision {
        self.decide(usage, now, true)
    }

    /// What [`Limiter::check`] would answer, counting nothing.
    pub fn look(&self, usage: Use<'_>, now: UnixTime) -> Decision {
        self.decide(usage, now, false)
    }

    fn decide(&self, usage: Use<'_>, now: UnixTime, counts: bool) -> Decision {
        let (kind, key) = self.place(usage);
        let row = self.rows.iter().find(|row| row.kind == kind);
        let now = nanoseconds(now);
        row.and_then(|row| row.decide(key, now, counts))
            .unwrap_or_else(|| Decision::refused(kind))
    }

    /// The names of all policies.
    pub(crate) fn policies() -> impl Iterator<Item = &'static str> {
        Kind::ALL.iter().map(|kind| kind.name())
    }

    fn place(&self, usage: Use<'_>) -> (Kind, Key) {
        let by_name = |name: &str| key(&self.seed, &[name.as_bytes()]);
        let by_address = |address| key(&self.seed, &[&network(address)]);
        match usage {
            Use::LoginByAccount { account, address } => {
                let parts: [&[u8]; 2] = [account.as_bytes(), &network(address)];
                (Kind::LoginByAccount, key(&self.seed, &parts))
            }
            Use::LoginByAddress(address) => (Kind::LoginByAddress, by_address(address)),
            Use::TokenByClient(client) => (Kind::TokenByClient, by_name(client)),
            Use::TokenByAddress(address) => (Kind::TokenByAddress, by_address(address)),
            Use::FailureByAddress(address) => (Kind::FailureByAddress, by_address(address)),
            Use::RefreshByFamily(family) => (Kind::RefreshByFamily, by_name(family)),
            Use::ResetByAccount(account) => (Kind::ResetByAccount, by_name(account)),
            Use::ResetByAddress(address) => (Kind::ResetByAddress, by_address(address)),
            Use::RegistrationByAddress(address) => {
                (Kind::RegistrationByAddress, by_address(address))
            }
        }
    }
}

impl Row {
    fn decide(&self, key: Key, now: u64, counts: bool) -> Option<Decision> {
        self.table.with(key, |entry| {
            // No entry is further ahead than a window, unless the clock went back: by a moment, which
            // fills no bucket, or because it was set, and then nobody knows.
            let latest = now.saturating_add(self.window);
            let full_at = if entry.expires > latest.saturating_add(MOMENT) {
                now
            } else {
                entry.expires.clamp(now, latest)
            };
            let next = full_at.saturating_add(self.interval);
            let excess = next.saturating_sub(now).saturating_sub(self.window);
            let is_allowed = excess == 0;
            let full_at = if is_allowed && counts { next } else { full_at };
            if full_at > now {
                entry.expires = full_at;
            }
            let left = self.window.saturating_sub(full_at - now) / self.interval;
            Decision {
                policy: self.kind.name(),
                limit: self.requests,
                window: Duration::from_nanos(self.window),
                remaining: u32::try_from(left).unwrap_or(u32::MAX),
                reset_after: Duration::from_nanos(full_at - now),
                retry_after: (!is_allowed).then_some(Duration::from_nanos(excess)),
            }
        })
    }
}

impl Decision {
    /// Whether the request may go on.
    pub fn is_allowed(&self) -> bool {
        self.retry_after.is_none()
    }

    fn refused(kind: Kind) -> Self {
        let second = Duration::from_secs(1);
        Self {
            policy: kind.name(),
            limit: 1,
            window: second,
            remaining: 0,
            reset_after: second,
            retry_after: Some(second),
        }
    }
}

/// Sets `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10 §3 and §4), and
/// `Retry-After` if one of the decisions refuses, or one has to wait for another reason.
pub fn write_fields(decisions: &[Decision], wait: Option<Duration>, headers: &mut HeaderMap) {
    let (mut policies, mut states) = (String::with_capacity(96), String::with_capacity(96));
    for decision in decisions {
        let comma = if policies.is_empty() { "" } else { ", " };
        let (policy, window) = (decision.policy, seconds(decision.window));
        // A string takes everything.
        let _ = write!(
            policies,
            "{comma}\"{policy}\";q={};w={window}",
            decision.limit
        );
        let (left, reset) = (decision.remaining, seconds(decision.reset_after));
        let _ = write!(states, "{comma}\"{policy}\";r={left};t={reset}");
    }
    for (name, text) in [(RATE_LIMIT_POLICY, policies), (RATE_LIMIT, states)] {
        if let Ok(value) = HeaderValue::try_from(text)
            && !value.is_empty()
        {
            headers.insert(name, value);
        }
    }
    let waits = decisions.iter().filter_map(|one| one.retry_after);
    if let Some(wait) = waits.chain(wait).max() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds(wait)));
    }
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limiter(..)")
    }
}

#[cfg(test)]
mod tests;
