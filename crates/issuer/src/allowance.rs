//! What a request may still ask for. Whatever was held against a limit on its way, its answer
//! tells; nobody in between hands it on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;

use crate::caller::Caller;
use crate::issuer::Issuer;
use crate::limits::{Decision, Use, write_fields};

/// What was decided on a request so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowance(Arc<Mutex<Decided>>);

#[derive(Debug, Default)]
struct Decided {
    decisions: Vec<Decision>,
    /// After wrong passwords.
    wait: Option<Duration>,
}

/// Too often: not before this long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany(pub(crate) Duration);

/// Has answers say what was decided: `RateLimit-Policy`, `RateLimit` and `Retry-After`.
pub(crate) async fn told(mut request: Request, next: Next) -> Response {
    let allowance = Allowance::default();
    request.extensions_mut().insert(allowance.clone());
    let mut response = next.run(request).await;
    allowance.tell(response.headers_mut());
    response
}

impl Caller {
    /// Counts a request as each of these, in this order, up to the one that is one too many.
    pub(crate) fn spend(&self, issuer: &Issuer, uses: &[Use<'_>]) -> Result<(), TooMany> {
        let now = issuer.now();
        for usage in uses {
            let decision = issuer.limiter.check(*usage, now);
            self.allowance.add(decision);
            if let Some(wait) = decision.retry_after {
                issuer.metrics.limited(decision.policy);
                return Err(TooMany(wait));
            }
        }
        Ok(())
    }

    /// Whether it may present a secret, after those that were wrong.
    pub(crate) fn may_present(&self, issuer: &Issuer) -> Result<(), TooMany> {
        let failure = Use::FailureByAddress(self.network());
        let decision = issuer.limiter.look(failure, issuer.now());
        let Some(wait) = decision.retry_after else {
            return Ok(());
        };
        self.allowance.add(decision);
        issuer.metrics.limited(decision.policy);
        Err(TooMany(wait))
    }

    /// It presented a secret that nobody was given.
    pub(crate) fn presented_wrong(&self, issuer: &Issuer) {
        let failure = Use::FailureByAddress(self.network());
        let decision = issuer.limiter.check(failure, issuer.now());
        // This one is answered by what was wrong with it.
        self.allowance.add(Decision {
            retry_after: None,
            ..decision
        });
    }

    /// It has to wait for this long, for another reason than a limit.
    pub(crate) fn has_to_wait(&self, wait: Duration) -> TooMany {
        self.allowance.lock(|decided| decided.wait = Some(wait));
        TooMany(wait)
    }
}

impl Allowance {
    fn add(&self, decision: Decision) {
        self.lock(|decided| decided.decisions.push(decision));
    }

    fn tell(&self, headers: &mut HeaderMap) {
        self.lock(|decided| write_fields(&decided.decisions, decided.wait, headers));
    }

    fn lock(&self, change: impl FnOnce(&mut Decided)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
