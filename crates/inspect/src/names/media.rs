//! The `typ` values that standards define.

/// What a `typ` says a token is, in words; `None` if it is neither a known type nor of the form
/// that RFC 8725 §3.11 advises (`kind+jwt`). Case and a leading `application/` do not matter
/// (RFC 7515 §4.1.9).
pub fn token_type(typ: &str) -> Option<&'static str> {
    let bare = bare(typ);
    let known = TABLE
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(bare));
    match known {
        Some((_, meaning)) => Some(meaning),
        None => is_explicit(bare).then_some("a token of an explicit type"),
    }
}

/// Whether two `typ` values mean the same type.
pub(crate) fn is_type(typ: &str, wanted: &str) -> bool {
    bare(typ).eq_ignore_ascii_case(wanted)
}

fn bare(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match (typ.get(..PREFIX.len()), typ.get(PREFIX.len()..)) {
        (Some(prefix), Some(rest))
            if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') =>
        {
            rest
        }
        _ => typ,
    }
}

fn is_explicit(typ: &str) -> bool {
    const SUFFIXES: [&str; 5] = ["jwt", "sd-jwt", "jws", "jwe", "jose"];
    let Some((kind, suffix)) = typ.rsplit_once('+') else {
        return false;
    };
    SUFFIXES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(suffix))
        && !kind.is_empty()
        && kind
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+'))
}

const TABLE: &[(&str, &str)] = &[
    ("JWT", "a JSON Web Token"),
    ("JOSE", "a signed or encrypted message in compact form"),
    ("JOSE+JSON", "a signed or encrypted message in JSON form"),
    ("at+jwt", "an OAuth access token"),
    ("dpop+jwt", "a DPoP proof of possession"),
    ("logout+jwt", "a back-channel logout token"),
    ("secevent+jwt", "a security event token"),
    ("oauth-authz-req+jwt", "an OAuth authorization request"),
    ("token-introspection+jwt", "an answer about another token"),
    ("client-authentication+jwt", "a client's proof of who it is"),
    ("oauth-client-attestation+jwt", "an attestation of a client"),
    (
        "oauth-client-attestation-pop+jwt",
        "a proof that goes with a client's attestation",
    ),
    ("txntoken+jwt", "a transaction token"),
    ("sd+jwt", "a token whose holder chooses what to show"),
    (
        "kb+jwt",
        "a proof that the holder of a credential presents it",
    ),
    (
        "dc+sd-jwt",
        "a digital credential whose holder chooses what to show",
    ),
    (
        "vc+sd-jwt",
        "a digital credential whose holder chooses what to show",
    ),
    ("vc+jwt", "a verifiable credential"),
    ("vp+jwt", "a verifiable presentation"),
    ("vc-ld+jwt", "a verifiable credential"),
    ("vp-ld+jwt", "a verifiable presentation"),
    ("statuslist+jwt", "a list of the states of many tokens"),
    ("openid4vci-proof+jwt", "a wallet's proof of possession"),
    ("key-attestation+jwt", "an attestation of a wallet's keys"),
    (
        "entity-statement+jwt",
        "a federation's statement about an entity",
    ),
    (
        "explicit-registration-response+jwt",
        "a federation's answer to a registration",
    ),
    ("resolve-response+jwt", "a federation's resolved metadata"),
    ("trust-mark+jwt", "a federation's trust mark"),
    (
        "trust-mark-delegation+jwt",
        "a delegation to give trust marks",
    ),
    (
        "trust-mark-status-response+jwt",
        "a federation's answer about a trust mark",
    ),
    ("jwk-set+json", "a key set"),
    ("jwk-set+jwt", "a signed key set"),
    ("jwk+json", "a key"),
    ("passport", "a telephone call's passport"),
    ("svt+jwt", "a signature validation token"),
    ("eat+jwt", "an attestation of a device"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_types_are_not_odd() {
        for typ in [
            "JWT",
            "jwt",
            "application/jwt",
            "at+jwt",
            "application/at+jwt",
            "AT+JWT",
            "dpop+jwt",
            "logout+jwt",
            "secevent+jwt",
            "JOSE",
            "JOSE+JSON",
            "jwk-set+json",
            "statuslist+jwt",
            "kb+jwt",
            "sd+jwt",
            "vc+jwt",
            "acme.order+jwt",
        ] {
            assert!(token_type(typ).is_some(), "{typ}");
        }
    }

    #[test]
    fn other_types_are() {
        for typ in [
            "",
            "JWS",
            "token",
            "access_token",
            "Bearer",
            "+jwt",
            "a b+jwt",
            "application/x/jwt",
            "J\u{200b}WT",
        ] {
            assert_eq!(token_type(typ), None, "{typ}");
        }
    }
}
