use jeton_jose::{AlgorithmSet, Limits, Policy, jwt};

use crate::issuer::{Issuer, LEEWAY};

/// Whom an `id_token_hint` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hinted {
    pub(crate) account: String,
    pub(crate) client: String,
    pub(crate) session: Option<String>,
}

impl Issuer {
    /// Reads an id token that this service issued once. It may have expired (OpenID Connect Core
    /// §3.1.2.1, RP-Initiated Logout §4), so it is judged at the time it was issued.
    pub(crate) fn hinted(&self, hint: &str) -> Option<Hinted> {
        let unverified = jwt::Unverified::parse(hint, &Limits::default()).ok()?;
        let issued_at = unverified.unverified_claims().ok()?.issued_at()?;
        if issued_at > self.now().saturating_add(LEEWAY) {
            return None;
        }
        let policy = Policy::new(AlgorithmSet::asymmetric())
            .issuer(&self.url)
            .typ("JWT")
            .require("sub");
        let keys = self.keys();
        let verified = jwt::verify(hint, keys.verifying(), &policy, issued_at).ok()?;
        let claims = verified.claims();
        Some(Hinted {
            account: claims.subject()?.to_owned(),
            client: claims.audiences().next()?.to_owned(),
            session: claims
                .get("sid")
                .and_then(jeton_jose::json::Value::as_str)
                .map(str::to_owned),
        })
    }
}
